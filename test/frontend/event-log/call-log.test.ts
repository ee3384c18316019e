import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createAuthorizer } from '../../../frontend/authorization/create-authorizer.ts';
import type { EventLogOptions } from '../../../frontend/event-log/call-log.ts';
import { type FrontendOptions, startFrontend } from '../../../frontend/main.ts';
import { writeLsRequest } from '../../../scenarios/srm/write-request.ts';
import { eventually } from '../../support/eventually.ts';
import { startFrontendProcess } from '../../support/frontend-process.ts';
import { makeDirectory } from '../fresh-directory.ts';
import { postLs, postSoap, writePathRequest } from '../soap-client.ts';
import { everybodyIs, startService } from '../start-service.ts';

const FILES = { 'd/a': '', 'd/b': 'xy' };

async function start(t: ExecutionContext, eventLog: Partial<EventLogOptions>, more: Partial<FrontendOptions> = {}) {
  const file = join(makeDirectory(t), 'event.log');
  const root = makeDirectory(t, FILES);
  const options = { root, port: 0, fsConcurrency: 1, eventLog: { file, level: 'INFO' as const, ...eventLog }, ...more };
  const frontend = await startFrontend(options);
  t.teardown(() => frontend.stop());
  return { ...frontend, lines: () => readLines(file) };
}

/** Without time and spans, which differ. */
function readLines(file: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  if (lines.pop() !== '') throw new Error('the last line has no end');
  return lines.map((line) => {
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [A-Z]+ /.test(line)) throw new Error(`no line of the log: ${line}`);
    return line
      .slice(25)
      .replace(/ after \d+\.\d{3} ms/, ' after … ms')
      .replace(/thread \d+/, 'thread …');
  });
}

/** An answer can be with its client before the service's own loop has been told that it was handed over. */
function linesOnce(frontend: { lines(): string[] }, count: number): Promise<string[]> {
  return eventually(`${count} lines`, () => (frontend.lines().length >= count ? frontend.lines() : undefined));
}

test('INFO: each call has a line when it came and one when it ended, a failure tells from whom and for what', async (t) => {
  const frontend = await start(t, { level: 'INFO' });
  await postLs(frontend.url, '/d');
  await linesOnce(frontend, 2);
  await postLs(frontend.url, '/none');
  t.deepEqual(await linesOnce(frontend, 4), [
    'INFO call 1 srmLs came from nobody for "/d"',
    'INFO call 1 srmLs ended ok after … ms',
    'INFO call 2 srmLs came from nobody for "/none"',
    'ERROR call 2 srmLs ended status/SRM_INVALID_PATH after … ms, from nobody for "/none"',
  ]);
  const page = await (await fetch(`${frontend.metricsUrl}/metrics`)).text();
  t.regex(page, /^glidetester_frontend_event_log_lines_total 4$/m);
  t.regex(page, /^glidetester_frontend_event_log_failures_total 0$/m);
});

test('DEBUG: besides, two lines for each entry and for what was asked for, before and after it', async (t) => {
  const frontend = await start(t, { level: 'DEBUG' });
  await postLs(frontend.url, '/d');
  const [came, top, ...rest] = await linesOnce(frontend, 8);
  t.is(came, 'INFO call 1 srmLs came from nobody for "/d"');
  t.is(top, 'DEBUG thread … looks at "/d"');
  const entries = [rest.slice(0, 2), rest.slice(2, 4)].sort(([one = ''], [other = '']) => (one < other ? -1 : 1));
  t.deepEqual(entries, [
    ['DEBUG thread … looks at "/d/a"', 'DEBUG thread … has seen "/d/a": SRM_SUCCESS FILE 0 bytes'],
    ['DEBUG thread … looks at "/d/b"', 'DEBUG thread … has seen "/d/b": SRM_SUCCESS FILE 2 bytes'],
  ]);
  t.deepEqual(rest.slice(4), [
    'DEBUG thread … has seen "/d": SRM_SUCCESS DIRECTORY',
    'INFO call 1 srmLs ended ok after … ms',
  ]);
});

