import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import type { Finding } from '../../coordinator/doctor/finding.ts';
import { HostCapacitySchema } from '../../foundation/host-capacity.ts';
import { CONFIG_FILE, type CliEnd, finishRun, runCli, startRun } from '../support/cli.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const CLIENTS = 200;

/** One pilot for all clients, started by this command. */
function configWith(launchWith: string[]): ConfigInput {
  return {
    name: 'narrow',
    target: { kind: 'embedded', root: { make: [5] } },
    scenario: { kind: 'srm-ls', directories: { 5: '/d5' } },
    load: { levels: [CLIENTS] },
    timing: {
      warmUp: { atLeast: '200ms', atMost: '2s' },
      window: { atLeast: '500ms', operationsPerClient: 1, atMost: '5s' },
    },
    barrier: { within: '20s' },
    pools: [{ kind: 'local', pilots: 1, slotsPerPilot: CLIENTS, launchWith }],
  };
}

function limitFiles(limit: number): string[] {
  return ['sh', '-c', `ulimit -n ${limit}; exec "$0" "$@"`];
}

async function askDoctor(t: ExecutionContext, config: ConfigInput, ...words: string[]): Promise<CliEnd> {
  const folder = await makeTemporaryFolder(t, { [CONFIG_FILE]: JSON.stringify(config) });
  return runCli(t, ['doctor', ...words], { folder });
}

function findingsOf({ stdout }: CliEnd): Finding[] {
  return (JSON.parse(stdout) as { findings: Finding[] }).findings;
}

test('a launcher that leaves a pilot too few files is found out, and the fix that is named is one', async (t) => {
  const narrow = configWith(limitFiles(150));
  const lines = await askDoctor(t, narrow);
  t.is(lines.exitCode, 104);
  t.regex(lines.stdout, /^✗ descriptors {2,}local {2,}a pilot of 200 clients opens 240 files; its limit is 150: /m);
  t.regex(lines.stdout, /^ +fix: ulimit -n \d+ in pools\[0\]\.launchWith$/m);
  t.regex(lines.stderr, /GT_HOST_TOO_SMALL/);
  t.false((lines.stdout + lines.stderr).includes('\u001B'));

  const told = await askDoctor(t, narrow, '--json');
  t.is(told.exitCode, 104);
  const tooSmall = findingsOf(told).filter(({ verdict }) => verdict === 'too-small');
  t.like(tooSmall, { length: 1, 0: { resource: 'descriptors', where: 'local', has: 150, needs: 240 } });

  const fixed = Number(/ulimit -n (\d+) /.exec(tooSmall[0]?.fix ?? '')?.[1]);
  const again = await askDoctor(t, configWith(limitFiles(fixed)), '--json');
  t.is(again.exitCode, 0, again.stderr);
  const found = findingsOf(again).find(({ resource, where }) => resource === 'descriptors' && where === 'local');
  t.like(found, { verdict: 'fits', has: fixed, fix: null });
});

test('a campaign goes as doctor says it will', async (t) => {
  const held = await startRun(t, configWith(limitFiles(150)));
  const { exitCode } = await held.ended;
  t.is(exitCode, 120);
  const { cells, stderr } = await finishRun(await startRun(t, configWith(limitFiles(267))));
  t.is(cells[0]?.held, CLIENTS, stderr);
});

test('ports are those of the network stack that pilots find themselves on', async (t) => {
  const ownStack = process.getuid?.() === 0 ? ['unshare', '-n'] : ['unshare', '-r', '-n'];
  const narrowPorts = `echo '40000 40099' > /proc/sys/net/ipv4/ip_local_port_range && exec "$0" "$@"`;
  const launchWith = [...ownStack, 'sh', '-c', narrowPorts];
  if (spawnSync(launchWith[0] as string, [...launchWith.slice(1), 'true']).status !== 0) {
    t.pass(`no network stack of its own may be made here: ${launchWith.join(' ')} true`);
    return;
  }
  const { exitCode, stdout } = await askDoctor(t, configWith(launchWith));
  t.is(exitCode, 104);
  t.regex(stdout, /^✗ ports {2,}local {2,}200 connections at once .* ports 40000 to 40099 are 100$/m);
  t.regex(stdout, /^ +fix: pools\[0\]\.sourceAddresses: \['127\.0\.0\.2', '127\.0\.0\.3', '127\.0\.0\.4'\]$/m);
});

test('without a config it says what this machine can hold', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const lines = await runCli(t, ['doctor'], { folder });
  t.is(lines.exitCode, 0, lines.stderr);
  t.regex(lines.stdout, /^descriptors +a process may open [\d,]+ files/m);
  const told = await runCli(t, ['doctor', '--json'], { folder });
  const { host, capacity } = JSON.parse(told.stdout) as { host: unknown; capacity: { resource: string }[] };
  t.true(HostCapacitySchema.safeParse(host).success);
  t.deepEqual(
    capacity.map(({ resource }) => resource),
    ['descriptors', 'ports', 'connection-rate', 'accept-queue', 'memory', 'cores', 'health'],
  );
});

test('a config that is not there, is wrong, or whose launcher is not there', async (t) => {
  const folder = await makeTemporaryFolder(t);
  t.like(await runCli(t, ['doctor', 'gone.ts'], { folder }), { exitCode: 104, stdout: '' });
  await writeFile(join(folder, CONFIG_FILE), JSON.stringify({ ...configWith([]), name: 5 }));
  const wrong = await runCli(t, ['doctor'], { folder });
  t.is(wrong.exitCode, 104);
  t.regex(wrong.stderr, /GT_CONFIG_INVALID/);
  const launcher = await askDoctor(t, configWith(['/no/such/launcher']));
  t.is(launcher.exitCode, 120);
  t.regex(launcher.stderr, /site local: expected to start \/no\/such\/launcher/);
});

test('colours are for a terminal, unless NO_COLOR is set', async (t) => {
  const folder = await makeTemporaryFolder(t, { [CONFIG_FILE]: JSON.stringify(configWith([])) });
  const painted = await runCli(t, ['doctor'], { folder, columns: 120 });
  t.true(painted.stdout.includes('\u001B[32m✓'));
  const plain = await runCli(t, ['doctor'], { folder, columns: 120, environment: { NO_COLOR: '1' } });
  t.false(plain.stdout.includes('\u001B'));
  const flagged = await runCli(t, ['doctor', '--no-color'], { folder, columns: 120 });
  t.false(flagged.stdout.includes('\u001B'));
});
