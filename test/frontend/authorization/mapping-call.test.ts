import { once } from 'node:events';
import { type RequestListener, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import type { Mapping } from '../../../frontend/authorization/authorizer.ts';
import { type MappingCall, createMappingCall } from '../../../frontend/authorization/mapping-call.ts';

async function startPeer(
  t: ExecutionContext,
  listener: RequestListener,
): Promise<{ url: URL; connections: () => number }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  let connections = 0;
  server.on('connection', () => (connections += 1));
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/gums?x=1`),
    connections: () => connections,
  };
}

function createCall(t: ExecutionContext, url: URL, timeoutMs?: number): { call: MappingCall; made: () => number } {
  let made = 0;
  const call = createMappingCall(url, () => (made += 1), timeoutMs === undefined ? {} : { timeoutMs });
  t.teardown(() => call.close());
  return { call, made: () => made };
}

test('each mapping is one request, and connections are kept', async (t) => {
  const asked: string[] = [];
  const { url, connections } = await startPeer(t, (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${body}`);
      response.end('{"localUser":"load001","more":1}');
    });
  });
  const { call, made } = createCall(t, url);
  for (let round = 0; round < 20; round += 1) {
    t.deepEqual(await call.map('/CN="a"'), { kind: 'mapped', localUser: 'load001' });
  }
  t.deepEqual(
    asked,
    Array.from({ length: 20 }, () => String.raw`POST /gums?x=1 {"dn":"/CN=\"a\""}`),
  );
  t.is(made(), 20);
  // The next request may come before the last answer's connection counts as free.
  t.true(connections() <= 2, String(connections()));
});

test('mappings at once are asked at once', async (t) => {
  const waiting: (() => void)[] = [];
  const { url, connections } = await startPeer(t, (_request, response) => {
    waiting.push(() => response.end('{"localUser":"u"}'));
    // Nobody is answered before all have come.
    if (waiting.length === 20) for (const answer of waiting) answer();
  });
  const { call } = createCall(t, url);
  const mappings = await Promise.all(Array.from({ length: 20 }, (_, index) => call.map(`/CN=${index}`)));
  t.true(mappings.every(({ kind }) => kind === 'mapped'));
  t.is(connections(), 20);
});

async function answers(t: ExecutionContext, status: number, body: string, mapping: Mapping): Promise<void> {
  const { url } = await startPeer(t, (_request, response) => void response.writeHead(status).end(body));
  t.deepEqual(await createCall(t, url).call.map('/CN=a'), mapping);
}
const unreadable: Mapping = { kind: 'failed', reason: "the mapping service's answer cannot be read" };
test('404 is an identity that is not mapped', answers, 404, '{}', { kind: 'unmapped' });
test('500 is a failure', answers, 500, '{"localUser":"u"}', {
  kind: 'failed',
  reason: 'the mapping service answered HTTP 500',
});
test('a redirect is not followed', answers, 302, '', {
  kind: 'failed',
  reason: 'the mapping service answered HTTP 302',
});
test('an answer that is no JSON is a failure', answers, 200, 'load001', unreadable);
test('an answer without a local user is a failure', answers, 200, '{}', unreadable);
test('an empty local user is a failure', answers, 200, '{"localUser":""}', unreadable);
test('a local user that is no text is a failure', answers, 200, '{"localUser":7}', unreadable);

async function fails(t: ExecutionContext, listener: RequestListener, reason: RegExp): Promise<void> {
  const { url } = await startPeer(t, listener);
  const mapping = await createCall(t, url, 100).call.map('/CN=a');
  t.is(mapping.kind, 'failed');
  if (mapping.kind === 'failed') t.regex(mapping.reason, reason);
}
test('an answer without end is a failure', fails, (_, response) => pour(response), /did not answer: .*size/i);
test('a service that hangs up is a failure', fails, (request) => request.socket.resetAndDestroy(), /did not answer/);
test('a service that never answers is a failure', fails, () => {}, /did not answer: .*timeout/i);
test(
  'a service that stops in the middle is a failure',
  fails,
  (_, response) => void response.write('{"local'),
  /did not answer: .*timeout/i,
);

function pour(response: Parameters<RequestListener>[1]): void {
  const more = (): void => {
    while (!response.destroyed && response.write('x'.repeat(10_000)));
  };
  response.on('drain', more);
  more();
}

/** While nobody listens there, a client of another test may be given the port on 127.0.0.1 as its own. */
const NOBODY_ELSES_ADDRESS = '127.77.0.2';

test('a service that is down is a failure, and one that comes back is asked again', async (t) => {
  const { url } = await startPeer(t, (_request, response) => void response.end('{"localUser":"u"}'));
  const down = createServer().listen(0, NOBODY_ELSES_ADDRESS);
  await once(down, 'listening');
  const { port } = down.address() as AddressInfo;
  down.close();
  await once(down, 'close');
  const { call, made } = createCall(t, new URL(`http://${NOBODY_ELSES_ADDRESS}:${port}/`));
  t.like(await call.map('/CN=a'), { kind: 'failed' });
  const back = createServer((_request, response) => void response.end('{"localUser":"u"}')).listen(
    port,
    NOBODY_ELSES_ADDRESS,
  );
  await once(back, 'listening');
  t.teardown(() => {
    back.close();
    back.closeAllConnections();
  });
  t.deepEqual(await call.map('/CN=a'), { kind: 'mapped', localUser: 'u' });
  t.is(made(), 2);
  t.like(await createCall(t, url).call.map('/CN=a'), { kind: 'mapped' });
});
