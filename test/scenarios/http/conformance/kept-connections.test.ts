/** Connections that are kept: used again, left in time, opened anew when the server has left. */

import type { Socket } from 'node:net';
import { once } from 'node:events';
import test from 'ava';
import { delay, machineClock } from '../../../../foundation/clock.ts';
import type { Outcome } from '../../../../foundation/outcome.ts';
import {
  answer,
  answerAndClose,
  answerBytes,
  close,
  loopbackTarget,
  startLoopbackServer,
} from '../../../support/loopback-server.ts';
import { createPostClient, createTextReader, perform, performAll } from '../perform.ts';
import { TRANSPORTS, type Transport, isNested, testTransports } from '../transports.ts';
import { type Step, end, prepareAnswer, reset, untilRead } from './raw-answer.ts';

const text = 'the whole answer';
/** A connection is left so long before the server has announced to close it. */
const LEAVE_BEFORE_MS = 500;
/** With a timeout of a second. */
const PAST_LEAVING_MS = 1000 - LEAVE_BEFORE_MS + 100;
const NO_REQUEST = { connection: 0, line: '', headers: {}, body: '' };
const perOperation = { connection: { perOperation: true } };

testTransports(
  'operations share the connection that was opened before them, and their time begins with the request',
  async (t, transport) => {
    const server = await startLoopbackServer(t, answer(text));
    const client = createPostClient(loopbackTarget(server.port, { transport }));
    t.is(await client.open(), 'ok');
    await server.accepted(1);
    t.is(server.requests.length, 0, 'opening sends nothing');
    for (let operation = 0; operation < 3; operation += 1) {
      const exchange = await perform(client);
      t.is(exchange.outcome, 'ok');
      t.is(exchange.connectedAtMs, Number.NaN);
      t.is(exchange.securedAtMs, Number.NaN);
      t.is(exchange.answerBytes, text.length);
      isNested(t, [exchange.startedAtMs, exchange.firstByteAtMs, exchange.endedAtMs]);
    }
    t.is(server.connections.length, 1);
    t.deepEqual(
      server.requests.map(({ headers }) => headers['connection']),
      Array(3).fill('keep-alive'),
    );
    client.close();
  },
);

const reopens = test.macro<[Transport, string, (socket: Socket) => void]>({
  async exec(t, transport, _how, leave) {
    const server = await startLoopbackServer(t, answer(text));
    const client = createPostClient(loopbackTarget(server.port, { transport }));
    t.is(await client.open(), 'ok');
    t.is((await perform(client)).outcome, 'ok');
    leave(server.connections[0] as Socket);
    // In the same turn: the end of the connection is on its way, but nobody has heard of it yet.
    const exchange = await perform(client);
    t.is(exchange.outcome, 'ok');
    isNested(t, [exchange.startedAtMs, exchange.connectedAtMs, exchange.firstByteAtMs, exchange.endedAtMs]);
    t.deepEqual(
      server.requests.map(({ connection }) => connection),
      [0, 1],
      'each operation is received once',
    );
    client.close();
  },
  title: (_, transport, how) =>
    `${transport}: an idle connection that the server ${how} is opened again, inside the next operation`,
});
for (const transport of TRANSPORTS) {
  test(reopens, transport, 'ends', (socket) => socket.end());
  test(reopens, transport, 'resets', (socket) => socket.resetAndDestroy());
}

testTransports('a connection that the server said to close is opened again', async (t, transport) => {
  const server = await startLoopbackServer(t, answer(text, { fields: { Connection: 'close' } }));
  const client = createPostClient(loopbackTarget(server.port, { transport }));
  t.deepEqual(await performAll(client, 3), ['ok', 'ok', 'ok']);
  t.is(server.connections.length, 3);
  client.close();
});

testTransports(
  'a server that ends the connection when the request comes has reset it, and does not get it again',
  async (t, transport) => {
    const server = await startLoopbackServer(t, answer(text));
    const client = createPostClient(loopbackTarget(server.port, { transport }));
    t.is((await perform(client)).outcome, 'ok');
    server.behave(close);
    t.is((await perform(client)).outcome, 'reset');
    server.behave(answer(text));
    t.is((await perform(client)).outcome, 'ok');
    t.deepEqual(
      server.requests.map(({ connection }) => connection),
      [0, 0, 1],
    );
    client.close();
  },
);

