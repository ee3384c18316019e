import { rm, writeFile } from 'node:fs/promises';
import test from 'ava';
import { findEnvironmentCredential } from '../../../scenarios/credentials/environment-credential.ts';

/** Above all that systems give to people, and another one in each process. */
const UNUSED_UID = 4_000_000_000 + process.pid;

test('a named proxy comes first', async (t) => {
  const env = { X509_USER_PROXY: 'proxy', X509_USER_CERT: 'cert', X509_USER_KEY: 'key' };
  t.deepEqual(await findEnvironmentCredential(env, UNUSED_UID), { certificate: 'proxy', key: 'proxy' });
});

test('a named certificate and key come next, both or none', async (t) => {
  const env = { X509_USER_PROXY: '', X509_USER_CERT: 'cert', X509_USER_KEY: 'key' };
  t.deepEqual(await findEnvironmentCredential(env, UNUSED_UID), { certificate: 'cert', key: 'key' });
  const error = await t.throwsAsync(findEnvironmentCredential({ ...env, X509_USER_CERT: undefined }, UNUSED_UID));
  t.like(error, { code: 'GT_CREDENTIAL_ENVIRONMENT' });
  t.regex(error.message, /X509_USER_KEY is set without X509_USER_CERT/);
});

test('the proxy where tools leave it comes last', async (t) => {
  const path = `/tmp/x509up_u${UNUSED_UID}`;
  t.teardown(() => rm(path, { force: true }));
  const error = await t.throwsAsync(findEnvironmentCredential({}, UNUSED_UID));
  t.is(
    error.message,
    `found no credential: X509_USER_PROXY is not set, X509_USER_CERT and X509_USER_KEY are not set, ${path} is not there`,
  );
  await writeFile(path, '');
  t.deepEqual(await findEnvironmentCredential({}, UNUSED_UID), { certificate: path, key: path });
});

test('where there are no users, no proxy of one is looked for', async (t) => {
  const error = await t.throwsAsync(findEnvironmentCredential({ X509_USER_CERT: 'cert' }, undefined));
  t.is(error.message, 'found no credential: X509_USER_PROXY is not set, X509_USER_CERT is set without X509_USER_KEY');
});
