import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import test from 'ava';
import { type CgroupFolders, findCgroups, locateCgroups } from '../../../agent/health/cgroup.ts';

const V2_MOUNT = '30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate';
const V1_MOUNTS = [
  '31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755',
  '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct',
  '34 31 0:31 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset',
];
const HYBRID_MOUNTS = [...V1_MOUNTS, '41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw'];

type Case = [title: string, membership: string[], mounts: string[], expected: Omit<CgroupFolders, 'memory'>];

const CASES: Case[] = [
  [
    'v2: those above the own cgroup are asked too',
    ['0::/system.slice/pilot.service'],
    [V2_MOUNT],
    {
      cpu: ['/sys/fs/cgroup/system.slice/pilot.service', '/sys/fs/cgroup/system.slice', '/sys/fs/cgroup'],
      unified: '/sys/fs/cgroup/system.slice/pilot.service',
    },
  ],
  [
    'a container with a cgroup namespace is its own root',
    ['0::/'],
    [V2_MOUNT],
    { cpu: ['/sys/fs/cgroup'], unified: '/sys/fs/cgroup' },
  ],
  [
    'v1 in a container without a namespace: the mount has the root of the container',
    ['4:cpuset:/docker/c0ffee', '3:cpu,cpuacct:/docker/c0ffee/step'],
    ['50 40 0:29 /docker/c0ffee /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct'],
    { cpu: ['/sys/fs/cgroup/cpu,cpuacct/step', '/sys/fs/cgroup/cpu,cpuacct'], unified: null },
  ],
  [
    'a path that is not below the mount: its root stands for it',
    ['3:cpu,cpuacct:/elsewhere/c0ffee'],
    ['50 40 0:29 /docker/c0ffee /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu'],
    { cpu: ['/sys/fs/cgroup/cpu'], unified: null },
  ],
  [
    'a root whose name begins alike is another one',
    ['3:cpu:/docker/c0ffee2'],
    ['50 40 0:29 /docker/c0ffee /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu'],
    { cpu: ['/sys/fs/cgroup/cpu'], unified: null },
  ],
  [
    'a process that was moved out of its namespace sees its root',
    ['0::/../other'],
    [V2_MOUNT],
    { cpu: ['/sys/fs/cgroup'], unified: '/sys/fs/cgroup' },
  ],
  [
    'hybrid: the cpu controller is v1’s, pressure is v2’s',
    ['2:cpu,cpuacct:/batch/job', '0::/'],
    HYBRID_MOUNTS,
    {
      cpu: [
        '/sys/fs/cgroup/cpu,cpuacct/batch/job',
        '/sys/fs/cgroup/cpu,cpuacct/batch',
        '/sys/fs/cgroup/cpu,cpuacct',
        '/sys/fs/cgroup/unified',
      ],
      unified: '/sys/fs/cgroup/unified',
    },
  ],
  [
    'blanks in a path are written in octal',
    ['0::/a'],
    [String.raw`30 23 0:26 / /mnt/my\040groups rw - cgroup2 cgroup2 rw`],
    { cpu: ['/mnt/my groups/a', '/mnt/my groups'], unified: '/mnt/my groups/a' },
  ],
  [
    'a colon in the name of a cgroup is part of it',
    ['0::/a:b'],
    [V2_MOUNT],
    {
      cpu: ['/sys/fs/cgroup/a:b', '/sys/fs/cgroup'],
      unified: '/sys/fs/cgroup/a:b',
    },
  ],
  ['not mounted', ['0::/a', '2:cpu:/b'], ['22 1 0:20 / / rw - ext4 /dev/vda rw'], { cpu: [], unified: null }],
  ['unreadable', [''], [''], { cpu: [], unified: null }],
];

for (const [title, membership, mounts, expected] of CASES) {
  test(title, (t) => {
    const { cpu, unified } = locateCgroups(membership.join('\n'), mounts.join('\n'));
    t.deepEqual({ cpu, unified }, expected);
  });
}

test('each controller is where it is mounted', (t) => {
  const mounts = [...HYBRID_MOUNTS, '35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory'];
  const { cpu, memory } = locateCgroups('2:cpu,cpuacct:/a\n4:memory:/b\n0::/c', mounts.join('\n'));
  const unified = ['/sys/fs/cgroup/unified/c', '/sys/fs/cgroup/unified'];
  t.deepEqual(cpu, ['/sys/fs/cgroup/cpu,cpuacct/a', '/sys/fs/cgroup/cpu,cpuacct', ...unified]);
  t.deepEqual(memory, ['/sys/fs/cgroup/memory/b', '/sys/fs/cgroup/memory', ...unified]);
});

const name = fc.stringMatching(/^[a-z0-9_.:-]{1,8}$/).filter((each) => each !== '..' && each !== '.');

test('every cgroup from the own one up to the mount is asked, each once, each below the next', (t) => {
  fc.assert(
    fc.property(fc.array(name, { maxLength: 6 }), (names) => {
      const { cpu, unified } = locateCgroups(`0::/${names.join('/')}\n`, V2_MOUNT);
      t.is(cpu.length, names.length + 1);
      t.is(cpu[0], join('/sys/fs/cgroup', ...names));
      t.is(cpu[0], unified ?? undefined);
      t.is(cpu.at(-1), '/sys/fs/cgroup');
      for (const [index, folder] of cpu.entries()) {
        if (index > 0) t.true(cpu[index - 1]?.startsWith(`${folder}/`));
      }
    }),
  );
});

test('the folders of this process are there', (t) => {
  const { cpu, unified } = findCgroups();
  for (const folder of [...cpu, ...(unified === null ? [] : [unified])]) t.true(existsSync(folder), folder);
  t.pass();
});
