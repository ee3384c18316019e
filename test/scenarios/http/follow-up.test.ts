/** Operations that take more than one answer: one connection, one record, one timeout. */

import type { Outcome } from '../../../foundation/outcome.ts';
import type { AnswerReader } from '../../../scenarios/http/http-client.ts';
import { createExchange } from '../../../scenarios/scenario.ts';
import { answer, answerAndClose, hang, loopbackTarget, startLoopbackServer } from '../../support/loopback-server.ts';
import { createPostClient, perform, performAll } from './perform.ts';
import { testTransports } from './transports.ts';

const PAUSE_MS = 30;
const kept = { connection: { perOperation: false } };
const perOperation = { connection: { perOperation: true } };

/** Asks again so many times before an operation is ok. */
function createAskingReader(times: number, askAgainInMs: number): AnswerReader {
  let left = times;
  return {
    begin() {},
    write() {},
    end(): Outcome | { askAgainInMs: number } {
      if (left === 0) {
        left = times;
        return 'ok';
      }
      left -= 1;
      return { askAgainInMs };
    },
  };
}

testTransports(
  'what belongs to an operation is asked on its connection, and the next operation has another',
  async (t, transport) => {
    const server = await startLoopbackServer(t, answer('queued'));
    const client = createPostClient(
      loopbackTarget(server.port, { ...perOperation, transport }),
      createAskingReader(2, 0),
    );
    t.deepEqual(await performAll(client, 3), ['ok', 'ok', 'ok']);
    t.deepEqual(
      server.requests.map(({ connection }) => connection),
      [0, 0, 0, 1, 1, 1, 2, 2, 2],
    );
  },
);

testTransports(
  'the operation lasts from its first connect() to the last byte of its last answer',
  async (t, transport) => {
    const server = await startLoopbackServer(t, answer('queued'));
    for (const connection of [kept, perOperation]) {
      const client = createPostClient(
        loopbackTarget(server.port, { ...connection, transport }),
        createAskingReader(2, PAUSE_MS),
      );
      const exchange = await perform(client);
      t.is(exchange.outcome, 'ok');
      t.is(exchange.answerBytes, 3 * 'queued'.length);
      t.true(exchange.endedAtMs - exchange.firstByteAtMs >= 2 * PAUSE_MS, 'the first byte is that of the first answer');
      client.close();
    }
  },
);

testTransports('a server that closes between two answers is connected to once more', async (t, transport) => {
  const server = await startLoopbackServer(t, answerAndClose('queued'));
  for (const connection of [kept, perOperation]) {
    const client = createPostClient(
      loopbackTarget(server.port, { ...connection, transport }),
      createAskingReader(1, PAUSE_MS),
    );
    const exchange = await perform(client);
    t.is(exchange.outcome, 'ok');
    t.true(exchange.connectedAtMs <= exchange.firstByteAtMs || Number.isNaN(exchange.connectedAtMs));
    client.close();
  }
  t.is(server.connections.length, 4);
});

testTransports('the answer timeout is that of the whole operation', async (t, transport) => {
  const timeoutsMs = { connect: 20_000, handshake: 20_000, answer: 100 };
  const server = await startLoopbackServer(t, answer('queued'));
  for (const connection of [kept, perOperation]) {
    const target = loopbackTarget(server.port, { ...connection, transport, timeoutsMs });
    const client = createPostClient(target, createAskingReader(Infinity, 10));
    t.is((await perform(client)).outcome, 'answer-timeout');
    client.close();
  }
  const patient = createPostClient(
    loopbackTarget(server.port, { transport, timeoutsMs }),
    createAskingReader(1, 3_600_000),
  );
  t.is((await perform(patient)).outcome, 'answer-timeout', 'while it waits to ask again');
  server.behave(hang);
  t.is((await perform(patient)).outcome, 'answer-timeout');
  patient.close();
});

testTransports('an operation that waits to ask again can be cut', async (t, transport) => {
  const server = await startLoopbackServer(t, answer('queued'));
  for (const connection of [kept, perOperation]) {
    const client = createPostClient(
      loopbackTarget(server.port, { ...connection, transport }),
      createAskingReader(1, 3_600_000),
    );
    const exchange = createExchange();
    const asked = server.received(server.requests.length + 1);
    const ended = new Promise<void>((resolve) => client.perform(exchange, resolve));
    await asked;
    await new Promise<void>((resolve) => {
      const look = (): void => (Number.isNaN(exchange.firstByteAtMs) ? void setImmediate(look) : resolve());
      look();
    });
    setImmediate(() => client.abort('cut'));
    await ended;
    t.is(exchange.outcome, 'cut');
    client.close();
  }
});
