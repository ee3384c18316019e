/** srmLs as a service sees it, and its outcome by the whole answer. */

import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import type { ScenarioSpec } from '../../agent/protocol.ts';
import { parseSurlPath } from '../../frontend/listing/surl-path.ts';
import { checkScenario } from '../../scenarios/check-scenario.ts';
import { prepareScenario } from '../../scenarios/registry.ts';
import type { OperationLabels, ResolvedTarget, ScenarioClient } from '../../scenarios/scenario.ts';
import { surlOf } from '../../scenarios/srm-ls.ts';
import { writeFault, writeLsAnswer } from '../../scenarios/srm/write-answer.ts';
import { lsReply } from '../support/ls-reply.ts';
import {
  type Behaviour,
  type LoopbackServer,
  answer,
  answerBytes,
  answerChunked,
  answerUntilClose,
  loopbackTarget,
  startLoopbackServer,
} from '../support/loopback-server.ts';
import { clientContext, perform } from './http/perform.ts';

const labels = { campaign: 'one-4f', cell: '001-d20-l4-r1', attempt: 2 };
const spec = { kind: 'srm-ls', directory: '/d', detail: 'full', levels: 1 };
const ENTRIES = 1000;

function createClient(target: ResolvedTarget, expectEntries: number | null, given: OperationLabels = labels) {
  const asked: ScenarioSpec = { ...spec, expectEntries };
  return prepareScenario(checkScenario(asked))(clientContext(target, { labels: given, client: 7 }));
}

