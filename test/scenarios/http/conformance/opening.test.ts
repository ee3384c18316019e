/** Connections that are opened: when, how often, and what becomes of those that can't be. */

import { once } from 'node:events';
import { every, machineClock } from '../../../../foundation/clock.ts';
import { type Exchange, createExchange } from '../../../../scenarios/scenario.ts';
import { PORT_OF_NOBODY, answer, loopbackTarget, startLoopbackServer } from '../../../support/loopback-server.ts';
import { createPostClient, perform, performAll } from '../perform.ts';
import { isNested, testTransports } from '../transports.ts';
import { startUnacceptingServer } from '../unaccepting-server.ts';

const text = 'the whole answer';

const kept = { connection: { perOperation: false } };
const perOperation = { connection: { perOperation: true } };
/** Short in the one phase that is to end by its timeout, so that a busy machine makes no other one of it. */
const shortConnect = { timeoutsMs: { connect: 100, handshake: 20_000, answer: 20_000 } };

testTransports('nobody who listens is refused', async (t, transport) => {
  for (const connection of [kept, perOperation]) {
    const client = createPostClient(loopbackTarget(PORT_OF_NOBODY, { ...connection, transport }));
    t.is(await client.open(), connection === kept ? 'refused' : 'ok');
    const exchange = await perform(client);
    t.is(exchange.outcome, 'refused');
    t.true(exchange.startedAtMs <= exchange.endedAtMs);
    t.is(exchange.connectedAtMs, Number.NaN);
    t.deepEqual(await performAll(client, 3), ['refused', 'refused', 'refused']);
  }
});

testTransports('a full accept queue is connect-timeout, when opening and when performing', async (t, transport) => {
  const { port } = await startUnacceptingServer(t);
  const keeping = createPostClient(loopbackTarget(port, { transport, ...kept, ...shortConnect }));
  const stop = every(machineClock, 2, () => keeping.wake(machineClock.nowMs()));
  t.is(await keeping.open(), 'connect-timeout');
  stop();
  const exchange = await perform(
    createPostClient(loopbackTarget(port, { transport, ...perOperation, ...shortConnect })),
  );
  t.is(exchange.outcome, 'connect-timeout');
  t.false(Number.isNaN(exchange.startedAtMs));
  t.is(exchange.connectedAtMs, Number.NaN);
});

testTransports(
  'an operation that begins when one has failed to connect has a socket of its own',
  async (t, transport) => {
    const { port, accept } = await startUnacceptingServer(t);
    const client = createPostClient(loopbackTarget(port, { ...perOperation, transport }));
    const first = createExchange();
    const second = await new Promise<{ exchange: Promise<Exchange> }>((resolve) => {
      client.perform(
        first,
        () => resolve({ exchange: perform(client) }),
        () => queueMicrotask(() => client.abort('connect-timeout')),
      );
    });
    accept();
    t.is(first.outcome, 'connect-timeout');
    t.is((await second.exchange).outcome, 'ok');
  },
);

testTransports(
  'a connection per operation is used once, ended by the client, and its time begins with connect()',
  async (t, transport) => {
    const server = await startLoopbackServer(t, answer(text));
    const client = createPostClient(loopbackTarget(server.port, { ...perOperation, transport }));
    t.is(await client.open(), 'ok');
    t.is(server.connections.length, 0, 'nothing is opened early');
    for (let operation = 0; operation < 3; operation += 1) {
      const exchange = await perform(client);
      t.is(exchange.outcome, 'ok');
      isNested(t, [exchange.startedAtMs, exchange.connectedAtMs, exchange.firstByteAtMs, exchange.endedAtMs]);
    }
    t.deepEqual(
      server.requests.map(({ connection }) => connection),
      [0, 1, 2],
    );
    // The operation might have gone on: so the server is not told beforehand.
    t.true(server.requests.every(({ headers }) => headers['connection'] === 'keep-alive'));
    for (const socket of server.connections) if (!socket.destroyed) await once(socket, 'close');
  },
);

testTransports('of clients that start in one go, each one begins with its own connect()', async (t, transport) => {
  const server = await startLoopbackServer(t, answer(text));
  const clients = Array.from({ length: 100 }, () =>
    createPostClient(loopbackTarget(server.port, { ...perOperation, transport })),
  );
  let allAskedMs = 0;
  const operations = clients.map((client, index) =>
    perform(client, () => {
      if (index === clients.length - 1) allAskedMs = machineClock.nowMs();
    }),
  );
  for (const { outcome, startedAtMs } of await Promise.all(operations)) {
    t.is(outcome, 'ok');
    t.true(startedAtMs >= allAskedMs, 'no connect() happens while the others are still being started');
  }
});
