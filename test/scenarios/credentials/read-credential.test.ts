import { createPrivateKey } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type CredentialFacts, explainValidity } from '../../../scenarios/credentials/credential-facts.ts';
import { writeProxyFile } from '../../../scenarios/credentials/issue-certificate.ts';
import { writeCertificatePem } from '../../../scenarios/credentials/pem.ts';
import { parseCredential, readCredentialFiles } from '../../../scenarios/credentials/read-credential.ts';
import { expiredValidity, testCertificates, TEST_USER_SUBJECT, wrongCertificates } from '../../support/certificates.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { cn, encodeName, forge, HOUR_MS, NOW_MS, proxyCertInfo, type Forged } from './forge-certificate.ts';

const MINUTE_MS = 60_000;

const parse = (certificate: string, key: string) => parseCredential({ certificate, key }, 'proxy.pem');
const keyOf = ({ keys }: Forged): string => keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

/** Checks code and words, and that no line of any key stands in the error. */
function isExplained(t: ExecutionContext, thrown: Error, code: string, words: RegExp, ...keys: string[]): void {
  t.like(thrown, { code });
  t.regex(thrown.message, words);
  const whole = `${thrown.message}${thrown.stack}${JSON.stringify(thrown)}${String(thrown.cause)}`;
  const secrets = keys.flatMap((key) => key.split('\n')).filter((line) => line.length > 20 && !line.startsWith('-'));
  t.false(secrets.some((line) => whole.includes(line)));
}

test('a proxy file is read, with its user and its time', async (t) => {
  const { proxyOfProxy } = await testCertificates();
  const file = writeProxyFile(proxyOfProxy);
  const { credential, facts } = parse(file, file);
  t.is(credential.certificateChain, proxyOfProxy.certificateChain);
  t.true(createPrivateKey(credential.privateKey).equals(createPrivateKey(proxyOfProxy.privateKey)));
  t.like(facts, { identity: TEST_USER_SUBJECT, via: 'proxy', proxies: 2, source: 'proxy.pem' });
  t.true(facts.subject.startsWith(`${TEST_USER_SUBJECT}/CN=`));
  t.is(facts.validUntilOf, `the proxy of ${TEST_USER_SUBJECT}`);
});

