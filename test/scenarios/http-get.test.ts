/** http-get as a service sees it, and its outcome by status and text. */

import test, { type ExecutionContext } from 'ava';
import type { HttpGetSpec } from '../../scenarios/http-get-spec.ts';
import { checkScenario } from '../../scenarios/check-scenario.ts';
import { prepareScenario } from '../../scenarios/registry.ts';
import type { OperationLabels, ResolvedTarget, ScenarioClient } from '../../scenarios/scenario.ts';
import {
  type Behaviour,
  type LoopbackServer,
  answer,
  answerBytes,
  answerChunked,
  answerUntilClose,
  loopbackTarget,
  say,
  startLoopbackServer,
} from '../support/loopback-server.ts';
import { secureTarget, startSecureServer, testSecurity } from '../support/secure-server.ts';
import { clientContext, perform } from './http/perform.ts';

const SPEC: HttpGetSpec = {
  kind: 'http-get',
  method: 'GET',
  headers: [],
  body: null,
  expectStatus: [200],
  expectText: null,
};
const LABELS = { campaign: 'one-4f', cell: '001-l4-r1', attempt: 2 };
const PATH = '/status?all=1&q=%20';

/** Outcomes and requests are the same by every transport. */
const TRANSPORTS = ['direct', 'undici'] as const;

type Given = {
  spec?: Partial<HttpGetSpec>;
  labels?: OperationLabels;
  perOperation?: boolean;
  transport?: ResolvedTarget['transport'];
};

function createClients(
  server: LoopbackServer,
  clients: number,
  { spec, labels = null, perOperation = false, transport = 'direct' }: Given,
): ScenarioClient[] {
  const userAgent = 'glidetester/1 (load test by me)';
  const target = loopbackTarget(server.port, { path: PATH, userAgent, connection: { perOperation }, transport });
  const create = prepareScenario(checkScenario({ ...SPEC, ...spec }));
  return Array.from({ length: clients }, (_, client) => create(clientContext(target, { labels, client })));
}

async function performAll(client: ScenarioClient, operations: number, first = 0): Promise<string[]> {
  const outcomes: string[] = [];
  for (let sequence = first; sequence < first + operations; sequence += 1) {
    const { outcome } = await perform({
      wake: (nowMs) => client.wake(nowMs),
      perform: (...rest) => client.perform(sequence, ...rest),
    });
    outcomes.push(outcome);
  }
  return outcomes;
}

/** Two operations of one client, so that nothing of one is left in the next. */
async function performTwo(t: ExecutionContext, behaviour: Behaviour, given: Given = {}): Promise<LoopbackServer> {
  const server = await startLoopbackServer(t, behaviour);
  const [client] = createClients(server, 1, given) as [ScenarioClient];
  t.deepEqual(await performAll(client, 2), ['ok', 'ok']);
  client.close();
  return server;
}

/** The same by each transport. */
function performByEach(t: ExecutionContext, behaviour: Behaviour, given: Given = {}): Promise<LoopbackServer[]> {
  return Promise.all(TRANSPORTS.map((transport) => performTwo(t, behaviour, { ...given, transport })));
}

const hasOutcome = test.macro<[Behaviour, string, Partial<HttpGetSpec>?]>({
  async exec(t, behaviour, outcome, spec = {}) {
    const server = await startLoopbackServer(t, behaviour);
    for (const transport of TRANSPORTS) {
      const [client] = createClients(server, 1, { spec, transport }) as [ScenarioClient];
      t.deepEqual(await performAll(client, 2), [outcome, outcome], transport);
      client.close();
    }
  },
  title: (what, _, outcome) => `${what}: ${outcome}`,
});

const NO_BODY = 'HTTP/1.1 204 No Content\r\n\r\n';
const moved = answer('', { status: 302, fields: { Location: '/elsewhere' } });

test('200 with anything', hasOutcome, answer('anything'), 'ok');
test('200 with nothing', hasOutcome, answer(''), 'ok');
test('another status', hasOutcome, answer('no', { status: 404 }), 'status/http-404');
test('another success', hasOutcome, answer('', { status: 201 }), 'status/http-201');
test('a redirect is not followed', hasOutcome, moved, 'status/http-302');
test('a redirect may be what is expected', hasOutcome, moved, 'ok', { expectStatus: [302] });
test('one of several', hasOutcome, say(NO_BODY), 'ok', { expectStatus: [200, 204] });
test('none of several', hasOutcome, answer(''), 'status/http-200', { expectStatus: [201, 204] });
test('the text is there', hasOutcome, answer('it works'), 'ok', { expectText: 'works' });
test('the text is not there', hasOutcome, answer('it work'), 'status/text', { expectText: 'works' });
test('no body, no text', hasOutcome, answer(''), 'status/text', { expectText: 'works' });
test('a text differs in case', hasOutcome, answer('it Works'), 'status/text', { expectText: 'works' });
test('a text that is not ASCII', hasOutcome, answer('größer: 文件'), 'ok', { expectText: 'ößer: 文' });
test('in chunks', hasOutcome, answerChunked('it wo', 'r', 'ks'), 'ok', { expectText: 'works' });
test('until the connection ends', hasOutcome, answerUntilClose('it works'), 'ok', { expectText: 'works' });
test('an error with the text', hasOutcome, answer('works', { status: 503 }), 'status/http-503', {
  expectText: 'works',
});
test('half an answer', hasOutcome, (socket) => socket.end(answerBytes('it works').subarray(0, -3)), 'reset', {
  expectText: 'it',
});
test('no HTTP', hasOutcome, say('hello\r\n\r\n'), 'malformed');

