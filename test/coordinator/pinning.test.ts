/** Processes that are pinned to cores run there, and nowhere else: as the kernel tells of them. */

import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { LocalPoolSchema } from '../../coordinator/config/schema.ts';
import { EmbeddedTargetSchema } from '../../coordinator/config/target-schema.ts';
import { createLocalPool } from '../../coordinator/pools/local.ts';
import { startEmbeddedTarget } from '../../coordinator/target/embedded-target.ts';
import { machineClock } from '../../foundation/clock.ts';
import { parseCpuList, readAllowedCpus, readStatusCpus } from '../../foundation/cpu-list.ts';
import { CONFIG_FILE, glidetester, runCli } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { findsOne } from './config/finds-one.ts';
import { SAMPLE, sampleConfig } from './config/sample-config.ts';
import { checkAcrossKeys } from '../../coordinator/config/check-config.ts';
import { LAUNCH } from './tiny-campaign.ts';

const ALLOWED = readAllowedCpus();
const LAST = ALLOWED.at(-1) as number;
/** No kernel counts so far. */
const MISSING = 99_999;

/** Says its pid in its log once it has its join. */
const PILOT =
  "process.stdin.on('data', () => {}).on('end', () => console.error(`pid ${process.pid}`)); setInterval(() => {}, 1e6);";

test('a pilot runs on the cores of its pool, also behind a launcher', async (t) => {
  for (const launchWith of [[], ['nice', '-n', '1']]) {
    const logs = await makeTemporaryFolder(t);
    const config = { kind: 'local', pilots: 1, slotsPerPilot: 1, cpus: [LAST], launchWith };
    const pool = createLocalPool({
      pool: LocalPoolSchema.parse(config),
      command: [process.execPath, '--eval', PILOT],
      logs,
      clock: { ...machineClock, after: (_delayMs, callback) => machineClock.after(0, callback) },
    });
    t.teardown(() => pool.release());
    const secret = '5ecre7'.repeat(8);
    const joining = {
      url: 'wss://127.0.0.1:1',
      campaign: 'test',
      pilot: 'a',
      site: 'local',
      slots: 1,
      threads: 1,
      secret,
    };
    await pool.request([{ ...joining, certificate: 'PEM', sourceAddresses: [], idleLimitMs: 1000 }]);
    const pid = await eventually('the pilot has started', async () => {
      const log = await readFile(join(logs, 'a.log'), 'utf8');
      return /^pid (\d+)$/m.exec(log)?.[1];
    });
    t.deepEqual(readStatusCpus(`/proc/${pid}/status`), [LAST]);
    await pool.release();
  }
});

/** Writes the cores that it may use to the log, and becomes the command that follows. */
const TELL = ['/bin/sh', '-c', 'grep Cpus_allowed_list /proc/self/status >&2; exec "$0" "$@"'];

test('the embedded service and its mapping service run on its cores, with a limit of descriptors too', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const log = join(folder, 'frontend.log');
  const config = { kind: 'embedded', root: { make: [3] }, httpg: true, identities: 1, mapping: { by: 'service' } };
  const target = await startEmbeddedTarget({
    target: EmbeddedTargetSchema.parse({ ...config, cpus: [LAST], descriptors: 200 }),
    commands: { frontend: LAUNCH.frontend, mappingService: [...TELL, ...LAUNCH.mappingService] },
    log,
    clock: machineClock,
  });
  t.teardown(() => target.stop());
  t.deepEqual(readStatusCpus(`/proc/${target.pid()}/status`), [LAST]);
  t.regex(await readFile(`/proc/${target.pid()}/limits`, 'utf8'), /^Max open files +200 /m);
  const told = /^Cpus_allowed_list:\s*(\S+)$/m.exec(await readFile(log, 'utf8'))?.[1] ?? '';
  t.deepEqual(parseCpuList(told), [LAST]);
  await target.restart?.();
  t.deepEqual(readStatusCpus(`/proc/${target.pid()}/status`), [LAST]);
});

test('cores of this machine pass', (t) => {
  t.deepEqual(checkAcrossKeys(sampleConfig({ 'pools.0.cpus': ALLOWED, 'target.cpus': [LAST] })), []);
});

test('a pool on a core that is not there', findsOne, { 'pools.0.cpus': [LAST, MISSING] }, 'pools.0.cpus', [
  'may be used here',
  `${MISSING}`,
]);
test('a service on a core that is not there', findsOne, { 'target.cpus': [MISSING] }, 'target.cpus', [`${MISSING}`]);

test('without taskset nothing can be pinned, and the config says so', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const config = { ...SAMPLE, pools: [{ ...SAMPLE.pools[0], cpus: [LAST] }] };
  await writeFile(join(folder, CONFIG_FILE), JSON.stringify(config));
  const { exitCode, stderr, stdout } = await runCli(t, ['validate'], { folder, environment: { PATH: folder } });
  t.is(exitCode, 104);
  t.regex(stdout + stderr, /pools\.0\.cpus[^]*taskset[^]*util-linux/);
});

test('a core of the machine that this job was not given is not there either', async (t) => {
  const [first = 0] = ALLOWED;
  if (first === LAST) {
    t.log('skipped: this machine gives us one core only');
    t.pass();
    return;
  }
  const folder = await makeTemporaryFolder(t);
  const config = { ...SAMPLE, pools: [{ ...SAMPLE.pools[0], cpus: [first] }] };
  await writeFile(join(folder, CONFIG_FILE), JSON.stringify(config));
  const [program, parameters] = glidetester('validate');
  const { status, stdout, stderr } = spawnSync('taskset', ['-c', `${LAST}`, program, ...parameters], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 20_000,
  });
  t.is(status, 104);
  t.regex(stdout + stderr, new RegExp(`pools\\.0\\.cpus[^]*may be used here: ${LAST}\n`));
});