test('a user certificate and its key are read from two files', async (t) => {
  const { user } = await testCertificates();
  const folder = await makeTemporaryFolder(t, { 'cert.pem': user.certificateChain, 'key.pem': user.privateKey });
  const files = { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  await chmod(files.key, 0o400);
  const { credential, facts } = await readCredentialFiles(files);
  t.deepEqual(credential, user);
  t.like(facts, {
    identity: TEST_USER_SUBJECT,
    subject: TEST_USER_SUBJECT,
    via: 'certificate',
    proxies: 0,
    source: files.certificate,
  });
});

test('an expired proxy is read all the same, and its time says so', async (t) => {
  const { expiredProxy } = await wrongCertificates();
  const file = writeProxyFile(expiredProxy);
  const { facts } = parse(file, file);
  t.true(Math.abs(facts.validUntilMs - expiredValidity().notAfter.getTime()) < 10 * MINUTE_MS);
  t.regex(explainValidity(facts, Date.now(), 1000) ?? '', /^the proxy of .* in proxy\.pem expired at .*, \d+ min ago$/);
});

test('a proxy of the kind from before RFC 3820 is read: services may take it', (t) => {
  const user = forge({ subject: encodeName(cn('User')), issuer: null });
  const old = forge({ subject: encodeName(cn('User'), cn('proxy')), issuer: user });
  const { facts } = parse([old, user].map(({ der }) => writeCertificatePem(der)).join(''), keyOf(old));
  t.like(facts, { identity: '/CN=User', subject: '/CN=User/CN=proxy', via: 'proxy', proxies: 1 });
});

test('the time of a credential is what all its certificates share', (t) => {
  const authority = forge({
    subject: encodeName(cn('CA')),
    issuer: null,
    fromMs: NOW_MS - MINUTE_MS,
    untilMs: NOW_MS + 9 * HOUR_MS,
  });
  const user = forge({ subject: encodeName(cn('User')), issuer: authority, untilMs: NOW_MS + MINUTE_MS });
  const proxy = forge({ subject: encodeName(cn('User'), cn('1')), issuer: user, extensions: [proxyCertInfo()] });
  const { facts } = parse([proxy, user, authority].map(({ der }) => writeCertificatePem(der)).join(''), keyOf(proxy));
  t.like(facts, {
    validFromMs: NOW_MS - MINUTE_MS,
    validFromOf: 'the authority /CN=CA',
    validUntilMs: NOW_MS + MINUTE_MS,
    validUntilOf: 'the certificate of /CN=User',
  });
});

test('what is missing or cannot be used is said, with the file and without the key', async (t) => {
  const { user, host, proxy } = await testCertificates();
  const fails = (certificate: string, key: string, code: string, words: RegExp): void => {
    const thrown = t.throws(() => parse(certificate, key));
    isExplained(t, thrown, code, words, user.privateKey, host.privateKey, key);
  };
  const unreadable = 'GT_CREDENTIAL_UNREADABLE';
  fails('', user.privateKey, unreadable, /^expected a certificate in proxy\.pem, found nothing in PEM$/);
  fails(user.privateKey, user.privateKey, unreadable, /^expected a certificate in proxy\.pem, found PRIVATE KEY$/);
  fails(
    user.certificateChain,
    user.certificateChain,
    unreadable,
    /^expected a private key in proxy\.pem, found CERTIFICATE$/,
  );
  fails(user.certificateChain, user.privateKey.slice(0, -40), unreadable, /^expected a private key/);
  fails(
    user.certificateChain,
    user.privateKey.replace(/\n.{64}\n/, '\n'),
    unreadable,
    /PRIVATE KEY in proxy\.pem is damaged/,
  );
  fails(
    user.certificateChain.replace(/\n.{64}\n/, '\n'),
    user.privateKey,
    unreadable,
    /^cannot read certificate 1 in proxy\.pem/,
  );
  fails(
    user.certificateChain,
    host.privateKey,
    'GT_CREDENTIAL_MISMATCH',
    /^the key in proxy\.pem isn't that of .* in proxy\.pem, \/DC=org/,
  );
  const [first] = proxy.certificateChain.split(/(?<=-----END CERTIFICATE-----\n)/) as [string];
  fails(
    first,
    proxy.privateKey,
    unreadable,
    /^expected the certificate of \/DC=org\S.*Load User 001 in proxy\.pem, found proxies alone$/,
  );
});

test('an encrypted key is refused in both of its forms', async (t) => {
  const { user } = await testCertificates();
  const key = createPrivateKey(user.privateKey);
  for (const type of ['pkcs8', 'pkcs1'] as const) {
    const encrypted = key.export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' }) as string;
    const thrown = t.throws(() => parse(user.certificateChain, encrypted));
    isExplained(t, thrown, 'GT_CREDENTIAL_UNREADABLE', /^the private key in proxy\.pem is encrypted/, encrypted);
  }
});

test('a key that others may read is refused, with the command that helps', async (t) => {
  const { user } = await testCertificates();
  const folder = await makeTemporaryFolder(t);
  const path = join(folder, 'proxy.pem');
  await writeFile(path, user.certificateChain + user.privateKey);
  for (const mode of [0o640, 0o604, 0o660]) {
    await chmod(path, mode);
    const thrown = await t.throwsAsync(readCredentialFiles({ certificate: path, key: path }));
    isExplained(t, thrown, 'GT_CREDENTIAL_MODE', new RegExp(`its mode is ${mode.toString(8)}$`), user.privateKey);
    t.like(thrown, { hint: `Run \`chmod 600 ${path}\`.` });
  }
  await chmod(path, 0o600);
  t.is((await readCredentialFiles({ certificate: path, key: path })).facts.identity, TEST_USER_SUBJECT);
});

test('a file that is not there, a folder and a huge file are refused by their path', async (t) => {
  const folder = await makeTemporaryFolder(t, { huge: 'x'.repeat(2 ** 20 + 1) });
  for (const path of [join(folder, 'none'), folder, join(folder, 'huge')]) {
    const thrown = await t.throwsAsync(readCredentialFiles({ certificate: path, key: path }));
    t.like(thrown, { code: 'GT_CREDENTIAL_UNREADABLE' });
    t.true(thrown.message.includes(path), thrown.message);
  }
});

const facts: CredentialFacts = {
  source: '/tmp/x509up_u7',
  subject: '/CN=User/CN=1',
  identity: '/CN=User',
  via: 'proxy',
  proxies: 1,
  validFromMs: NOW_MS - HOUR_MS,
  validFromOf: 'the certificate of /CN=User',
  validUntilMs: NOW_MS + 12 * MINUTE_MS,
  validUntilOf: 'the proxy of /CN=User',
};

const explained: [title: string, atMs: number, neededMs: number, words: string | null][] = [
  ['time enough', NOW_MS, 12 * MINUTE_MS, null],
  [
    'too little time',
    NOW_MS,
    34 * MINUTE_MS,
    'the proxy of /CN=User in /tmp/x509up_u7 is valid until 2026-11-20T10:12:00Z, 12 min from now, and the cell may take 34 min',
  ],
  [
    'seconds left',
    NOW_MS + 11 * MINUTE_MS,
    3 * HOUR_MS,
    'the proxy of /CN=User in /tmp/x509up_u7 is valid until 2026-11-20T10:12:00Z, 60 s from now, and the cell may take 3 h',
  ],
  [
    'its last instant',
    NOW_MS + 12 * MINUTE_MS,
    0,
    'the proxy of /CN=User in /tmp/x509up_u7 expired at 2026-11-20T10:12:00Z, 0 s ago',
  ],
  [
    'long ago',
    NOW_MS + 72 * HOUR_MS,
    0,
    'the proxy of /CN=User in /tmp/x509up_u7 expired at 2026-11-20T10:12:00Z, 2 d ago',
  ],
  [
    'too early',
    NOW_MS - 2 * HOUR_MS,
    0,
    'the certificate of /CN=User in /tmp/x509up_u7 is valid only from 2026-11-20T09:00:00Z, 60 min from now',
  ],
];
for (const [title, atMs, neededMs, words] of explained) {
  test(`the time of a credential in words: ${title}`, (t) => {
    t.is(explainValidity(facts, atMs, neededMs), words);
  });
}
