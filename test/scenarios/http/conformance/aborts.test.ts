/** Operations that are ended from outside, wherever they are. */

import { setImmediate } from 'node:timers/promises';
import test from 'ava';
import type { Exchange } from '../../../../scenarios/scenario.ts';
import {
  type Behaviour,
  answer,
  answerBytes,
  answerPart,
  hang,
  loopbackTarget,
  startLoopbackServer,
} from '../../../support/loopback-server.ts';
import { createPostClient, perform } from '../perform.ts';
import { TRANSPORTS, type Transport, isNested, testTransports } from '../transports.ts';

const text = 'the whole answer';
const head = answerBytes(text).length - text.length;

const kept = { connection: { perOperation: false } };
const perOperation = { connection: { perOperation: true } };

/** How far an operation is when it is ended, and whether it is a row then. */
const isAborted = test.macro<
  [
    Transport,
    string,
    {
      connection: typeof kept;
      isOpen?: boolean;
      behaviour?: Behaviour;
      isThere: (exchange: Exchange) => boolean;
      isRow: boolean;
    },
  ]
>({
  async exec(t, transport, _where, { connection, isOpen = false, behaviour = hang, isThere, isRow }) {
    const server = await startLoopbackServer(t, answer(text));
    const client = createPostClient(loopbackTarget(server.port, { ...connection, transport }));
    if (isOpen) await perform(client);
    server.behave(behaviour);
    const received = server.requests.length;
    const exchange = await perform(client, async (underWay) => {
      while (!isThere(underWay)) await setImmediate();
      client.abort('cut');
      client.abort('reset');
    });
    t.is(exchange.outcome, 'cut');
    t.is(Number.isNaN(exchange.startedAtMs), !isRow);
    if (isRow) isNested(t, [exchange.startedAtMs, exchange.endedAtMs]);
    else t.is(server.requests.length, received);
    client.abort('reset'); // nothing is under way
    server.behave(answer(text));
    t.is((await perform(client)).outcome, 'ok', 'the client goes on');
    client.close();
  },
  title: (_, transport, where) => `${transport}: an operation ends once with the reason that it was given: ${where}`,
});
for (const transport of TRANSPORTS) {
  test(isAborted, transport, 'before it connects', { connection: perOperation, isThere: () => true, isRow: false });
  test(isAborted, transport, 'before it is sent', {
    connection: kept,
    isOpen: true,
    isThere: () => true,
    isRow: false,
  });
  test(isAborted, transport, 'while it connects', {
    connection: perOperation,
    isThere: ({ startedAtMs }) => startedAtMs > 0,
    isRow: true,
  });
  test(isAborted, transport, 'while it waits', {
    connection: kept,
    isOpen: true,
    isThere: ({ startedAtMs }) => startedAtMs > 0,
    isRow: true,
  });
  test(isAborted, transport, 'in the body', {
    connection: kept,
    behaviour: answerPart(text, head + 3, hang),
    isThere: ({ answerBytes: bytes }) => bytes > 0,
    isRow: true,
  });
}

testTransports('a client can be closed at any moment, and more than once', async (t, transport) => {
  const server = await startLoopbackServer(t, answer(text));
  const client = createPostClient(loopbackTarget(server.port, { transport }));
  client.close();
  const opening = client.open();
  client.close();
  t.not(await opening, 'ok');
  t.is((await perform(client)).outcome, 'ok');
  client.close();
  client.close();
  t.is((await perform(client)).outcome, 'ok');
  client.close();
});
