import { once } from 'node:events';
import { Agent, request } from 'node:https';
import { connect } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { array, assert, asyncProperty, constantFrom, double, uint8Array } from 'fast-check';
import test, { type ExecutionContext } from 'ava';
import { type Frontend, type FrontendOptions, startFrontend } from '../../../frontend/main.ts';
import type { Credential } from '../../../scenarios/credentials/credential.ts';
import { issueHost, issueUser } from '../../../scenarios/credentials/issue-certificate.ts';
import {
  TEST_USER_SUBJECT,
  type TestCertificates,
  type WrongCertificates,
  expiredValidity,
  testCertificates,
  wrongCertificates,
} from '../../support/certificates.ts';
import { makeDirectory } from '../fresh-directory.ts';
import {
  awaitClose,
  connectSecure,
  makeCertificates,
  pingHttpg,
  readMetric,
  sendPieces,
  writePing,
} from '../secure-client.ts';
import { readCount, readLs, writePathRequest } from '../soap-client.ts';

async function start(t: ExecutionContext, options: Partial<FrontendOptions> = {}): Promise<Frontend> {
  const frontend = await startFrontend({
    root: makeDirectory(t, { 'd/f': '' }),
    port: 0,
    fsConcurrency: 1,
    httpg: true,
    certificates: await makeCertificates(t),
    ...options,
  });
  t.teardown(() => frontend.stop());
  return frontend;
}

const IS_TEST_USER = new RegExp(
  `^HTTP/1.1 200 [^]*<key>clientDN</key><value>${TEST_USER_SUBJECT}</value>[^]*<value>load001</value>`,
);

async function isServed(t: ExecutionContext, name: 'user' | 'proxy' | 'proxyOfProxy'): Promise<void> {
  const { [name]: credential } = await testCertificates();
  const { url } = await start(t);
  t.regex(url, /^httpg:\/\/localhost:\d+\/srm\/v2\/server$/);
  const httpg = await connectSecure(url, credential);
  t.is(httpg.getCipher().name, 'ECDHE-RSA-AES128-GCM-SHA256');
  t.regex(await sendPieces(httpg, ['0', writePing()]), IS_TEST_USER);
  t.regex(await sendPieces(await connectSecure(url, credential), [writePing()]), IS_TEST_USER);
}
test('a user is served under his own name over httpg and https', isServed, 'user');
test("a proxy is served under its user's name over httpg and https", isServed, 'proxy');
test("a proxy of a proxy is served under its user's name over httpg and https", isServed, 'proxyOfProxy');

async function listByHttps(url: string, agent: Agent, path: string): Promise<ReturnType<typeof readLs>> {
  const { authority, user } = await testCertificates();
  const asking = request(url.replace('httpg:', 'https:'), {
    method: 'POST',
    agent,
    ca: authority.certificate,
    cert: user.certificateChain,
    key: user.privateKey,
  });
  asking.end(writePathRequest(path));
  const [response] = await once(asking, 'response');
  return readLs({ httpStatus: response.statusCode, xml: (await response.setEncoding('utf8').toArray()).join('') });
}

test('an https client lists again and again on one connection', async (t) => {
  const { url, metricsUrl } = await start(t);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(() => agent.destroy());
  for (let round = 0; round < 3; round += 1) t.like(await listByHttps(url, agent, '/d'), { entries: 1 });
  t.is(await readMetric(metricsUrl, 'handshakes_total'), 1);
});

test('who is not in the grid-mapfile is refused by an SRM status, not by the connection', async (t) => {
  const { url, metricsUrl } = await start(t, { certificates: await makeCertificates(t, { gridMapfile: '' }) });
  const agent = new Agent();
  t.like(await listByHttps(url, agent, '/d'), { requestStatus: 'SRM_AUTHORIZATION_FAILURE' });
  t.is(await readMetric(metricsUrl, 'grid_mapfile_loads_total'), 1);
});

test("GSI's byte counts alone in its record, with HTTP behind it, and before HTTP that comes byte by byte", async (t) => {
  const { proxy } = await testCertificates();
  const { url } = await start(t);
  const ping = writePing();
  for (const pieces of [
    ['0', ping],
    [`0${ping}`],
    cutEach(`0${ping}`, 1),
    cutEach(ping, 1),
    ['0', ...cutEach(ping, 100)],
  ]) {
    t.regex(await sendPieces(await connectSecure(url, proxy), pieces), IS_TEST_USER);
  }
});

async function isClosed(t: ExecutionContext, bytes: string, counter: string): Promise<void> {
  const { user } = await testCertificates();
  const { url, metricsUrl } = await start(t);
  t.is(await sendPieces(await connectSecure(url, user), [bytes]), '');
  t.is(await sendPieces(await connectSecure(url, user), [bytes + writePing()]), '');
  t.is(await readMetric(metricsUrl, counter), 2);
  t.is((await readCount(metricsUrl, '-/-/0')).received, 0);
  t.regex(await pingHttpg(url, user), IS_TEST_USER);
}
test('who wants to delegate a credential is closed and counted', isClosed, 'D', 'refused_delegations_total');
test('a first byte that is no method is closed and counted', isClosed, 'X', 'not_http_total');
test('a first byte NUL is closed and counted', isClosed, '\0', 'not_http_total');
test('a byte that only follows the one of GSI is for HTTP to refuse', async (t) => {
  const { user } = await testCertificates();
  const { url } = await start(t);
  t.regex(await sendPieces(await connectSecure(url, user), ['0', `0${writePing()}`]), /^HTTP\/1.1 400 /);
});