test('a text is found wherever the answer is split', async (t) => {
  const server = await startLoopbackServer(t, () => {});
  const [client] = createClients(server, 1, { spec: { expectText: 'größer' } }) as [ScenarioClient];
  // Ends with the text, so that it lies across every one of the last splits; each answer differs from the one before.
  for (let round = 0; ; round += 1) {
    const bytes = answerBytes(`answer ${round} is größer`);
    const at = bytes.length - 12 + round;
    if (at >= bytes.length) break;
    server.behave((socket) =>
      socket.write(bytes.subarray(0, at), () => setTimeout(() => socket.write(bytes.subarray(at)))),
    );
    t.deepEqual(await performAll(client, 1, round), ['ok'], `split at ${at}`);
  }
  t.is(server.connections.length, 1);
  client.close();
});

test('each answer is looked at: the same, then another, then the first again', async (t) => {
  const server = await startLoopbackServer(t, answer('it works'));
  const [one, two] = createClients(server, 2, { spec: { expectText: 'works' } }) as [ScenarioClient, ScenarioClient];
  t.deepEqual(await performAll(one, 3), ['ok', 'ok', 'ok']);
  server.behave(answer('it worms'));
  t.deepEqual(await performAll(two, 2), ['status/text', 'status/text']);
  t.deepEqual(await performAll(one, 1), ['status/text']);
  server.behave(answer('no', { status: 500 }));
  t.deepEqual(await performAll(one, 1), ['status/http-500']);
  server.behave(answer('it works'));
  t.deepEqual(await performAll(one, 1), ['ok']);
  one.close();
  two.close();
});

test('the request asks for path and query, says who sends it, and what else it was told', async (t) => {
  const headers: HttpGetSpec['headers'] = [
    ['accept', 'text/html'],
    ['authorization', 'Bearer s3cret'],
  ];
  for (const { requests } of await performByEach(t, answer('x'), { spec: { headers } })) {
    t.is(requests.length, 2);
    for (const { line, headers: came, body } of requests) {
      t.is(line, `GET ${PATH} HTTP/1.1`);
      t.is(body, '');
      t.like(came, {
        accept: 'text/html',
        authorization: 'Bearer s3cret',
        'user-agent': 'glidetester/1 (load test by me)',
      });
      t.false('content-length' in came);
      t.false('glidetester-operation' in came);
    }
  }
});

for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
  test(`${method} with a body, byte for byte, and without`, async (t) => {
    const body = Buffer.from('{"größer":"文件"}');
    const headers: HttpGetSpec['headers'] = [['content-type', 'application/json']];
    const spec = { method, headers, body: body.toString('base64') };
    for (const { requests } of await performByEach(t, answer('x'), { spec })) {
      for (const request of requests) {
        t.is(request.line, `${method} ${PATH} HTTP/1.1`);
        t.is(request.body, body.toString());
        t.like(request.headers, { 'content-length': String(body.length), 'content-type': 'application/json' });
      }
    }
    for (const { requests } of await performByEach(t, answer('x'), { spec: { method } })) {
      for (const request of requests) {
        t.is(request.line, `${method} ${PATH} HTTP/1.1`);
        t.is(request.body, '');
        t.is(request.headers['content-length'], method.startsWith('P') ? '0' : undefined);
      }
    }
  });
}

test('HEAD has an answer without a body, and keeps its connection', async (t) => {
  const head = say('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
  for (const { requests, connections } of await performByEach(t, head, { spec: { method: 'HEAD' } })) {
    t.deepEqual(
      requests.map(({ line }) => line.split(' ')[0]),
      ['HEAD', 'HEAD'],
    );
    t.is(connections.length, 1);
  }
});

test('connections are kept, or there is one for each operation', async (t) => {
  for (const { connections } of await performByEach(t, answer('x'))) t.is(connections.length, 1);
  for (const { connections } of await performByEach(t, answer('x'), { perOperation: true }))
    t.is(connections.length, 2);
});

test('over https the same is asked for, and judged in the same way', async (t) => {
  const server = await startSecureServer(t, { gsi: false }, ({ url }, response) => response.end(`you want ${url}`));
  const target = secureTarget(server.port, await testSecurity({ gsi: false }), { path: PATH });
  for (const [expectText, outcome] of [
    [`want ${PATH}`, 'ok'],
    ['need', 'status/text'],
  ] as const) {
    const asked: HttpGetSpec = { ...SPEC, expectText };
    const client = prepareScenario(checkScenario(asked))(clientContext(target));
    t.deepEqual(await performAll(client, 2), [outcome, outcome]);
    client.close();
  }
  t.is(server.connections.length, 4);
});

test('operations name themselves, each client its own, while all send the same otherwise', async (t) => {
  const server = await startLoopbackServer(t, answer('x'));
  const clients = createClients(server, 2, { labels: LABELS, spec: { headers: [['accept', '*/*']] } });
  for (const client of clients) t.deepEqual(await performAll(client, 2), ['ok', 'ok']);
  t.deepEqual(await performAll(clients[0] as ScenarioClient, 1, 9), ['ok']);
  t.deepEqual(
    server.requests.map(({ headers }) => headers['glidetester-operation']),
    ['0/0', '0/1', '1/0', '1/1', '0/9'].map((own) => `one-4f/001-l4-r1/2/${own}`),
  );
  t.is(new Set(server.requests.map(({ headers }) => Object.keys(headers).join())).size, 1);
  for (const client of clients) client.close();
});

test('without labels no request has that header, whoever sends it', async (t) => {
  const server = await startLoopbackServer(t, answer('x'));
  const clients = createClients(server, 2, {});
  for (const client of clients) t.deepEqual(await performAll(client, 1), ['ok']);
  t.deepEqual(
    server.requests.map(({ headers }) => headers['glidetester-operation']),
    [undefined, undefined],
  );
  for (const client of clients) client.close();
});
