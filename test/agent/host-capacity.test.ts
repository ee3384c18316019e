import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import test from 'ava';
import { readHostCapacity } from '../../agent/host-capacity.ts';
import { HostCapacitySchema } from '../../foundation/host-capacity.ts';
import { glidetester } from '../support/cli.ts';

const run = promisify(execFile);

async function readNumber(file: string): Promise<number> {
  return Number(await readFile(file, 'utf8'));
}

test('what is said is what the kernel says', async (t) => {
  const facts = HostCapacitySchema.parse(readHostCapacity());
  t.is(facts.hostname, hostname());
  t.is(facts.node, process.versions.node);
  t.is(facts.acceptQueue, await readNumber('/proc/sys/net/core/somaxconn'));
  t.is(facts.timeWait.reuse, await readNumber('/proc/sys/net/ipv4/tcp_tw_reuse'));
  t.is(facts.descriptors.highestHard, await readNumber('/proc/sys/fs/nr_open'));
  const [lowest, highest] = (await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8')).split('\t').map(Number);
  t.like(facts.ports, { lowest, highest });
  const { availableBytes, totalBytes } = facts.memory;
  t.true((availableBytes ?? NaN) > 0 && (availableBytes ?? NaN) < (totalBytes ?? NaN));
});

test('agent --facts prints one line, with the limits of that very process', async (t) => {
  const [program, parameters] = glidetester('agent', '--facts');
  const shell = ['-c', 'ulimit -n 123; exec "$0" "$@"', program, ...parameters];
  const { stdout } = await run('sh', shell);
  t.regex(stdout, /^\{.*\}\n$/);
  t.like(HostCapacitySchema.parse(JSON.parse(stdout)).descriptors, { soft: 123, hard: 123 });
});

test('a soft limit is raised to the hard one by Node itself', async (t) => {
  const [program, parameters] = glidetester('agent', '--facts');
  const { stdout } = await run('sh', ['-c', 'ulimit -Sn 111; ulimit -Hn 321; exec "$0" "$@"', program, ...parameters]);
  t.like(HostCapacitySchema.parse(JSON.parse(stdout)).descriptors, { soft: 321, hard: 321 });
});
