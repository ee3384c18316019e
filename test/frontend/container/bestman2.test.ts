/** The Jetty container: threads with an accept queue, a lock around each look-up, a bound around each listing. */

import test from 'ava';
import { eventually } from '../../support/eventually.ts';
import {
  type Client,
  awaitState,
  outcomesOf,
  startClient,
  startClients,
  startTogether,
  startWorld,
  stateOf,
} from './container-world.ts';
import { probeForAMinute } from './probing.ts';

const BESTMAN2 = { container: 'bestman2', maxContainerThreads: 4, fsConcurrency: 4 } as const;

test('connections are served in the order in which they came', async (t) => {
  const { frontend, mapping } = await startWorld(t, { ...BESTMAN2, maxContainerThreads: 1 });
  const served: number[] = [];
  const clients: Client[] = [];
  for (let number = 0; number < 5; number += 1) {
    const client = await startClient(frontend.url);
    void client.outcome.then(() => served.push(number));
    clients.push(client);
    await awaitState(frontend, { held: 1, waiting: number });
  }
  mapping.answerAll();
  t.deepEqual(await outcomesOf(clients), ['ok', 'ok', 'ok', 'ok', 'ok']);
  t.deepEqual(served, [0, 1, 2, 3, 4]);
  t.is(frontend.counts.waitedForThread, 4);
});

test('the first look-up needs no second thread: a client for every thread is served', async (t) => {
  const { frontend, mapping } = await startWorld(t, BESTMAN2);
  mapping.answerAll();
  t.deepEqual(await outcomesOf(await startTogether(frontend.url, 4)), ['ok', 'ok', 'ok', 'ok']);
  await awaitState(frontend, {});
});

test('the lock lets one look-up through at a time, with its call-out', async (t) => {
  const { frontend, mapping } = await startWorld(t, BESTMAN2);
  const clients = await startTogether(frontend.url, 4);
  await awaitState(frontend, { held: 4, waitingForLock: 3 });
  for (let answered = 0; answered < 8; answered += 1) await mapping.answerNext();
  t.deepEqual(await outcomesOf(clients), ['ok', 'ok', 'ok', 'ok']);
  t.is(mapping.asked(), 8);
  t.is(mapping.most(), 1);
});

test('with the lock held for the subject alone look-ups are made side by side', async (t) => {
  const { frontend, mapping } = await startWorld(t, { ...BESTMAN2, lockOverCallOut: false });
  const clients = await startTogether(frontend.url, 4);
  await eventually('four questions at once', () => (mapping.waiting() === 4 ? true : undefined));
  t.is(stateOf(frontend)['waitingForLock'], 0);
  mapping.answerAll();
  t.deepEqual(await outcomesOf(clients), ['ok', 'ok', 'ok', 'ok']);
});

test('a look-up that the cache answers takes the lock, and no time', async (t) => {
  const { frontend, mapping } = await startWorld(t, { ...BESTMAN2, mappedIdCache: { lifetimeS: 0, most: 10 } });
  const first = await startClient(frontend.url);
  await mapping.answerNext();
  t.is(await first.outcome, 'ok');
  t.deepEqual(await outcomesOf(await startTogether(frontend.url, 4)), ['ok', 'ok', 'ok', 'ok']);
  t.is(mapping.asked(), 1);
});

test('fsConcurrency bounds a listing together with the look-up before it', async (t) => {
  const { frontend, mapping } = await startWorld(t, { ...BESTMAN2, fsConcurrency: 1, lockOverCallOut: false });
  const clients = await startTogether(frontend.url, 4);
  // All are let in at once; then each maps once more, under the bound.
  await eventually('all are being let in', () => (mapping.waiting() === 4 ? true : undefined));
  for (let answered = 0; answered < 4; answered += 1) await mapping.answerNext();
  for (let listed = 0; listed < 4; listed += 1) {
    await eventually('the next look-up', () => (mapping.asked() === 5 + listed ? true : undefined));
    t.is(mapping.waiting(), 1);
    await mapping.answerNext();
  }
  t.deepEqual(await outcomesOf(clients), ['ok', 'ok', 'ok', 'ok']);
});

test('two listings are under way at once where two are allowed', async (t) => {
  const { frontend, mapping } = await startWorld(t, { ...BESTMAN2, fsConcurrency: 2, lockOverCallOut: false });
  const clients = await startTogether(frontend.url, 4);
  await eventually('all are being let in', () => (mapping.waiting() === 4 ? true : undefined));
  for (let answered = 0; answered < 4; answered += 1) await mapping.answerNext();
  await eventually('two look-ups', () => (mapping.waiting() === 2 ? true : undefined));
  t.is(mapping.asked(), 6);
  mapping.answerAll();
  t.deepEqual(await outcomesOf(clients), ['ok', 'ok', 'ok', 'ok']);
});

test('once overdriven it recovers by itself, after it has noticed of everybody who waited that he has left', async (t) => {
  const { frontend, mapping } = await startWorld(t, BESTMAN2);
  const clients = await startClients(frontend.url, 40);
  await awaitState(frontend, { held: 4, waiting: 36, waitingForLock: 3 });
  await Promise.all(clients.map((client) => client.leave()));
  // Threads in work are not freed by that, and nobody has looked at those who wait.
  t.like(stateOf(frontend), { held: 4, waiting: 36 });
  const late = await startClient(frontend.url);
  await awaitState(frontend, { held: 4, waiting: 37, waitingForLock: 3 });
  mapping.answerAll();
  t.is(await late.outcome, 'ok');
  await awaitState(frontend, {});
  t.not((await probeForAMinute(frontend)).recoveredMs, null);
});

test('it stops at once while connections wait and work is under way', async (t) => {
  const { frontend } = await startWorld(t, BESTMAN2);
  const clients = await startClients(frontend.url, 10);
  await awaitState(frontend, { held: 4, waiting: 6, waitingForLock: 3 });
  await frontend.stop();
  t.false((await outcomesOf(clients)).includes('ok'));
});
