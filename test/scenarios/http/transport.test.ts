/** Every outcome of an operation over HTTP, against real servers. */

import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { text as readAll } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { once } from 'node:events';
import test, { type ExecutionContext } from 'ava';
import { every, machineClock } from '../../../foundation/clock.ts';
import type { Outcome } from '../../../foundation/outcome.ts';
import { type Exchange, type ResolvedTarget, createExchange } from '../../../scenarios/scenario.ts';
import { LARGEST_ANSWER_BYTES } from '../../../scenarios/http/http-client.ts';
import {
  PORT_OF_NOBODY,
  type Behaviour,
  answer,
  answerAndClose,
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
} from '../../support/loopback-server.ts';
import { createPostClient, createTextReader, perform, performAll } from './perform.ts';
import { startUnacceptingServer } from './unaccepting-server.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/perform-at-once.ts', import.meta.url));

const kept = { connection: { perOperation: false } };
const perOperation = { connection: { perOperation: true } };
/** Short in the one phase that is to end by its timeout, so that a busy machine makes no other one of it. */
const shortAnswer = { timeoutsMs: { connect: 20_000, handshake: 20_000, answer: 100 } };
const shortConnect = { timeoutsMs: { connect: 100, handshake: 20_000, answer: 20_000 } };

/** What a server does and the outcome it makes, both for kept connections and for one an operation. */
const hasOutcome = test.macro<[Behaviour, string]>({
  async exec(t, behaviour, outcome) {
    const timeouts = outcome.endsWith('-timeout') ? shortAnswer : {};
    for (const connection of [kept, perOperation]) {
      const server = await startLoopbackServer(t, behaviour);
      const client = createPostClient(loopbackTarget(server.port, { ...connection, ...timeouts }));
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

test('nobody who listens is refused', async (t) => {
  for (const connection of [kept, perOperation]) {
    const client = createPostClient(loopbackTarget(PORT_OF_NOBODY, connection));
    t.is(await client.open(), connection === kept ? 'refused' : 'ok');
    const exchange = await perform(client);
    t.is(exchange.outcome, 'refused');
    t.true(exchange.startedAtMs <= exchange.endedAtMs);
    t.is(exchange.connectedAtMs, Number.NaN);
    t.deepEqual(await performAll(client, 3), ['refused', 'refused', 'refused']);
  }
});

test('a full accept queue is connect-timeout, when opening and when performing', async (t) => {
  const { port } = await startUnacceptingServer(t);
  const keeping = createPostClient(loopbackTarget(port, { ...kept, ...shortConnect }));
  const stop = every(machineClock, 2, () => keeping.wake(machineClock.nowMs()));
  t.is(await keeping.open(), 'connect-timeout');
  stop();
  const exchange = await perform(createPostClient(loopbackTarget(port, { ...perOperation, ...shortConnect })));
  t.is(exchange.outcome, 'connect-timeout');
  t.false(Number.isNaN(exchange.startedAtMs));
  t.is(exchange.connectedAtMs, Number.NaN);
});

test('an operation that begins when one has failed to connect has a socket of its own', async (t) => {
  const { port, accept } = await startUnacceptingServer(t);
  const client = createPostClient(loopbackTarget(port, perOperation));
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
});

test('operations share the connection that was opened before them, and their time begins with the request', async (t) => {
  const server = await startLoopbackServer(t, answer(text));
  const client = createPostClient(loopbackTarget(server.port));
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
});

test('a connection per operation is used once, ended by the client, and its time begins with connect()', async (t) => {
  const server = await startLoopbackServer(t, answer(text));
  const client = createPostClient(loopbackTarget(server.port, perOperation));
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
});

test('of clients that start in one go, each one begins with its own connect()', async (t) => {
  const server = await startLoopbackServer(t, answer(text));
  const clients = Array.from({ length: 100 }, () => createPostClient(loopbackTarget(server.port, perOperation)));
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

const reopens = test.macro<[string, (socket: Socket) => void]>({
  async exec(t, _how, leave) {
    const server = await startLoopbackServer(t, answer(text));
    const client = createPostClient(loopbackTarget(server.port));
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
  title: (_, how) => `an idle connection that the server ${how} is opened again, inside the next operation`,
});
test(reopens, 'ends', (socket) => socket.end());
test(reopens, 'resets', (socket) => socket.resetAndDestroy());

test('a connection that the server said to close is opened again', async (t) => {
  const server = await startLoopbackServer(t, answer(text, { fields: { Connection: 'close' } }));
  const client = createPostClient(loopbackTarget(server.port));
  t.deepEqual(await performAll(client, 3), ['ok', 'ok', 'ok']);
  t.is(server.connections.length, 3);
  client.close();
});

test('a server that ends the connection when the request comes has reset it, and does not get it again', async (t) => {
  const server = await startLoopbackServer(t, answer(text));
  const client = createPostClient(loopbackTarget(server.port));
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
});

test('a server that leaves after each answer without a word is reset where it crosses the next request, and gets none twice', async (t) => {
  const server = await startLoopbackServer(t, answerAndClose(text));
  const keeping = createPostClient(loopbackTarget(server.port));
  const outcomes = await performAll(keeping, 20);
  t.true(outcomes.every((outcome) => outcome === 'ok' || outcome === 'reset'));
  t.true(server.requests.length <= 20);
  const frugal = createPostClient(loopbackTarget(server.port, perOperation));
  t.is(countOf(await performAll(frugal, 20), 'ok'), 20);
});

test('a redirect is an outcome and is not followed', async (t) => {
  const elsewhere = await startLoopbackServer(t, answer(text));
  const location = `http://127.0.0.1:${elsewhere.port}/`;
  const server = await startLoopbackServer(t, answer('', { status: 307, fields: { Location: location } }));
  const client = createPostClient(loopbackTarget(server.port));
  t.is((await perform(client)).outcome, 'status/http-307');
  t.is(elsewhere.connections.length, 0);
  client.close();
});

test('no name is looked up: the service hears the name of the target at the address that was given', async (t) => {
  const server = await startLoopbackServer(t, answer(text));
  const client = createPostClient(loopbackTarget(server.port, { origin: 'http://storage.invalid:8080' }));
  t.is((await perform(client)).outcome, 'ok');
  t.is(server.requests[0]?.headers['host'], 'storage.invalid:8080');
  client.close();
});

test('an answer as large as allowed is read, one byte more is malformed', async (t) => {
  const server = await startLoopbackServer(t, (socket) => {
    const tooMany = server.requests.length - 1;
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${LARGEST_ANSWER_BYTES + tooMany}\r\n\r\n`);
    socket.write(Buffer.alloc(LARGEST_ANSWER_BYTES + tooMany));
  });
  const client = createPostClient(loopbackTarget(server.port), { begin() {}, write() {}, end: () => 'ok' });
  const exact = await perform(client);
  t.is(exact.outcome, 'ok');
  t.is(exact.answerBytes, LARGEST_ANSWER_BYTES);
  t.is((await perform(client)).outcome, 'malformed');
  client.close();
});

test('an answer may come in any two pieces', async (t) => {
  const server = await startLoopbackServer(t, hang);
  const reader = createTextReader();
  const client = createPostClient(loopbackTarget(server.port), reader);
  const bytes = answerBytes(text);
  for (let at = 1; at < bytes.length; at += 1) {
    server.behave((socket) =>
      socket.write(bytes.subarray(0, at), () => setTimeout(() => socket.write(bytes.subarray(at)))),
    );
    const exchange = await perform(client);
    if (exchange.outcome !== 'ok' || reader.text !== text)
      t.fail(`split at ${at}: ${exchange.outcome}, ${reader.text}`);
  }
  t.is(server.connections.length, 1);
  client.close();
});

/** How far an operation is when it is ended, and whether it is a row then. */
const isAborted = test.macro<
  [
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
  async exec(t, _where, { connection, isOpen = false, behaviour = hang, isThere, isRow }) {
    const server = await startLoopbackServer(t, answer(text));
    const client = createPostClient(loopbackTarget(server.port, connection));
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
  title: (_, where) => `an operation ends once with the reason that it was given: ${where}`,
});
test(isAborted, 'before it connects', { connection: perOperation, isThere: () => true, isRow: false });
test(isAborted, 'before it is sent', { connection: kept, isOpen: true, isThere: () => true, isRow: false });
test(isAborted, 'while it connects', {
  connection: perOperation,
  isThere: ({ startedAtMs }) => startedAtMs > 0,
  isRow: true,
});
test(isAborted, 'while it waits', {
  connection: kept,
  isOpen: true,
  isThere: ({ startedAtMs }) => startedAtMs > 0,
  isRow: true,
});
test(isAborted, 'in the body', {
  connection: kept,
  behaviour: answerPart(text, head + 3, hang),
  isThere: ({ answerBytes: bytes }) => bytes > 0,
  isRow: true,
});

test('a client can be closed at any moment, and more than once', async (t) => {
  const server = await startLoopbackServer(t, answer(text));
  const client = createPostClient(loopbackTarget(server.port));
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

type Task = { target: ResolvedTarget; clients: number; operations: number; serve?: boolean };

/** The outcomes of clients that perform all at once, in a process started by `command`. */
async function performElsewhere(t: ExecutionContext, command: string[], task: Task, env = {}): Promise<Outcome[]> {
  const [program, ...parameters] = [...command, process.execPath, FIXTURE, JSON.stringify({ serve: false, ...task })];
  const child = spawn(program, parameters, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  t.teardown(() => child.kill('SIGKILL'));
  const printed = await readAll(child.stdout);
  return printed === '' ? [] : (JSON.parse(printed) as Outcome[]);
}

function countOf(outcomes: readonly Outcome[], wanted: Outcome): number {
  return outcomes.filter((outcome) => outcome === wanted).length;
}

test('a process without descriptors is to blame itself, and only for what it could not send', async (t) => {
  const server = await startLoopbackServer(t, answer(text));
  const target = loopbackTarget(server.port, perOperation);
  const limited = ['sh', '-c', 'ulimit -n 60; exec "$@"', 'limited'];
  const outcomes = await performElsewhere(t, limited, { target, clients: 100, operations: 5 });
  t.is(countOf(outcomes, 'ok') + countOf(outcomes, 'local/no-descriptor'), 500);
  t.true(countOf(outcomes, 'local/no-descriptor') > 0);
  t.is(countOf(outcomes, 'ok'), server.requests.length);
});

test('a host without ports is to blame itself', async (t) => {
  const target = loopbackTarget(40_000, {
    ...perOperation,
    ...shortAnswer,
  });
  const script = 'ip link set lo up && echo "50000 50002" > /proc/sys/net/ipv4/ip_local_port_range && exec "$@"';
  const outcomes = await performElsewhere(t, ['unshare', '-rn', 'sh', '-c', script, 'apart'], {
    target,
    clients: 8,
    operations: 1,
    serve: true,
  });
  if (outcomes.length === 0) {
    t.log('skipped: needs `apt-get install -y iproute2` and the right to make a network namespace');
    t.pass();
    return;
  }
  t.is(countOf(outcomes, 'answer-timeout') + countOf(outcomes, 'local/no-port'), 8);
  t.true(countOf(outcomes, 'local/no-port') >= 5, 'there were three ports');
});

test('no proxy of the environment is asked', async (t) => {
  const proxy = await startLoopbackServer(t, answer(text));
  const server = await startLoopbackServer(t, answer(text));
  const url = `http://127.0.0.1:${proxy.port}`;
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
  const env = { ...Object.fromEntries(names.map((name) => [name, url])), NODE_USE_ENV_PROXY: '1' };
  for (const connection of [kept, perOperation]) {
    const task = { target: loopbackTarget(server.port, connection), clients: 2, operations: 1 };
    t.deepEqual(await performElsewhere(t, [], task, env), ['ok', 'ok']);
  }
  t.is(server.requests.length, 4);
  t.is(proxy.connections.length, 0);
});

function isNested(t: ExecutionContext, instantsMs: number[]): void {
  t.deepEqual(
    instantsMs,
    instantsMs.toSorted((a, b) => a - b),
  );
}