type Shown = (certificates: TestCertificates & WrongCertificates) => Credential | null;

async function breaksRule(t: ExecutionContext, shown: Shown, rule: string): Promise<void> {
  const credential = shown({ ...(await testCertificates()), ...(await wrongCertificates()) });
  const { url, metricsUrl } = await start(t);
  t.is(await pingHttpg(url, credential), '');
  t.is(await readMetric(metricsUrl, `refused_certificates_total{rule="${rule}"}`), 1);
  t.is(await readMetric(metricsUrl, 'handshakes_total'), 1);
  t.is((await readCount(metricsUrl, '-/-/0')).received, 0);
}
test('no certificate is refused', breaksRule, () => null, 'no-certificate');
test('a user of another authority is refused', breaksRule, (c) => c.strangeUser, 'wrong-signature');
test('a proxy of such a user is refused', breaksRule, (c) => c.strangeProxy, 'wrong-signature');
test('an expired user is refused', breaksRule, (c) => c.expiredUser, 'expired');
test('an expired proxy is refused', breaksRule, (c) => c.expiredProxy, 'expired');
test('a proxy that its user has not signed is refused', breaksRule, (c) => c.wronglySignedProxy, 'wrong-signature');
test(
  'a proxy without its user is refused',
  breaksRule,
  ({ proxy }) => ({ ...proxy, certificateChain: proxy.certificateChain.replace(/(END CERTIFICATE-----\n)[^]*/, '$1') }),
  'proxy-issuer-missing',
);

/** Connects, hands over the session for the next time, pings. */
async function pingWithSession(url: string, credential: Credential, session: Buffer | undefined) {
  const socket = await connectSecure(url, credential, {
    ...(session === undefined ? {} : { session }),
    maxVersion: 'TLSv1.2',
  });
  const resumed = socket.isSessionReused();
  return { session: socket.getSession(), resumed, answer: await sendPieces(socket, ['0', writePing()]) };
}

async function canResume(t: ExecutionContext, name: 'user' | 'proxy' | 'proxyOfProxy'): Promise<void> {
  const { [name]: credential } = await testCertificates();
  const { url, metricsUrl } = await start(t);
  let session: Buffer | undefined;
  for (let round = 0; round < 3; round += 1) {
    const ping = await pingWithSession(url, credential, session);
    t.is(ping.resumed, round > 0);
    t.regex(ping.answer, IS_TEST_USER);
    session = ping.session;
  }
  t.is(await readMetric(metricsUrl, 'handshakes_total'), 3);
  t.is(await readMetric(metricsUrl, 'handshakes_resumed_total'), 2);
}
test('a user may resume his session, and is known again', canResume, 'user');
test('a proxy may resume its session, although the session holds no user', canResume, 'proxy');
test('a proxy of a proxy may resume its session', canResume, 'proxyOfProxy');

test('a client that is refused cannot come in by resuming its session', async (t) => {
  const { wronglySignedProxy } = await wrongCertificates();
  const { url, metricsUrl } = await start(t);
  const { session } = await pingWithSession(url, wronglySignedProxy, undefined);
  const again = await pingWithSession(url, wronglySignedProxy, session);
  t.true(again.resumed);
  t.is(again.answer, '');
  t.is(await readMetric(metricsUrl, 'refused_certificates_total{rule="proxy-issuer-missing"}'), 1);
});

test('without resumption every handshake is a whole one', async (t) => {
  const { proxy } = await testCertificates();
  const { url, metricsUrl } = await start(t, { sessionResumption: false });
  const first = await pingWithSession(url, proxy, undefined);
  const second = await pingWithSession(url, proxy, first.session);
  t.false(second.resumed);
  t.regex(second.answer, IS_TEST_USER);
  t.is(await readMetric(metricsUrl, 'handshakes_resumed_total'), 0);
});

test('TLS 1.3 alone is not spoken', async (t) => {
  const { user } = await testCertificates();
  const { url, metricsUrl } = await start(t);
  await t.throwsAsync(connectSecure(url, user, { minVersion: 'TLSv1.3' }), { message: /alert protocol version/ });
  t.is(await readMetric(metricsUrl, 'handshakes_failed_total'), 1);
});

test('a connection cannot change its certificates by a second handshake', async (t) => {
  const { user } = await testCertificates();
  const { url } = await start(t);
  const socket = await connectSecure(url, user, { maxVersion: 'TLSv1.2' });
  const closed = awaitClose(socket);
  socket.renegotiate({}, () => {});
  await closed;
  t.regex(await pingHttpg(url, user), IS_TEST_USER);
});

