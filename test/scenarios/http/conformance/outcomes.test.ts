/** How operations end, one after the other without a pause between them. */

import test from 'ava';
import {
  type Behaviour,
  answer,
  answerBytes,
  answerChunked,
  answerPart,
  answerUntilClose,
  close,
  hang,
  loopbackTarget,
  reset,
  say,
  startLoopbackServer,
} from '../../../support/loopback-server.ts';
import { createPostClient, perform, performAll } from '../perform.ts';
import { TRANSPORTS } from '../transports.ts';

const kept = { connection: { perOperation: false } };
const perOperation = { connection: { perOperation: true } };
const KINDS = TRANSPORTS.flatMap((transport) => [[transport, kept] as const, [transport, perOperation] as const]);
/** Short in the one phase that is to end by its timeout, so that a busy machine makes no other one of it. */
const shortAnswer = { timeoutsMs: { connect: 20_000, handshake: 20_000, answer: 100 } };

/** What a server does and the outcome it makes, over each transport, both for kept connections and for one an operation. */
const hasOutcome = test.macro<[Behaviour, string]>({
  async exec(t, behaviour, outcome) {
    const timeouts = outcome.endsWith('-timeout') ? shortAnswer : {};
    for (const [transport, connection] of KINDS) {
      const server = await startLoopbackServer(t, behaviour);
      const client = createPostClient(loopbackTarget(server.port, { transport, ...connection, ...timeouts }));
      t.is((await perform(client)).outcome, outcome);
      t.deepEqual(await performAll(client, 3), [outcome, outcome, outcome]);
      t.true(server.requests.length <= 4, 'nothing is sent twice');
      client.close();
    }
  },
  title: (what, _, outcome) => `${what} is ${outcome}`,
});

const text = 'the whole answer';
const head = answerBytes(text).length - text.length;
const junk = 'x'.repeat(100);

test('an answer with its length', hasOutcome, answer(text), 'ok');
test('an answer in chunks', hasOutcome, answerChunked('the whole', ' ', 'answer'), 'ok');
test('an answer that ends with the connection', hasOutcome, answerUntilClose(text), 'ok');
test('an answer without a body', hasOutcome, answer(''), 'ok');
test(
  'a hint before the answer',
  hasOutcome,
  say(`HTTP/1.1 103 Early Hints\r\n\r\n${answerBytes(text).toString()}`),
  'ok',
);
test('HTTP 503', hasOutcome, answer('busy', { status: 503 }), 'status/http-503');
test('HTTP 204', hasOutcome, say('HTTP/1.1 204 No Content\r\n\r\n'), 'status/http-204');
test('HTTP 302', hasOutcome, answer('', { status: 302, fields: { Location: '/elsewhere' } }), 'status/http-302');
test('no answer', hasOutcome, hang, 'answer-timeout');
test('half a head and no more', hasOutcome, answerPart(text, 12, hang), 'answer-timeout');
test('half a body and no more', hasOutcome, answerPart(text, head + 3, hang), 'answer-timeout');
test(
  'half an unusual body and no more',
  hasOutcome,
  say('HTTP/1.1 200 OK\r\nConnection: odd\r\nContent-Length: 9\r\n\r\nhalf'),
  'answer-timeout',
);
test('an unusual body without end', hasOutcome, say('HTTP/1.0 200 OK\r\nUpgrade: x\r\n\r\nhalf'), 'answer-timeout');
test('a body without end', hasOutcome, say('HTTP/1.1 200 OK\r\n\r\nhalf'), 'answer-timeout');
test('a hint and no more', hasOutcome, say('HTTP/1.1 103 Early Hints\r\n\r\n'), 'answer-timeout');
test('a reset', hasOutcome, reset, 'reset');
test('an end without an answer', hasOutcome, close, 'reset');
test('an end in the head', hasOutcome, answerPart(text, 12, close), 'reset');
test('an end in the body', hasOutcome, answerPart(text, head + 3, close), 'reset');
test('a reset in the body', hasOutcome, answerPart(text, head + 3, reset), 'reset');
test(
  'an end in the body of a last answer',
  hasOutcome,
  (socket) => socket.end(answerBytes(text, { fields: { Connection: 'close' } }).subarray(0, -3)),
  'reset',
);
test(
  'an end between chunks',
  hasOutcome,
  (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'),
  'reset',
);
test('garbage', hasOutcome, say('220 mail.example ESMTP\r\n'), 'malformed');
test(
  'garbage instead of a chunk',
  hasOutcome,
  say('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'),
  'malformed',
);
test(
  'two lengths',
  hasOutcome,
  say('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'),
  'malformed',
);
test('a head without end', hasOutcome, say(`HTTP/1.1 200 OK\r\n${`X-Junk: ${junk}\r\n`.repeat(400)}`), 'malformed');
test(
  'an upgrade that nobody asked for',
  hasOutcome,
  say('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
  'malformed',
);
