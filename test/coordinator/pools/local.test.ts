import { readFile } from 'node:fs/promises';
import { join as joinPath } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Join } from '../../../agent/protocol.ts';
import { LocalPoolSchema } from '../../../coordinator/config/schema.ts';
import { createLocalPool } from '../../../coordinator/pools/local.ts';
import type { PilotEnd } from '../../../coordinator/pools/pool.ts';
import { createChanges } from '../../../foundation/changes.ts';
import { type Clock, machineClock } from '../../../foundation/clock.ts';
import { eventually } from '../../support/eventually.ts';
import { isProcessGone } from '../../support/process-state.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const SECRET = '5ecre7'.repeat(8);

/** Reads its join, writes what it sees to its log, and goes on as its argument says. */
const PILOT = `
  let text = '';
  process.stdin.on('data', (chunk) => (text += chunk));
  process.stdin.on('end', () => {
    const [mode, ...more] = process.argv.slice(1);
    if (mode === 'stubborn') process.on('SIGTERM', () => {});
    console.error(JSON.stringify({ pid: process.pid, join: JSON.parse(text), more }));
    if (mode === 'ends') process.exit(7);
    setInterval(() => {}, 1e6);
  });
`;

/** What a pilot writes to its log. */
type Seen = { pid: number; join: Join; more: string[] };

const makeJoin = (pilot: string): Join => ({
  url: 'wss://127.0.0.1:1',
  campaign: 'test',
  pilot,
  site: 'desk',
  slots: 4,
  threads: 1,
  sourceAddresses: [],
  secret: SECRET,
  certificate: 'PEM',
  idleLimitMs: 1000,
});

/** A clock on which every wait is over at once: no pilot is given time to leave. */
const hurriedClock: Clock = { ...machineClock, after: (_delayMs, callback) => machineClock.after(0, callback) };

type SceneOptions = { mode: string; launchWith?: string[]; clock?: Clock };

async function createScene(t: ExecutionContext, { mode, launchWith = [], clock = machineClock }: SceneOptions) {
  const logs = await makeTemporaryFolder(t);
  const changes = createChanges(machineClock);
  const ends: PilotEnd[] = [];
  const pool = createLocalPool({
    pool: LocalPoolSchema.parse({ kind: 'local', site: 'desk', pilots: 5, slotsPerPilot: 4, launchWith }),
    command: [process.execPath, '--eval', PILOT, mode],
    logs,
    clock,
  });
  pool.onEnd((end) => {
    ends.push(end);
    changes.notify();
  });
  const seenBy = (pilot: string): Promise<Seen> =>
    eventually(`${pilot} has read its join`, async () => {
      const log = await readFile(joinPath(logs, `${pilot}.log`), 'utf8');
      const line = log.split('\n').find((each) => each.startsWith('{"pid"'));
      return line === undefined ? undefined : (JSON.parse(line) as Seen);
    });
  const untilEnds = (count: number): Promise<unknown> => changes.until(() => ends.length === count);
  t.teardown(() => pool.release());
  return { pool, logs, ends, seenBy, untilEnds };
}

const endProcess = (pid: number, signal: NodeJS.Signals): void => {
  process.kill(pid, signal);
};

test('says of itself what the config says', async (t) => {
  const { pool } = await createScene(t, { mode: 'stays' });
  t.like(pool, { site: 'desk', slotsPerPilot: 4, pilotsAtMost: 5, damped: false });
});

test('a pilot reads its join from standard input; its secret is neither an argument nor in its environment', async (t) => {
  const { pool, seenBy } = await createScene(t, { mode: 'stays', clock: hurriedClock });
  await pool.request([makeJoin('a'), makeJoin('b')]);
  for (const pilot of ['a', 'b']) {
    const { pid, join } = await seenBy(pilot);
    t.deepEqual(join, makeJoin(pilot));
    t.false((await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes(SECRET));
    t.false((await readFile(`/proc/${pid}/environ`, 'utf8')).includes(SECRET));
  }
});

test('a pilot that ends by itself is told once, with how it ended', async (t) => {
  const { pool, ends, untilEnds } = await createScene(t, { mode: 'ends' });
  await pool.request([makeJoin('a')]);
  await untilEnds(1);
  await pool.release();
  t.deepEqual(ends, [{ pilot: 'a', reason: 'its process ended with exit code 7' }]);
});

test('a pilot that is killed is told with the signal', async (t) => {
  const { pool, ends, seenBy, untilEnds } = await createScene(t, { mode: 'stays' });
  await pool.request([makeJoin('a')]);
  endProcess((await seenBy('a')).pid, 'SIGKILL');
  await untilEnds(1);
  t.deepEqual(ends, [{ pilot: 'a', reason: 'its process was ended by SIGKILL' }]);
});

test('release waits for pilots that leave by themselves', async (t) => {
  const { pool, ends, seenBy } = await createScene(t, { mode: 'stays' });
  await pool.request([makeJoin('a')]);
  const { pid } = await seenBy('a');
  const released = pool.release();
  endProcess(pid, 'SIGTERM'); // stands for its leaving
  await released;
  t.deepEqual(ends, [{ pilot: 'a', reason: 'its process was ended by SIGTERM' }]);
  await pool.release();
});

test('release ends a stubborn pilot by force', async (t) => {
  const { pool, ends, seenBy } = await createScene(t, { mode: 'stubborn', clock: hurriedClock });
  await pool.request([makeJoin('a')]);
  const { pid } = await seenBy('a');
  endProcess(pid, 'SIGTERM');
  await pool.release();
  t.true(await isProcessGone(pid));
  t.deepEqual(ends, [{ pilot: 'a', reason: 'its process was ended by SIGKILL' }]);
});

test('release ends a launcher together with the pilot that it started', async (t) => {
  // The shell stays between pool and pilot, and hands on its standard input, which a background job would not get.
  const launchWith = ['/bin/sh', '-c', 'exec 3<&0; "$@" <&3 & wait', 'sh'];
  const { pool, seenBy } = await createScene(t, { mode: 'stubborn', launchWith, clock: hurriedClock });
  await pool.request([makeJoin('a')]);
  const { pid, join } = await seenBy('a');
  t.is(join.pilot, 'a');
  await pool.release();
  await eventually('the pilot has ended with its launcher', () => isProcessGone(pid));
  t.pass();
});

test('what is put before the command is run with its arguments', async (t) => {
  const { pool, seenBy } = await createScene(t, {
    mode: 'stays',
    launchWith: ['nice', '-n', '1'],
    clock: hurriedClock,
  });
  await pool.request([makeJoin('a')]);
  const { pid } = await seenBy('a');
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  t.is(Number(fields[16]), 1, 'nice value, field 19 of stat');
});

test('a program that is not there refuses the request, with a hint', async (t) => {
  const { pool } = await createScene(t, { mode: 'stays', launchWith: ['/no/such/launcher'] });
  const error = await t.throwsAsync(pool.request([makeJoin('a')]), { code: 'GT_POOL_REQUEST' });
  t.regex(error?.message ?? '', /site desk: expected to start \/no\/such\/launcher/);
  await pool.release();
});

test('a pilot that ends before it has read its join is an end like any other', async (t) => {
  const { pool, ends, untilEnds } = await createScene(t, { mode: 'x', launchWith: ['false'] });
  await pool.request([makeJoin('a')]);
  await untilEnds(1);
  t.regex(ends[0]?.reason ?? '', /exit code 1/);
});
