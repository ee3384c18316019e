/** The Globus container: authorization is nested work in the pool of the connections. */

import test from 'ava';
import { eventually } from '../../support/eventually.ts';
import {
  awaitState,
  outcomesOf,
  startAgain,
  startClient,
  startClients,
  startTogether,
  startWorld,
  stateOf,
} from './container-world.ts';
import { probeForAMinute } from './probing.ts';

const THREADS = 10;
const BESTMAN = { container: 'bestman', maxContainerThreads: THREADS } as const;
/** Every thread is held by a connection, and each of these waits for one more. */
const STARVED = { held: THREADS, waitingNested: THREADS };

test('with a tenth of the threads free all are served, by as many authorizations at once as there are threads free', async (t) => {
  const { frontend, mapping } = await startWorld(t, BESTMAN);
  const clients = await startTogether(frontend.url, 9);
  await awaitState(frontend, { held: 9, nested: 1, waitingNested: 8 });
  await eventually('a question', () => (mapping.waiting() === 1 ? true : undefined));
  t.is(mapping.asked(), 1);
  mapping.answerAll();
  t.deepEqual(
    await outcomesOf(clients),
    Array.from({ length: 9 }, () => 'ok'),
  );
  await awaitState(frontend, {});
  t.is(mapping.asked(), 18);
  t.is(frontend.counts.waitedForThread, 0);
});

test('with a client for every thread at once the pool starves itself, for good, until it is restarted', async (t) => {
  const { frontend, mapping, options } = await startWorld(t, BESTMAN);
  mapping.answerAll();
  const clients = await startTogether(frontend.url, THREADS);
  await awaitState(frontend, STARVED);
  t.is(mapping.asked(), 0);

  await Promise.all(clients.map((client) => client.leave()));
  t.false((await outcomesOf(clients)).includes('ok'));
  const recovery = await probeForAMinute(frontend);
  t.is(recovery.recoveredMs, null);
  t.true(recovery.probes >= 10, String(recovery.probes));
  // Those of the probes have left too, and are not even noticed.
  t.deepEqual(stateOf(frontend), { ...stateOf(frontend), ...STARVED, nested: 0, waiting: recovery.probes });
  t.is(mapping.asked(), 0);

  await frontend.stop();
  const restarted = await startAgain(t, options);
  t.not((await probeForAMinute(restarted)).recoveredMs, null);
  await awaitState(restarted, {});
});

test('clients that connect all at once, and are more than threads, starve it by themselves', async (t) => {
  const { frontend, mapping } = await startWorld(t, BESTMAN);
  mapping.answerAll();
  const clients = await startClients(frontend.url, 3 * THREADS);
  await awaitState(frontend, { ...STARVED, waiting: 2 * THREADS });
  t.is(mapping.asked(), 0);
  await frontend.stop();
  t.false((await outcomesOf(clients)).includes('ok'));
});

test('with authorization in a pool of its own a client for every thread does not starve it', async (t) => {
  const { frontend, mapping } = await startWorld(t, { ...BESTMAN, nestedAuthorization: 'own-pool' });
  const clients = await startTogether(frontend.url, THREADS);
  await awaitState(frontend, { held: THREADS, nested: THREADS });
  const late = await startClients(frontend.url, 5);
  await awaitState(frontend, { held: THREADS, nested: THREADS, waiting: 5 });
  mapping.answerAll();
  t.deepEqual(
    await outcomesOf([...clients, ...late]),
    Array.from({ length: THREADS + 5 }, () => 'ok'),
  );
  t.not((await probeForAMinute(frontend)).recoveredMs, null);
  await awaitState(frontend, {});
});

test('only the first of the two look-ups of a listing is nested', async (t) => {
  const { frontend, mapping } = await startWorld(t, { ...BESTMAN, maxContainerThreads: 2 });
  const client = await startClient(frontend.url);
  await awaitState(frontend, { held: 1, nested: 1 });
  await mapping.answerNext();
  await eventually('the second question', () => (mapping.asked() === 2 ? true : undefined));
  t.like(stateOf(frontend), { held: 1, nested: 0 });
  await mapping.answerNext();
  t.is(await client.outcome, 'ok');
});

test('nested work and connections wait in one queue', async (t) => {
  const { frontend, mapping } = await startWorld(t, { ...BESTMAN, maxContainerThreads: 2 });
  const clients = [await startClient(frontend.url)];
  await awaitState(frontend, { held: 1, nested: 1 });
  clients.push(await startClient(frontend.url));
  await awaitState(frontend, { held: 1, nested: 1, waiting: 1 });
  // The thread that the authorization gives back goes to the connection, whose own authorization then finds none.
  await mapping.answerNext();
  await awaitState(frontend, { held: 2, waitingNested: 1 });
  mapping.answerAll();
  t.deepEqual(await outcomesOf(clients), ['ok', 'ok']);
});

test('authorization runs to its end when its client leaves, and keeps both threads', async (t) => {
  const { frontend, mapping } = await startWorld(t, { ...BESTMAN, maxContainerThreads: 2 });
  const client = await startClient(frontend.url);
  await awaitState(frontend, { held: 1, nested: 1 });
  await client.leave();
  const other = await startClient(frontend.url);
  await awaitState(frontend, { held: 1, nested: 1, waiting: 1 });
  mapping.answerAll();
  t.is(await other.outcome, 'ok');
  await awaitState(frontend, {});
  // The listing of who left was prepared like any other.
  t.is(mapping.asked(), 4);
});
