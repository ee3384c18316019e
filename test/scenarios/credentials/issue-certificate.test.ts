import { spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import {
  issueProxy,
  issueUser,
  writeKeyFile,
  writeProxyFile,
  type ProxyPolicy,
} from '../../../scenarios/credentials/issue-certificate.ts';
import { expiredValidity, testCertificates, TEST_USER_SUBJECT, wrongCertificates } from '../../support/certificates.ts';
import { ensureDebianPackage } from '../../support/debian-package.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Runs `openssl verify` on the chain in a fresh folder; its words, and whether it was content. */
async function verifyByOpenssl(t: ExecutionContext, authorityPem: string, chain: string, options: string[]) {
  const folder = await makeTemporaryFolder(t, { 'ca.pem': authorityPem, 'chain.pem': chain });
  const where = ['-CAfile', 'ca.pem', '-untrusted', 'chain.pem', 'chain.pem'];
  const { status, stdout, stderr } = spawnSync('openssl', ['verify', ...options, ...where], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { ok: status === 0, words: stdout + stderr };
}

function slashForm(subject: string): string {
  return `/${subject.split('\n').join('/')}`;
}

function certificatesOf(chain: string): X509Certificate[] {
  const pems = chain.match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g) ?? [];
  return pems.map((pem) => new X509Certificate(pem));
}

function proxyCertInfoHex(chain: string): string {
  const raw = new X509Certificate(chain).raw.toString('hex');
  const found = /06082b0601050507010e0101ff04(..)(30.*)/.exec(raw);
  const [, length = '', rest = ''] = found ?? [];
  return rest.slice(0, Number.parseInt(length, 16) * 2);
}

test('openssl accepts the authority, a host by name and address, and a user, by its strict rules', async (t) => {
  if (!(await ensureDebianPackage(t, ['openssl']))) {
    t.pass();
    return;
  }
  const { authority, host, user } = await testCertificates();
  const cases: [string, string[]][] = [
    [authority.certificate, []],
    [host.certificateChain, ['-purpose', 'sslserver', '-verify_hostname', 'localhost']],
    [host.certificateChain, ['-purpose', 'sslserver', '-verify_ip', '127.0.0.1']],
    [host.certificateChain, ['-purpose', 'sslclient', '-verify_ip', '::1']],
    [user.certificateChain, ['-purpose', 'sslclient']],
  ];
  for (const [chain, options] of cases) {
    const { ok, words } = await verifyByOpenssl(t, authority.certificate, chain, ['-x509_strict', ...options]);
    t.true(ok, `${options.join(' ')}: ${words}`);
  }
  const other = await verifyByOpenssl(t, authority.certificate, host.certificateChain, [
    '-verify_hostname',
    'elsewhere',
  ]);
  t.false(other.ok, 'a name that the host has not');
});

test('openssl accepts a proxy and a proxy of a proxy, and refuses those that are made wrong', async (t) => {
  if (!(await ensureDebianPackage(t, ['openssl']))) {
    t.pass();
    return;
  }
  const { authority, proxy, proxyOfProxy } = await testCertificates();
  const wrong = await wrongCertificates();
  const cases: [string, string, RegExp][] = [
    ['proxy', proxy.certificateChain, /OK/],
    ['proxy of a proxy', proxyOfProxy.certificateChain, /OK/],
    ['expired', wrong.expiredProxy.certificateChain, /certificate has expired/],
    ['expired user', wrong.expiredUser.certificateChain, /certificate has expired/],
    ['signed by the wrong key', wrong.wronglySignedProxy.certificateChain, /certificate signature failure/],
    ['of another authority', wrong.strangeProxy.certificateChain, /unable to get local issuer certificate/],
  ];
  for (const [what, chain, expected] of cases) {
    const { words } = await verifyByOpenssl(t, authority.certificate, chain, ['-allow_proxy_certs']);
    t.regex(words, expected, what);
  }
});

test('a proxy that allows no further proxy makes openssl refuse its proxy', async (t) => {
  if (!(await ensureDebianPackage(t, ['openssl']))) {
    t.pass();
    return;
  }
  const { authority, user } = await testCertificates();
  const last = await issueProxy(user, { pathLength: 0 });
  const tooMany = await issueProxy(last);
  const good = await verifyByOpenssl(t, authority.certificate, last.certificateChain, ['-allow_proxy_certs']);
  const bad = await verifyByOpenssl(t, authority.certificate, tooMany.certificateChain, ['-allow_proxy_certs']);
  t.true(good.ok, good.words);
  t.regex(bad.words, /proxy path length constraint exceeded/);
});

test('a TLS 1.2 server and a client accept each other by host and user certificate', async (t) => {
  const { authority, host, user } = await testCertificates();
  const ca = authority.certificate;
  const server = createServer({ key: host.privateKey, cert: host.certificateChain, ca, requestCert: true });
  t.teardown(() => server.close());
  const accepted = once(server, 'secureConnection') as Promise<[TLSSocket]>;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const identity = { key: user.privateKey, cert: user.certificateChain };
  const client = connect({ port, host: '127.0.0.1', servername: 'localhost', ca, ...identity, maxVersion: 'TLSv1.2' });
  t.teardown(() => client.destroy());
  await once(client, 'secureConnect');
  const [served] = await accepted;
  t.true(client.authorized);
  t.true(served.authorized);
  t.is(served.getPeerCertificate().subject.CN, 'Load User 001');
});

test('subjects say organisation, people and name, and a proxy adds its serial number in decimal', async (t) => {
  const { authority, host, user, proxy, proxyOfProxy } = await testCertificates();
  const subjects = [authority.certificate, host.certificateChain, user.certificateChain].map(
    (pem) => new X509Certificate(pem).subject,
  );
  t.deepEqual(subjects.map(slashForm), [
    '/DC=org/DC=example/CN=GlideTester Test CA',
    '/DC=org/DC=example/CN=localhost',
    TEST_USER_SUBJECT,
  ]);
  const first = new X509Certificate(proxy.certificateChain);
  const second = new X509Certificate(proxyOfProxy.certificateChain);
  t.is(slashForm(first.subject), `${TEST_USER_SUBJECT}/CN=${BigInt(`0x${first.serialNumber}`)}`);
  t.is(slashForm(second.subject), `${slashForm(first.subject)}/CN=${BigInt(`0x${second.serialNumber}`)}`);
});

test('a proxy of a long name keeps the name and stays well-formed', async (t) => {
  const { authority } = await testCertificates();
  const commonName = 'Ärzte ohne Grenzen '.repeat(20).trim();
  const holder = await issueUser(authority, { commonName });
  const proxy = new X509Certificate((await issueProxy(holder)).certificateChain);
  const user = new X509Certificate(holder.certificateChain);
  t.true(proxy.checkIssued(user));
  t.true(proxy.verify(user.publicKey));
  t.true(proxy.subject.startsWith(`${user.subject}\n`));
});

test('the policy and the path length are in the proxy as RFC 3820 writes them', async (t) => {
  const { user } = await testCertificates();
  const cases: [ProxyPolicy, number | null, string][] = [
    ['inheritAll', null, '300c300a06082b06010505071501'],
    ['independent', 3, '300f020103300a06082b06010505071502'],
    ['limited', 0, '3012020100300d060b2b060104019b5001010109'],
  ];
  for (const [policy, pathLength, hex] of cases) {
    const { certificateChain } = await issueProxy(user, { policy, pathLength });
    t.is(proxyCertInfoHex(certificateChain), hex, policy);
  }
});

test('everything begins 5 minutes ago and lasts as its issuer does, a proxy 7 days', async (t) => {
  const { authority, host, user, proxy } = await testCertificates();
  const [ca, ...others] = [
    authority.certificate,
    host.certificateChain,
    user.certificateChain,
    proxy.certificateChain,
  ].map((pem) => new X509Certificate(pem));
  const now = Date.now();
  for (const { validFromDate } of others) t.true(Math.abs(now - 5 * 60_000 - validFromDate.getTime()) < 2 * 60_000);
  const ends = others.map(({ validToDate }) => validToDate.getTime());
  t.deepEqual(ends.slice(0, 2), [ca?.validToDate.getTime(), ca?.validToDate.getTime()]);
  t.true(Math.abs(now + 7 * DAY_MS - (ends[2] as number)) < 2 * 60_000);
});

test('nothing outlives its issuer unless it is told to, and nothing ends before it begins', async (t) => {
  const { authority } = await testCertificates();
  const hoursLeft = fc.integer({ min: -48, max: 24 * 30 });
  const property = fc.asyncProperty(hoursLeft, async (hours) => {
    const notAfter = new Date(Date.now() + hours * HOUR_MS);
    const user = await issueUser(authority, { commonName: 'Short', notAfter });
    const { certificateChain } = await issueProxy(await issueProxy(user));
    const chain = [...certificatesOf(certificateChain), new X509Certificate(authority.certificate)];
    const ends = chain.map(({ validToDate }) => validToDate.getTime());
    t.is(chain.length, 4);
    t.deepEqual(
      ends,
      ends.toSorted((a, b) => a - b),
    );
    t.true(chain.every(({ validFromDate, validToDate }) => validFromDate < validToDate));
  });
  await fc.assert(property, { numRuns: 8 });
});

test('a time that was asked for is kept, even outside the issuer’s', async (t) => {
  const { user } = await testCertificates();
  const { notBefore, notAfter } = expiredValidity();
  const proxy = new X509Certificate((await issueProxy(user, { notBefore, notAfter })).certificateChain);
  t.is(proxy.validFromDate.getTime(), Math.floor(notBefore.getTime() / 1000) * 1000);
  t.is(proxy.validToDate.getTime(), Math.floor(notAfter.getTime() / 1000) * 1000);
});

test('a proxy file is the proxy, its key as PKCS #1, then what signed it', async (t) => {
  const { proxyOfProxy, proxy, user } = await testCertificates();
  const text = writeProxyFile(proxyOfProxy);
  const labels = text.match(/-----BEGIN .+?-----/g);
  t.deepEqual(labels, [
    '-----BEGIN CERTIFICATE-----',
    '-----BEGIN RSA PRIVATE KEY-----',
    '-----BEGIN CERTIFICATE-----',
    '-----BEGIN CERTIFICATE-----',
  ]);
  t.true(text.endsWith(proxy.certificateChain));
  t.true(proxy.certificateChain.endsWith(user.certificateChain));
  t.true(new X509Certificate(text).checkPrivateKey(createPrivateKey(text)));
});

test('keys are PKCS #8 in a credential and PKCS #1 in a file, and both are the same key', async (t) => {
  const { user } = await testCertificates();
  t.regex(user.privateKey, /^-----BEGIN PRIVATE KEY-----\n/);
  t.true(createPrivateKey(writeKeyFile(user.privateKey)).equals(createPrivateKey(user.privateKey)));
  t.is(createPrivateKey(user.privateKey).asymmetricKeyDetails?.modulusLength, 2048);
});

test('no two certificates have one serial number, and two authorities of a name differ in key', async (t) => {
  const { authority, host, user, proxy, proxyOfProxy } = await testCertificates();
  const pems = [authority.certificate, ...[host, user, proxy, proxyOfProxy].map((each) => each.certificateChain)];
  const serials = pems.map((pem) => new X509Certificate(pem).serialNumber);
  t.is(new Set(serials).size, pems.length);
  const { otherAuthority } = await wrongCertificates();
  const mine = new X509Certificate(authority.certificate);
  const theirs = new X509Certificate(otherAuthority.certificate);
  t.is(mine.subject, theirs.subject);
  t.false(mine.publicKey.equals(theirs.publicKey));
});
