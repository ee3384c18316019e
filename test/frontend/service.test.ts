import { once } from 'node:events';
import { connect } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { type Frontend, type FrontendOptions, startFrontend } from '../../frontend/main.ts';
import { LS_SOAP_ACTION, PING_SOAP_ACTION } from '../../scenarios/srm/wire.ts';
import { writePingRequest } from '../../scenarios/srm/write-request.ts';
import { GFAL_LS_REQUEST } from '../scenarios/srm/captured.ts';
import { makeDirectory } from './fresh-directory.ts';
import { postLs, postSoap, readCount, readLs, writePathRequest } from './soap-client.ts';

async function start(
  t: ExecutionContext,
  files: Record<string, string>,
  options: Partial<FrontendOptions> = {},
): Promise<Frontend> {
  const frontend = await startFrontend({ root: makeDirectory(t, files), port: 0, fsConcurrency: 2, ...options });
  t.teardown(() => frontend.stop());
  return frontend;
}

test('gfal lists a directory', async (t) => {
  const { url } = await start(t, { 'data/dir10/f1': '1', 'data/dir10/f2': '2' });
  const levelZero = await postSoap(url, GFAL_LS_REQUEST, { SOAPAction: '"Ls"' });
  t.is(levelZero.httpStatus, 200);
  t.like(readLs(levelZero), { requestStatus: 'SRM_SUCCESS', entries: 0, firstBadPath: null });
  t.like(await postLs(url, '/data/dir10'), { requestStatus: 'SRM_SUCCESS', entries: 2, firstBadPath: null });
});

test('several SURLs are answered in one request, each with its own status', async (t) => {
  const { url } = await start(t, { 'a/1': '', 'b/2': '', 'b/3': '' });
  t.like(readLs(await postSoap(url, writePathRequest('/a', '/b', '/none'))), {
    requestStatus: 'SRM_PARTIAL_SUCCESS',
    entries: 3,
    firstBadPath: { path: '/none', status: 'SRM_INVALID_PATH' },
  });
});

test('odd names travel whole, and what XML cannot hold as U+FFFD', async (t) => {
  const odd = `<a> & "b" 'c' ]]> \u0001\u001B é🌀`;
  const { url } = await start(t, { [`d/${odd}`]: '' });
  const { xml } = await postSoap(url, writePathRequest('/d'));
  t.true(xml.includes(`<path>/d/&lt;a&gt; &amp; "b" 'c' ]]&gt; \uFFFD\uFFFD é🌀</path>`), xml);
  t.like(readLs({ httpStatus: 200, xml }), { entries: 1 });
});

test('the body alone decides the operation, on any path and with any SOAPAction', async (t) => {
  const { url } = await start(t, {});
  const answer = await postSoap(new URL('/srm/managerv2', url).href, writePingRequest(), {
    SOAPAction: LS_SOAP_ACTION,
  });
  t.is(answer.httpStatus, 200);
  t.true(answer.xml.includes('<versionInfo>v2.2</versionInfo>'));
  t.true(answer.xml.includes('<key>backend_type</key><value>BeStMan</value>'));
  t.like(readLs(await postSoap(url, writePathRequest('/'), { SOAPAction: PING_SOAP_ACTION })), { kind: 'ls' });
});

test('checksums are listed when asked for', async (t) => {
  const { url } = await start(t, { 'd/f': 'abc' }, { showChecksumWhenListingFile: true });
  const { xml } = await postSoap(url, writePathRequest('/d'));
  t.true(
    xml.includes('<checkSumType>md5</checkSumType><checkSumValue>900150983cd24fb0d6963f7d28e17f72</checkSumValue>'),
  );
});

test('what cannot be served is a fault', async (t) => {
  const { url, metricsUrl } = await start(t, {});
  const unknown = await postSoap(url, GFAL_LS_REQUEST.replaceAll('srmLs>', 'srmRm>'));
  t.is(unknown.httpStatus, 500);
  t.deepEqual(readLs(unknown), { kind: 'fault', code: 'soapenv:Client', text: "No such operation 'srmRm'" });
  const nonsense = await postSoap(url, 'hello');
  t.is(nonsense.httpStatus, 500);
  t.like(readLs(nonsense), { kind: 'fault', code: 'soapenv:Client' });
  t.deepEqual((await readCount(metricsUrl, '-/-/0')).answered, { 'status/soap-fault': 2 });
});