test('ERROR: only what failed, requests that cannot be read or served among it', async (t) => {
  const frontend = await start(t, { level: 'ERROR' });
  await postLs(frontend.url, '/d');
  await postLs(frontend.url, '/none');
  await linesOnce(frontend, 1);
  await postSoap(frontend.url, 'no XML');
  await linesOnce(frontend, 2);
  const strange = writePathRequest('/d')
    .replaceAll('srmLs>', 'srmRm>')
    .replaceAll(/srmLs(?=[ >])/g, 'srmRm');
  await postSoap(frontend.url, strange);
  t.deepEqual(await linesOnce(frontend, 3), [
    'ERROR call 2 srmLs ended status/SRM_INVALID_PATH after … ms, from nobody for "/none"',
    'ERROR call 3 of nothing readable ended status/soap-fault after … ms, from nobody',
    'ERROR call 4 "srmRm" ended status/soap-fault after … ms, from nobody',
  ]);
});

test('off: there is no file at all', async (t) => {
  const file = join(makeDirectory(t), 'event.log');
  const frontend = await start(t, { level: 'off', file });
  await postLs(frontend.url, '/d');
  t.throws(() => readFileSync(file), { code: 'ENOENT' });
  t.notRegex(await (await fetch(`${frontend.metricsUrl}/metrics`)).text(), /event_log/);
});

test('identities are told, tokens, user names and queries are not', async (t) => {
  const frontend = await start(t, { level: 'INFO' }, { asynchronous: true });
  const surl = 'srm://somebody:password@localhost/d?authz=a-secret';
  const { xml } = await postSoap(frontend.url, writeLsRequest({ surls: [surl], detail: 'full', levels: 1 }));
  const token = /requestToken[^>]*>([^<]+)</.exec(xml)?.[1] as string;
  t.truthy(token);
  const lines = await linesOnce(frontend, 2);
  t.deepEqual(lines, [
    'INFO call 1 srmLs came from nobody for "/d?…"',
    'INFO call 1 srmLs ended: its client is to ask again after … ms',
  ]);
  t.false(lines.join('\n').includes(token));
});

test('a hostile name writes no line of its own, in a request or in a listing', async (t) => {
  const hostile = 'x\n2026-01-01T00:00:00.000Z INFO call 9 srmLs ended ok\u001b[2J\u009b';
  const frontend = await start(t, { level: 'DEBUG' }, { root: makeDirectory(t, { [`d/${hostile}`]: '' }) });
  await postLs(frontend.url, '/d');
  await linesOnce(frontend, 6);
  await postLs(frontend.url, `/${encodeURIComponent(hostile)}`);
  const lines = await linesOnce(frontend, 10);
  t.is(lines.length, 10);
  const shown = String.raw`x\n2026-01-01T00:00:00.000Z INFO call 9 srmLs ended ok\u001b[2J\u009b`;
  t.is(lines[2], `DEBUG thread … looks at "/d/${shown}"`);
  t.is(lines[6], `INFO call 2 srmLs came from nobody for "/${shown}"`);
  t.notRegex(lines.join(''), /\p{Cc}/u);
});

test('of many paths the first five are told, and how many more', async (t) => {
  const frontend = await start(t, { level: 'INFO' });
  await postSoap(frontend.url, writePathRequest('/a', '/b', '/c', '/d', '/e', '/f', '/g'));
  t.is(frontend.lines()[0], 'INFO call 1 srmLs came from nobody for "/a", "/b", "/c", "/d", "/e", 2 more');
});

test('who asks is told, and whether he was let in', async (t) => {
  const folder = makeDirectory(t, { map: '"/CN=Somebody" some\n' });
  const file = join(folder, 'event.log');
  const authorizer = createAuthorizer({ gridMapfile: join(folder, 'map') });
  const peerOf = everybodyIs('/CN=Some\n"body"');
  const { url } = await startService(t, { files: FILES, authorizer, peerOf, eventLog: { file, level: 'INFO' } });
  await postLs(url, '/d');
  const who = String.raw`from "/CN=Some\n\"body\"" for "/d"`;
  t.deepEqual(await linesOnce({ lines: () => readLines(file) }, 2), [
    `INFO call 1 srmLs came ${who}`,
    `ERROR call 1 srmLs ended status/SRM_AUTHORIZATION_FAILURE after … ms, ${who}`,
  ]);
});