test('clients that wait before their first byte, and before their handshake, do not keep it from stopping', async (t) => {
  const { user } = await testCertificates();
  const { url, stop } = await start(t);
  const waiting = [await connectSecure(url, user), await connectSecure(url, user)] as [TLSSocket, TLSSocket];
  await new Promise((written) => waiting[1].write('0', written));
  const bare = connect(Number(new URL(url).port), '127.0.0.1');
  await once(bare, 'connect');
  const closed = [...waiting, bare].map(awaitClose);
  await stop();
  await Promise.all(closed);
  await t.throwsAsync(connectSecure(url, user), { code: 'ECONNREFUSED' });
});

function cutEach(text: string, length: number): string[] {
  return text.match(new RegExp(`[^]{1,${length}}`, 'g')) ?? [];
}

/** Cuts the text after these shares of its length. */
function cut(text: string, shares: readonly number[]): string[] {
  const places = [0, ...shares.map((share) => Math.floor(share * text.length)).toSorted((a, b) => a - b), text.length];
  return places
    .slice(1)
    .map((place, index) => text.slice(places[index], place))
    .filter((piece) => piece !== '');
}

test('whatever way a request is cut into records, and whatever else comes first, the service answers or closes', async (t) => {
  const { proxy } = await testCertificates();
  const { url } = await start(t);
  let session: Buffer | undefined;
  const send = async (pieces: readonly (string | Buffer)[]): Promise<string> => {
    const socket = await connectSecure(url, proxy, {
      ...(session === undefined ? {} : { session }),
      maxVersion: 'TLSv1.2',
    });
    session ??= socket.getSession();
    return sendPieces(socket, pieces);
  };
  const shares = array(double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });
  const good = asyncProperty(constantFrom('0', ''), shares, async (byte, at) => {
    t.regex(await send(cut(byte + writePing(), at)), IS_TEST_USER);
  });
  await assert(good, { seed: 3820, numRuns: 60 });
  // No newline: a line of HTTP that isn't whole would be waited for, so what is sent ends with one.
  const bad = asyncProperty(uint8Array({ minLength: 1, maxLength: 64 }), shares, async (bytes, at) => {
    const text = Buffer.from(bytes).toString('latin1');
    const answer = await send(cut(`${text}\r\n\r\n`, at).map((piece) => Buffer.from(piece, 'latin1')));
    t.true(answer === '' || answer.startsWith('HTTP/1.1 4'), JSON.stringify([text, answer]));
  });
  await assert(bad, { seed: 3820, numRuns: 150 });
  t.regex(await send(['0', writePing()]), IS_TEST_USER);
});

async function cannotStart(t: ExecutionContext, options: Partial<FrontendOptions>, code: string): Promise<void> {
  await t.throwsAsync(startFrontend({ root: makeDirectory(t), port: 0, fsConcurrency: 1, ...options }), { code });
}
const OPTIONS = 'GT_FRONTEND_OPTIONS';
test('httpg without certificates is refused', cannotStart, { httpg: true }, OPTIONS);
test('certificates without httpg are refused', cannotStart, { certificates: '/' }, OPTIONS);
test('a grid-mapfile without httpg is refused', cannotStart, { gridMapfile: '/' }, OPTIONS);
test('no time for a request is refused', cannotStart, { requestWithinMs: 0 }, OPTIONS);
test('half an entry is refused', cannotStart, { mostEntries: 0.5 }, OPTIONS);
test('another form of answers is refused', cannotStart, { answers: 'yaml' as 'inline' }, OPTIONS);
test(
  'no time for a handshake is refused',
  cannotStart,
  { httpg: true, certificates: '/', handshakeWithinMs: -1 },
  OPTIONS,
);
test(
  'a folder without certificates is refused',
  cannotStart,
  { httpg: true, certificates: '/none' },
  'GT_CREDENTIAL_UNREADABLE',
);

test('certificates that no client could accept are refused at the start', async (t) => {
  const { authority, host } = await testCertificates();
  const expired = await issueHost(authority, { names: ['localhost'], ...expiredValidity() });
  const elsewhere = await issueHost(authority, { names: ['elsewhere.example.org'] });
  const noAuthority = { certificate: host.certificateChain, privateKey: host.privateKey };
  const mixed = { ...host, privateKey: (await issueUser(authority, { commonName: 'x' })).privateKey };
  const cases = [
    [{ host: expired }, 'GT_FRONTEND_CERTIFICATES', /expired/],
    [{ host: elsewhere }, 'GT_FRONTEND_CERTIFICATES', /localhost/],
    [{ host: mixed }, 'GT_CREDENTIAL_MISMATCH', /hostkey\.pem/],
    [{ authority: noAuthority }, 'GT_TRUST_DIRECTORY', /authorit/],
  ] as const;
  for (const [content, code, message] of cases) {
    const certificates = await makeCertificates(t, content);
    await t.throwsAsync(start(t, { certificates }), { code, message });
  }
});
