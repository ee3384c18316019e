import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import {
  type ListingJob,
  type ListingPool,
  type ListingResult,
  startListingPool,
} from '../../../frontend/listing/listing-pool.ts';
import { makeDirectory } from '../fresh-directory.ts';
import { OBEDIENT_THREAD, makeGate } from '../gated-threads.ts';

/** Threads that hang on `wait` until the gate, a pipe, is opened. */
async function startPool(
  t: ExecutionContext,
  size: number,
): Promise<{ pool: ListingPool; gate: string; openGate: () => void }> {
  const { gate, openGate } = makeGate(t);
  const pool = await startListingPool(OBEDIENT_THREAD, { realRoot: gate, checksums: false }, size);
  t.teardown(async () => {
    openGate();
    await pool.close();
  });
  return { pool, gate, openGate };
}

const say = (command: string): ListingJob => ({
  surls: [command],
  detail: 'brief',
  levels: 1,
  paging: null,
  style: { form: 'inline', operation: 'srmLs', count: null },
});
const textOf = (result: ListingResult): string =>
  'failure' in result ? `failed: ${result.failure}` : new TextDecoder().decode(result.body);
const submit = (pool: ListingPool, command: string): Promise<string> =>
  new Promise((resolve) => pool.submit(say(command), (result) => resolve(textOf(result))));

test('listings beyond the threads wait, and start in the order in which they came', async (t) => {
  const { pool, openGate } = await startPool(t, 1);
  const order: string[] = [];
  const commands = ['wait', 'a', 'b', 'c', 'd'];
  const listings = commands.map((command) => submit(pool, command).then((text) => order.push(text)));
  t.is(pool.working(), 1);
  openGate();
  await Promise.all(listings);
  t.is(pool.working(), 0);
  t.deepEqual(order, commands);
});

test('as many listings as threads are under way at once', async (t) => {
  const { pool, openGate } = await startPool(t, 3);
  const listings = ['wait', 'wait', 'a', 'b', 'wait'].map((command) => submit(pool, command));
  t.is(pool.working(), 3);
  t.deepEqual(await Promise.all(listings.slice(2, 4)), ['a', 'b']);
  t.is(pool.working(), 3);
  openGate();
  await Promise.all(listings);
});

test('a listing is withdrawn only while it waits, and is then never done', async (t) => {
  const { pool, openGate } = await startPool(t, 1);
  const withdrawRunning = pool.submit(say('wait'), () => t.pass());
  const withdrawWaiting = pool.submit(say('never'), () => t.fail());
  const last = submit(pool, 'last');
  t.false(withdrawRunning());
  t.true(withdrawWaiting());
  t.false(withdrawWaiting());
  openGate();
  t.is(await last, 'last');
});

test('it is told when a thread takes a listing', async (t) => {
  const { pool, openGate } = await startPool(t, 1);
  const told: string[] = [];
  const done = ['wait', 'a'].map(
    (command) =>
      new Promise<void>((resolve) => {
        pool.submit(
          say(command),
          () => {
            told.push(`${command} done`);
            resolve();
          },
          () => told.push(`${command} started`),
        );
      }),
  );
  t.deepEqual(told, ['wait started']);
  openGate();
  await Promise.all(done);
  t.deepEqual(told, ['wait started', 'a started', 'wait done', 'a done']);
});

test('a thread that dies costs its own listing and is replaced', async (t) => {
  const { pool } = await startPool(t, 1);
  const listings = ['die', 'a', 'throw', 'die', 'b'].map((command) => submit(pool, command));
  t.deepEqual(await Promise.all(listings), [
    'failed: the listing thread died: it ended by itself',
    'a',
    'failed: the listing thread died: a bug in the thread',
    'failed: the listing thread died: it ended by itself',
    'b',
  ]);
  t.is(await submit(pool, 'c'), 'c');
});

test('a dead thread with nothing waiting is replaced when the next listing comes', async (t) => {
  const { pool } = await startPool(t, 2);
  t.regex(await submit(pool, 'die'), /^failed/);
  t.regex(await submit(pool, 'die'), /^failed/);
  t.is(await submit(pool, 'a'), 'a');
  t.deepEqual(await Promise.all(['a', 'b', 'c'].map((command) => submit(pool, command))), ['a', 'b', 'c']);
});

test('a pool whose threads do not start says why', async (t) => {
  await t.throwsAsync(startListingPool(OBEDIENT_THREAD, { realRoot: 'die-at-start', checksums: false }, 2), {
    message: 'a listing thread did not start: no room',
  });
});

test('closing does not wait for a thread that hangs', async (t) => {
  const { pool, gate } = await startPool(t, 2);
  pool.submit(say('wait'), () => t.fail());
  while (!existsSync(`${gate}.waiting`)) await setImmediate();
  await pool.close();
  t.pass();
});

test('an error in a listing is told, and its thread works on', async (t) => {
  const threadFile = new URL('../../../frontend/listing/listing-thread.ts', import.meta.url);
  const pool = await startListingPool(threadFile, { realRoot: makeDirectory(t), checksums: false }, 1);
  t.teardown(() => pool.close());
  const list = (request: ListingJob): Promise<string> =>
    new Promise((resolve) => pool.submit(request, (result) => resolve(textOf(result))));
  t.regex(await list({} as ListingJob), /^failed: Cannot read properties/);
  t.regex(await list(say('srm://h/')), /SRM_SUCCESS/);
});