test('only POST is served', async (t) => {
  const { url, metricsUrl } = await start(t, {});
  t.is((await fetch(url)).status, 405);
  t.deepEqual((await readCount(metricsUrl, '-/-/0')).answered, { 'status/http-405': 1 });
});

test('a body beyond the limit is refused, and the connection serves on', async (t) => {
  const { url, metricsUrl } = await start(t, {});
  const large = writePingRequest().padEnd(1024 * 1024 + 1);
  t.is((await postSoap(url, large)).httpStatus, 413);
  t.is((await postSoap(url, large.slice(0, 1024 * 1024))).httpStatus, 200);
  t.deepEqual((await readCount(metricsUrl, '-/-/0')).answered, { 'status/http-413': 1, ok: 1 });
});

test('headers beyond the limit are refused before they count', async (t) => {
  const { url, metricsUrl } = await start(t, {});
  t.is((await postSoap(url, writePingRequest(), { 'X-Long': 'x'.repeat(20_000) })).httpStatus, 431);
  t.is((await readCount(metricsUrl, '-/-/0')).received, 0);
});

test('a request in chunks of HTTP and of TCP is served on a connection that stays open', async (t) => {
  const { url } = await start(t, {});
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  t.teardown(() => socket.destroy());
  const body = Buffer.from(writePingRequest());
  for (let round = 0; round < 2; round += 1) {
    socket.write('POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n');
    for (const byte of body) socket.write(Buffer.from(`1\r\n${String.fromCharCode(byte)}\r\n`, 'latin1'));
    socket.write('0\r\n\r\n');
    let answer = '';
    while (!answer.endsWith('Envelope>')) answer += String((await once(socket, 'data'))[0]);
    t.regex(answer, /^HTTP\/1.1 200 /);
    t.regex(answer, /Connection: keep-alive/i);
  }
});

test('metrics are read as JSON of one cell and as Prometheus text', async (t) => {
  const { url, metricsUrl } = await start(t, { 'd/f': '' });
  await postLs(url, '/d', 'a campaign/size-20/2/5/17');
  await postLs(url, '/none', 'a campaign/size-20/2/6/3');
  t.deepEqual(await readCount(metricsUrl, 'a%20campaign/size-20/2'), {
    received: 2,
    answered: { ok: 1, 'status/SRM_INVALID_PATH': 1 },
    interim: 0,
    abandoned: 0,
    open: 0,
    between: 0,
    lastAnswered: { 5: [17, 'ok'], 6: [3, 'status/SRM_INVALID_PATH'] },
  });
  const metrics = await fetch(`${metricsUrl}/metrics`);
  t.regex(metrics.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const text = await metrics.text();
  t.true(text.includes('answered_total{campaign="a campaign",cell="size-20",attempt="2",outcome="ok"} 1\n'), text);
  for (const path of ['/', '/cells/a/b', '/cells/%ff/b/1', '/cells/a/b/x']) {
    t.is((await fetch(metricsUrl + path)).status, 404, path);
  }
});

function isRefused(t: ExecutionContext, options: Partial<FrontendOptions>, code: string): Promise<unknown> {
  return t.throwsAsync(startFrontend({ root: makeDirectory(t), port: 0, fsConcurrency: 1, ...options }), { code });
}
test('a root that does not exist is refused', isRefused, { root: '/no/such/place' }, 'GT_FRONTEND_ROOT');
test('a root that is a file is refused', isRefused, { root: import.meta.filename }, 'GT_FRONTEND_ROOT');
test('no listing thread is refused', isRefused, { fsConcurrency: 0 }, 'GT_FRONTEND_THREADS');
test('half a listing thread is refused', isRefused, { fsConcurrency: 1.5 }, 'GT_FRONTEND_THREADS');
test(
  'a record that cannot be written is refused',
  isRefused,
  { record: '/no/such/place/record' },
  'GT_FRONTEND_RECORD',
);
test('a record that breaks off is told at the end, and everything else is closed all the same', async (t) => {
  const frontend = await startFrontend({ root: makeDirectory(t), port: 0, fsConcurrency: 1, record: '/dev/full' });
  await postLs(frontend.url, '/', 'campaign/cell/1/0/0');
  await t.throwsAsync(frontend.stop(), { code: 'GT_FRONTEND_RECORD', message: /ENOSPC/ });
  await t.throwsAsync(fetch(frontend.url));
  await t.throwsAsync(fetch(frontend.metricsUrl));
});
test('a port that is taken is refused', async (t) => {
  const { url } = await start(t, {});
  await isRefused(t, { port: Number(new URL(url).port) }, 'GT_FRONTEND_LISTEN');
});