testTransports(
  'a server that leaves after each answer without a word is reset where it crosses the next request, and gets none twice',
  async (t, transport) => {
    const server = await startLoopbackServer(t, answerAndClose(text));
    const keeping = createPostClient(loopbackTarget(server.port, { transport }));
    const outcomes = await performAll(keeping, 20);
    t.true(outcomes.every((outcome) => outcome === 'ok' || outcome === 'reset'));
    t.true(server.requests.length <= 20);
    const frugal = createPostClient(loopbackTarget(server.port, { ...perOperation, transport }));
    t.is(countOf(await performAll(frugal, 20), 'ok'), 20);
  },
);

testTransports('a server that ends the connection at each request gets each of them once', async (t, transport) => {
  const server = await startLoopbackServer(t, close);
  const client = createPostClient(loopbackTarget(server.port, { transport }));
  t.deepEqual(await performAll(client, 5), Array(5).fill('reset'));
  t.deepEqual(
    server.requests.map(({ connection }) => connection),
    [0, 1, 2, 3, 4],
  );
});

/** What a server does to a connection that was opened and has not been asked on; whether the first request comes on it. */
const IDLE: [what: string, step: Step, connection: number][] = [
  ['ends', end, 1],
  ['resets', reset, 1],
  ['answers before it is asked', answerBytes('unasked').toString(), 1],
  ['greets', '220 mail.example ESMTP\r\n', 1],
  ['greets with an empty line', '\r\n', 0],
];
for (const [what, step, connection] of IDLE) {
  testTransports(`a fresh connection that the server ${what} costs no operation`, async (t, transport) => {
    const server = await startLoopbackServer(t, answer(text));
    const reader = createTextReader();
    const client = createPostClient(loopbackTarget(server.port, { transport }), reader);
    t.is(await client.open(), 'ok');
    await server.accepted(1);
    const { behaviour, done } = prepareAnswer([step, untilRead]);
    behaviour(server.connections[0] as Socket, NO_REQUEST);
    await done;
    t.is((await perform(client)).outcome, 'ok');
    t.is(reader.text, text);
    t.deepEqual(
      server.requests.map((request) => request.connection),
      [connection],
    );
    client.close();
  });
}

testTransports(
  'a connection is left before the server closes it as announced, and not without that',
  async (t, transport) => {
    const server = await startLoopbackServer(t, answer(text, { fields: { 'Keep-Alive': 'timeout=1' } }));
    const client = createPostClient(loopbackTarget(server.port, { transport }));
    t.is((await perform(client)).outcome, 'ok');
    await delay(machineClock, PAST_LEAVING_MS);
    server.behave(answer(text));
    t.is((await perform(client)).outcome, 'ok');
    t.is(server.requests.at(-1)?.connection, 1);
    await delay(machineClock, PAST_LEAVING_MS);
    t.is((await perform(client)).outcome, 'ok');
    t.is(server.requests.at(-1)?.connection, 1, 'the announcement was that of another connection');
    client.close();
  },
);

testTransports('what was announced holds until the next answer', async (t, transport) => {
  const server = await startLoopbackServer(t, answer(text, { fields: { 'Keep-Alive': 'timeout=2' } }));
  const client = createPostClient(loopbackTarget(server.port, { transport }));
  t.is((await perform(client)).outcome, 'ok');
  server.behave(answer(text));
  t.is((await perform(client)).outcome, 'ok');
  await delay(machineClock, 2000 - LEAVE_BEFORE_MS + 100);
  t.is((await perform(client)).outcome, 'ok');
  t.is(server.connections.length, 1);
  client.close();
});

testTransports('a client that is closed leaves its connection', async (t, transport) => {
  const server = await startLoopbackServer(t, answer(text));
  const client = createPostClient(loopbackTarget(server.port, { transport }));
  const left = async (): Promise<void> => {
    const socket = server.connections.at(-1) as Socket;
    client.close();
    if (!socket.destroyed) await once(socket, 'close');
  };
  t.is(await client.open(), 'ok');
  await server.accepted(1);
  await left();
  t.is((await perform(client)).outcome, 'ok');
  await left();
  server.behave(answer(text, { fields: { Connection: 'odd' } }));
  t.is((await perform(client)).outcome, 'ok');
  t.is((await perform(client)).outcome, 'ok');
  await left();
});

function countOf(outcomes: readonly Outcome[], wanted: Outcome): number {
  return outcomes.filter((outcome) => outcome === wanted).length;
}