async function performFrom(client: ScenarioClient, first: number, operations: number): Promise<string[]> {
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

const hasOutcome = test.macro<[Behaviour, string, number?]>({
  async exec(t, behaviour, outcome, expectEntries) {
    const server = await startLoopbackServer(t, behaviour);
    const client = createClient(loopbackTarget(server.port), expectEntries ?? null);
    // Twice, so that nothing of an answer is left in the reader of the next.
    t.deepEqual(await performFrom(client, 0, 2), [outcome, outcome]);
    client.close();
  },
  title: (what, _, outcome) => `${what}: ${outcome}`,
});

const whole = writeLsAnswer(lsReply(ENTRIES));
const withBad = (index: number): string => writeLsAnswer(lsReply(ENTRIES, { index, status: 'SRM_INVALID_PATH' }));

test('all entries are right', hasOutcome, answer(whole), 'ok', ENTRIES);
test('the 1000th of 1000 entries is wrong', hasOutcome, answer(withBad(999)), 'status/SRM_INVALID_PATH', ENTRIES);
test('the 999th of 1000 entries is wrong', hasOutcome, answer(withBad(998)), 'status/SRM_INVALID_PATH', ENTRIES);
test('the 1st of 1000 entries is wrong', hasOutcome, answer(withBad(0)), 'status/SRM_INVALID_PATH', ENTRIES);
test('an entry is missing', hasOutcome, answer(writeLsAnswer(lsReply(ENTRIES - 1))), 'status/entry-count', ENTRIES);
test('an entry too many', hasOutcome, answer(writeLsAnswer(lsReply(ENTRIES + 1))), 'status/entry-count', ENTRIES);
test('nobody said how many entries there are', hasOutcome, answer(writeLsAnswer(lsReply(3))), 'ok');
test(
  'the request has failed',
  hasOutcome,
  answer(writeLsAnswer({ requestStatus: 'SRM_INTERNAL_ERROR', explanation: 'no', paths: [] })),
  'status/SRM_INTERNAL_ERROR',
);
test('a fault', hasOutcome, answer(writeFault('Server', 'no'), { status: 500 }), 'status/soap-fault');
test('a fault that calls itself a success', hasOutcome, answer(writeFault('Server', 'no')), 'status/soap-fault');
test('HTTP 500 without SOAP', hasOutcome, answer('<h1>oh</h1>', { status: 500 }), 'status/http-500');
test('HTTP 503 counts, whatever it carries', hasOutcome, answer(whole, { status: 503 }), 'status/http-503');
test('HTTP 404', hasOutcome, answer('not here', { status: 404 }), 'status/http-404');
test('no XML', hasOutcome, answer('{"ok":true}'), 'malformed');
test('nothing', hasOutcome, answer(''), 'malformed');
test('XML that ends early', hasOutcome, answer(whole.slice(0, -20)), 'malformed');
test('two answers in one', hasOutcome, answer(whole + whole), 'malformed');
test('other XML', hasOutcome, answer('<a/>'), 'malformed');
test(
  'in chunks of any size',
  hasOutcome,
  answerChunked(whole.slice(0, 1), whole.slice(1, 70_000), whole.slice(70_000)),
  'ok',
  ENTRIES,
);
test('until the connection ends', hasOutcome, answerUntilClose(whole), 'ok', ENTRIES);
test('until the connection ends too early', hasOutcome, answerUntilClose(whole.slice(0, -1)), 'malformed', ENTRIES);

test('after what can’t be read comes what can', async (t) => {
  const server = await startLoopbackServer(t, answer('<soapenv:Envelope'));
  const client = createClient(loopbackTarget(server.port), 3);
  t.deepEqual(await performFrom(client, 0, 1), ['malformed']);
  server.behave(answer(writeLsAnswer(lsReply(3))));
  t.deepEqual(await performFrom(client, 1, 1), ['ok']);
  client.close();
});

test('an answer may be split anywhere, in the middle of a character too', async (t) => {
  const server = await startLoopbackServer(t, () => {});
  const client = createClient(loopbackTarget(server.port), 2);
  const bytes = answerBytes(writeLsAnswer(lsReply(2, null, '/dåta/文件-')));
  for (let at = 1; at < bytes.length; at += 1) {
    server.behave((socket) =>
      socket.write(bytes.subarray(0, at), () => setTimeout(() => socket.write(bytes.subarray(at)))),
    );
    const outcomes = await performFrom(client, 0, 1);
    if (outcomes[0] !== 'ok') t.fail(`split at ${at}: ${outcomes[0]}`);
  }
  t.is(server.connections.length, 1);
  client.close();
});

function namesOf({ requests }: LoopbackServer): string[][] {
  return requests.map(({ headers }) => Object.keys(headers));
}

async function performLabelled(t: ExecutionContext, given: OperationLabels): Promise<LoopbackServer> {
  const server = await startLoopbackServer(t, answer(writeLsAnswer(lsReply(0))));
  const client = createClient(loopbackTarget(server.port), 0, given);
  t.deepEqual(await performFrom(client, 0, 3), ['ok', 'ok', 'ok']);
  t.deepEqual(await performFrom(client, 9, 1), ['ok']);
  client.close();
  return server;
}

test('each request names campaign, cell, attempt, client and its own sequence', async (t) => {
  const { requests } = await performLabelled(t, labels);
  t.deepEqual(
    requests.map(({ headers }) => headers['glidetester-operation']),
    [0, 1, 2, 9].map((sequence) => `one-4f/001-d20-l4-r1/2/7/${sequence}`),
  );
});

test('without labels no request carries the header, and nothing else differs', async (t) => {
  const bare = await performLabelled(t, null);
  const labelled = await performLabelled(t, labels);
  t.deepEqual(
    namesOf(bare),
    namesOf(labelled).map((names) => names.filter((name) => name !== 'glidetester-operation')),
  );
});

test('a request is SOAP 1.1 by POST, and says who sends it', async (t) => {
  const server = await startLoopbackServer(t, answer(writeLsAnswer(lsReply(0))));
  const target = loopbackTarget(server.port, {
    origin: 'http://storage.example:8080',
    userAgent: 'glidetester/1 (load test by me)',
  });
  const client = createClient(target, 0);
  t.deepEqual(await performFrom(client, 0, 1), ['ok']);
  const [{ line, headers, body }] = server.requests as [LoopbackServer['requests'][number]];
  t.is(line, 'POST /srm/v2/server HTTP/1.1');
  t.like(headers, {
    host: 'storage.example:8080',
    'content-type': 'text/xml; charset=utf-8',
    soapaction: '"Ls"',
    'user-agent': 'glidetester/1 (load test by me)',
  });
  t.true(body.includes('<urlArray>srm://storage.example:8080/srm/v2/server?SFN=/d</urlArray>'));
  client.close();
});

const isSurl = test.macro<[string, string]>({
  exec(t, directory, encoded) {
    t.is(surlOf('http://h.example:8080', '/srm', directory), `srm://h.example:8080/srm?SFN=${encoded}`);
  },
  title: (_, directory) => `the SURL of ${directory}`,
});
test(isSurl, '/plain/path-1_2.3~', '/plain/path-1_2.3~');
test(isSurl, '/with blank', '/with%20blank');
test(isSurl, '/a#b', '/a%23b');
test(isSurl, '/a?b=c&d', '/a%3Fb=c&d');
test(isSurl, '/100%', '/100%25');
test(isSurl, '/%20', '/%2520');
test(isSurl, '/dåta/文件', '/d%C3%A5ta/%E6%96%87%E4%BB%B6');
test(isSurl, '/"<>[]^`{|}\\', '/%22%3C%3E%5B%5D%5E%60%7B%7C%7D%5C');

test('a SURL always has its port, since none would stand for another one', (t) => {
  t.is(surlOf('http://h.example', '/s', '/d'), 'srm://h.example:80/s?SFN=/d');
  t.is(surlOf('https://h.example', '/s', '/d'), 'srm://h.example:443/s?SFN=/d');
  t.is(surlOf('http://[::1]:8080', '/s', '/d'), 'srm://[::1]:8080/s?SFN=/d');
});

test('the frontend finds any path in its SURL again, which is printable ASCII without blanks', (t) => {
  const name = fc.string({ unit: 'grapheme' }).filter((text) => !/[/\0]|^\.{0,2}$/.test(text) && text.isWellFormed());
  fc.assert(
    fc.property(fc.array(name), (names) => {
      const surl = surlOf('http://h:1', '/srm', `/${names.join('/')}`);
      t.deepEqual(parseSurlPath(surl)?.names, names);
      t.regex(surl, /^[!-~]+$/);
    }),
  );
});
