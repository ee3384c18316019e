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
  say,
  startLoopbackServer,
} from '../../../support/loopback-server.ts';
import { createPostClient, perform } from '../perform.ts';
import { TRANSPORTS, type Transport, isNested, testTransports } from '../transports.ts';

const text = 'the whole answer';
const head = answerBytes(text).length - text.length;

const UNUSUAL = 'HTTP/1.1 200 OK\r\nConnection: odd\r\nContent-Length: 9\r\n\r\nhalf';
const UNTIL_CLOSE = 'HTTP/1.1 200 OK\r\n\r\nhalf';
const hasBytes = ({ answerBytes: bytes }: Exchange): boolean => bytes > 0;

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
  for (const connection of [kept, perOperation]) {
    const of = connection === kept ? 'of a kept connection' : 'of a connection of its own';
    const inAnswer: [string, Behaviour, (exchange: Exchange) => boolean][] = [
      ['in the head', answerPart(text, 12, hang), ({ firstByteAtMs }) => firstByteAtMs > 0],
      ['in the body', answerPart(text, head + 3, hang), hasBytes],
      ['in a chunk', say('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf'), hasBytes],
      ['in a body until the end', say(UNTIL_CLOSE), hasBytes],
      ['in the last body', say(UNTIL_CLOSE.replace('OK', 'OK\r\nConnection: close')), hasBytes],
      ['in an unusual body', say(UNUSUAL), hasBytes],
      ['in an unusual body until the end', say(UNTIL_CLOSE.replace('OK', 'OK\r\nUpgrade: x')), hasBytes],
    ];
    for (const [where, behaviour, isThere] of inAnswer)
      test(isAborted, transport, `${where} ${of}`, { connection, behaviour, isThere, isRow: true });
  }
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