test('a client that leaves before its answer is told of', async (t) => {
  const files = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`d/f${index}`, '']));
  const frontend = await start(t, { level: 'INFO' }, { root: makeDirectory(t, files) });
  const socket = connect(Number(new URL(frontend.url).port), '127.0.0.1');
  await once(socket, 'connect');
  const body = writePathRequest('/d');
  socket.write(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  await linesOnce(frontend, 1);
  socket.destroy();
  t.deepEqual(await linesOnce(frontend, 2), [
    'INFO call 1 srmLs came from nobody for "/d"',
    'ERROR call 1 srmLs was left by its client after … ms, from nobody for "/d"',
  ]);
});

test('a full disk stops nothing: lines are counted, and it is told once', async (t) => {
  const options = { root: makeDirectory(t, FILES), port: 0, fsConcurrency: 2 };
  await using frontend = await startFrontendProcess({ ...options, eventLog: { file: '/dev/full', level: 'DEBUG' } });
  for (let round = 0; round < 5; round += 1) t.like(await postLs(frontend.url, '/d'), { entries: 2 });
  const failures = await eventually('all lines have failed', async () => {
    const page = await (await fetch(`${frontend.metricsUrl}/metrics`)).text();
    const [, lost] = /^glidetester_frontend_event_log_failures_total (\d+)$/m.exec(page) ?? [];
    return Number(lost) >= 40 ? Number(lost) : undefined;
  });
  t.is(failures, 40);
  t.deepEqual(await frontend.stop(), { exitCode: 0, signal: null });
  const said = frontend.said().trimEnd().split('\n');
  t.is(said.length, 1);
  t.like(JSON.parse(said[0] as string), {
    level: 40,
    msg: 'the event log /dev/full cannot be written: ENOSPC; the service goes on, lines that are lost are counted',
  });
});

test('full files are changed by whichever thread fills them', async (t) => {
  const folder = makeDirectory(t);
  const file = join(folder, 'event.log');
  const frontend = await start(t, { file, level: 'DEBUG', sizeBytes: 2000, count: 3 }, { fsConcurrency: 3 });
  await Promise.all(Array.from({ length: 60 }, () => postLs(frontend.url, '/d')));
  await frontend.stop();
  const names = readdirSync(folder).sort();
  t.deepEqual(names, ['event.log', 'event.log.1', 'event.log.2']);
  const lines = names.flatMap((name) => readLines(join(folder, name)));
  t.true(lines.length > 20);
});

const refused = test.macro<[Partial<EventLogOptions>, string, RegExp]>({
  async exec(t, eventLog, code, message) {
    await t.throwsAsync(start(t, eventLog), { code, message });
  },
  title: (_, eventLog) => `refused: ${JSON.stringify(eventLog)}`,
});

test(refused, { file: '/no/such/place' }, 'GT_FRONTEND_EVENT_LOG', /no\/such\/place cannot be written: ENOENT/);
test(refused, { file: '/tmp' }, 'GT_FRONTEND_EVENT_LOG', /EISDIR/);
test(refused, { file: '' }, 'GT_FRONTEND_OPTIONS', /its name is empty/);
test(refused, { level: 'TRACE' as 'DEBUG' }, 'GT_FRONTEND_OPTIONS', /one of DEBUG, INFO, ERROR, off; got "TRACE"/);
test(refused, { sizeBytes: 0 }, 'GT_FRONTEND_OPTIONS', /sizeBytes is a whole number from 1/);
test(refused, { count: 1.5 }, 'GT_FRONTEND_OPTIONS', /count is a whole number from 1/);
