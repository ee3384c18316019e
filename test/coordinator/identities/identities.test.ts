import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import {
  countUsers,
  credentialsOf,
  earliestEndMs,
  explainExpiry,
  firstCredential,
  neededBy,
  readIdentities,
  recordIdentities,
  requireValid,
} from '../../../coordinator/identities/identities.ts';
import { issueProxy, writeProxyFile } from '../../../scenarios/credentials/issue-certificate.ts';
import { TEST_USER_SUBJECT, testCertificates } from '../../support/certificates.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { madeIdentity } from './made-identities.ts';

const NOBODY = { environment: {}, uid: undefined };
const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2026, 10, 21);

async function writeSecret(file: string, text: string): Promise<string> {
  await writeFile(file, text, { mode: 0o600 });
  return file;
}

/** A folder of proxies of one user, made from one another so that only one key is made for each. */
async function makeProxies(t: ExecutionContext, names: string[]): Promise<string> {
  const folder = await makeTemporaryFolder(t);
  const { user } = await testCertificates();
  for (const name of names) await writeSecret(join(folder, name), writeProxyFile(await issueProxy(user)));
  return folder;
}

async function viaOf(...request: Parameters<typeof readIdentities>): Promise<string[]> {
  return (await readIdentities(...request)).map(({ facts }) => facts.via);
}

test('a pool is all files of a directory in the order of their names, hidden ones left out', async (t) => {
  const folder = await makeProxies(t, ['b.pem', 'a.pem', '.kept']);
  const identities = await readIdentities({ proxies: folder }, NOBODY);
  t.deepEqual(
    identities.map(({ facts }) => facts.source),
    [join(folder, 'a.pem'), join(folder, 'b.pem')],
  );
  t.is(countUsers(identities), 1, 'two proxies of one user');
  t.is(identities[0]?.facts.identity, TEST_USER_SUBJECT);
  t.not(credentialsOf(identities)[0]?.privateKey, credentialsOf(identities)[1]?.privateKey);
});

test('a pool is what a glob names; what else lies there is not read', async (t) => {
  const folder = await makeProxies(t, ['a.pem']);
  await writeFile(join(folder, 'README'), 'not a credential');
  const identities = await readIdentities({ proxies: join(folder, '*.pem') }, NOBODY);
  t.is(identities.length, 1);
  await t.throwsAsync(readIdentities({ proxies: folder }, NOBODY), {
    code: 'GT_CREDENTIAL_MODE',
    message: /README/,
  });
});

test('a pool is a folder for each user with certificate and key', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const { user } = await testCertificates();
  for (const name of ['user-002', 'user-001']) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'usercert.pem'), user.certificateChain);
    await writeSecret(join(folder, name, 'userkey.pem'), user.privateKey);
  }
  await writeFile(join(folder, 'README.md'), 'about the users');
  const identities = await readIdentities({ certificates: folder }, NOBODY);
  t.deepEqual(
    identities.map(({ facts }) => facts.source),
    ['user-001', 'user-002'].map((name) => join(folder, name, 'usercert.pem')),
  );
});

test('one certificate with its key, one proxy, or what the environment names', async (t) => {
  const folder = await makeProxies(t, ['proxy']);
  const { user } = await testCertificates();
  const certificate = join(folder, 'usercert.pem');
  await writeFile(certificate, user.certificateChain);
  const key = await writeSecret(join(folder, 'userkey.pem'), user.privateKey);
  const proxy = join(folder, 'proxy');
  t.deepEqual(await viaOf({ certificate, key }, NOBODY), ['certificate']);
  t.deepEqual(await viaOf({ proxy }, NOBODY), ['proxy']);
  t.deepEqual(await viaOf('environment', { environment: { X509_USER_PROXY: proxy }, uid: undefined }), ['proxy']);
  const pair = { X509_USER_CERT: certificate, X509_USER_KEY: key };
  t.deepEqual(await viaOf('environment', { environment: pair, uid: undefined }), ['certificate']);
  await t.throwsAsync(readIdentities('environment', NOBODY), { code: 'GT_CREDENTIAL_ENVIRONMENT' });
});

test('a pool without a file is told, with where it was looked for', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const code = 'GT_CREDENTIAL_POOL';
  await t.throwsAsync(readIdentities({ proxies: folder }, NOBODY), { code, message: new RegExp(folder) });
  await t.throwsAsync(readIdentities({ proxies: join(folder, '*.pem') }, NOBODY), { code, message: /\*\.pem/ });
  await t.throwsAsync(readIdentities({ certificates: join(folder, 'none') }, NOBODY), { code, message: /ENOENT/ });
});

