/** What is so of every transport beside the answers: where its requests go, and what its process and host lack. */

import { spawn } from 'node:child_process';
import { text as readAll } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import type { Outcome } from '../../../foundation/outcome.ts';
import type { ResolvedTarget } from '../../../scenarios/scenario.ts';
import { LARGEST_ANSWER_BYTES } from '../../../scenarios/http/http-client.ts';
import { answer, loopbackTarget, startLoopbackServer } from '../../support/loopback-server.ts';
import { createPostClient, perform } from './perform.ts';
import { testTransports } from './transports.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/perform-at-once.ts', import.meta.url));

const kept = { connection: { perOperation: false } };
const perOperation = { connection: { perOperation: true } };
/** Short in the one phase that is to end by its timeout, so that a busy machine makes no other one of it. */
const shortAnswer = { timeoutsMs: { connect: 20_000, handshake: 20_000, answer: 100 } };
const text = 'the whole answer';

testTransports('a redirect is an outcome and is not followed', async (t, transport) => {
  const elsewhere = await startLoopbackServer(t, answer(text));
  const location = `http://127.0.0.1:${elsewhere.port}/`;
  const server = await startLoopbackServer(t, answer('', { status: 307, fields: { Location: location } }));
  const client = createPostClient(loopbackTarget(server.port, { transport }));
  t.is((await perform(client)).outcome, 'status/http-307');
  t.is(elsewhere.connections.length, 0);
  client.close();
});

testTransports(
  'no name is looked up: the service hears the name of the target at the address that was given',
  async (t, transport) => {
    const server = await startLoopbackServer(t, answer(text));
    const client = createPostClient(loopbackTarget(server.port, { transport, origin: 'http://storage.invalid:8080' }));
    t.is((await perform(client)).outcome, 'ok');
    t.is(server.requests[0]?.headers['host'], 'storage.invalid:8080');
    client.close();
  },
);

testTransports('an answer as large as allowed is read, one byte more is malformed', async (t, transport) => {
  const server = await startLoopbackServer(t, (socket) => {
    const tooMany = server.requests.length - 1;
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${LARGEST_ANSWER_BYTES + tooMany}\r\n\r\n`);
    socket.write(Buffer.alloc(LARGEST_ANSWER_BYTES + tooMany));
  });
  const client = createPostClient(loopbackTarget(server.port, { transport }), {
    begin() {},
    write() {},
    end: () => 'ok',
  });
  const exact = await perform(client);
  t.is(exact.outcome, 'ok');
  t.is(exact.answerBytes, LARGEST_ANSWER_BYTES);
  t.is((await perform(client)).outcome, 'malformed');
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

testTransports(
  'a process without descriptors is to blame itself, and only for what it could not send',
  async (t, transport) => {
    const server = await startLoopbackServer(t, answer(text));
    const target = loopbackTarget(server.port, { ...perOperation, transport });
    const limited = ['sh', '-c', 'ulimit -n 60; exec "$@"', 'limited'];
    const outcomes = await performElsewhere(t, limited, { target, clients: 100, operations: 5 });
    t.is(countOf(outcomes, 'ok') + countOf(outcomes, 'local/no-descriptor'), 500);
    t.true(countOf(outcomes, 'local/no-descriptor') > 0);
    t.is(countOf(outcomes, 'ok'), server.requests.length);
  },
);

testTransports('a host without ports is to blame itself', async (t, transport) => {
  const target = loopbackTarget(40_000, {
    transport,
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

testTransports('no proxy of the environment is asked', async (t, transport) => {
  const proxy = await startLoopbackServer(t, answer(text));
  const server = await startLoopbackServer(t, answer(text));
  const url = `http://127.0.0.1:${proxy.port}`;
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
  const env = { ...Object.fromEntries(names.map((name) => [name, url])), NODE_USE_ENV_PROXY: '1' };
  for (const connection of [kept, perOperation]) {
    const task = { target: loopbackTarget(server.port, { ...connection, transport }), clients: 2, operations: 1 };
    t.deepEqual(await performElsewhere(t, [], task, env), ['ok', 'ok']);
  }
  t.is(server.requests.length, 4);
  t.is(proxy.connections.length, 0);
});