test('one file of a pool that is not to be used is told by its name, without what is in it', async (t) => {
  const folder = await makeProxies(t, ['a.pem', 'b.pem']);
  await chmod(join(folder, 'b.pem'), 0o644);
  const error = await t.throwsAsync(readIdentities({ proxies: folder }, NOBODY), { code: 'GT_CREDENTIAL_MODE' });
  t.true(error?.message.includes('b.pem'));
  t.false(/BEGIN|[A-Za-z0-9+/]{60}/.test(error?.message ?? ''));
});

test('a proxy that is renewed is read anew', async (t) => {
  const folder = await makeProxies(t, ['proxy']);
  const choice = { proxy: join(folder, 'proxy') };
  const [before] = await readIdentities(choice, NOBODY);
  const { user } = await testCertificates();
  await writeSecret(choice.proxy, writeProxyFile(await issueProxy(user)));
  const [after] = await readIdentities(choice, NOBODY);
  t.not(after?.facts.subject, before?.facts.subject);
});

test('credentials that last long enough are nothing to explain', (t) => {
  const identities = [madeIdentity(1, NOW_MS + HOUR_MS), madeIdentity(2, NOW_MS + 2 * HOUR_MS)];
  t.is(explainExpiry(identities, NOW_MS, HOUR_MS), null);
  t.is(explainExpiry([], NOW_MS, HOUR_MS), null);
  t.is(earliestEndMs(identities), NOW_MS + HOUR_MS);
  t.is(earliestEndMs([]), Infinity);
});

test('one that ends a moment too early is named, with until when and what for', (t) => {
  const identities = [madeIdentity(1, NOW_MS + 2 * HOUR_MS), madeIdentity(2, NOW_MS + HOUR_MS)];
  const reason = explainExpiry(identities, NOW_MS, HOUR_MS + 1) ?? '';
  for (const word of ['Load User 2', 'user-2.pem', '2026-11-21', '60 min']) t.true(reason.includes(word), word);
  t.false(reason.includes('more'));
  t.regex(explainExpiry(identities, NOW_MS, 3 * HOUR_MS) ?? '', /Load User 1.*the same goes for 1 more/);
});

test('clients that take turns in a larger pool need no more than its beginning', (t) => {
  const identities = [madeIdentity(1), madeIdentity(2), madeIdentity(3, NOW_MS)];
  t.is(explainExpiry(neededBy(identities, 2), NOW_MS, HOUR_MS), null);
  t.not(explainExpiry(neededBy(identities, 3), NOW_MS, HOUR_MS), null);
  t.is(neededBy(identities, 100).length, 3);
});

test('a campaign does not begin with a credential that is over, or not valid yet', (t) => {
  t.notThrows(() => requireValid([madeIdentity(1, NOW_MS + 1)], NOW_MS));
  t.throws(() => requireValid([madeIdentity(1), madeIdentity(2, NOW_MS)], NOW_MS), {
    code: 'GT_CREDENTIAL_EXPIRED',
    message: /Load User 2/,
  });
  const { credential, facts } = madeIdentity(1);
  const early = { credential, facts: { ...facts, validFromMs: NOW_MS + 1 } };
  t.throws(() => requireValid([early], NOW_MS), { code: 'GT_CREDENTIAL_EXPIRED' });
});

test('what is written of identities holds who they are, until when and from where, and no certificate or key', async (t) => {
  const folder = await makeProxies(t, ['a.pem']);
  const identities = await readIdentities({ proxies: folder }, NOBODY);
  const record = recordIdentities(identities);
  t.like(record, { users: 1, credentials: [{ from: join(folder, 'a.pem') }] });
  const [written] = record.credentials;
  t.true(written?.subject.startsWith(`${TEST_USER_SUBJECT}/CN=`));
  t.is(Date.parse(written?.validUntil ?? ''), earliestEndMs(identities));
  t.false(/BEGIN|[A-Za-z0-9+]{60}/.test(JSON.stringify(record)));
});

test('a single operation shows the first credential, or nothing', (t) => {
  t.is(firstCredential([]), null);
  t.deepEqual(firstCredential([madeIdentity(1), madeIdentity(2)]), madeIdentity(1).credential);
});
