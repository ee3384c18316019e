/** Who gfal may be to the frontend: accepted with any good credential of a mapped user, refused with all others. */

import test from 'ava';
import { issueProxy, issueUser, userSubject } from '../../scenarios/credentials/issue-certificate.ts';
import { writeCertificateFolder } from '../../scenarios/credentials/certificate-folder.ts';
import { certificateFolderPaths } from '../../scenarios/credentials/certificate-paths.ts';
import { expiredValidity, testCertificates } from '../support/certificates.ts';
import { type GfalIdentity, prepareGfal } from '../support/gfal.ts';
import { startGfalFrontend } from '../support/gfal-frontend.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

/** gfal's word for all that happens before there is an SRM answer. */
const COMMUNICATION_ERROR = 70;

/** Connections that were closed for what the client's certificates are, by rule. */
function readRefused(metrics: string): Record<string, number> {
  const samples = metrics.matchAll(/^glidetester_frontend_refused_certificates_total\{rule="([^"]+)"\} (\d+)$/gm);
  return Object.fromEntries([...samples].map(([, rule, count]) => [rule as string, Number(count)]));
}

test('gfal is served with a certificate, a proxy, a proxy of a proxy and a limited proxy', async (t) => {
  const gfal = await prepareGfal(t);
  if (gfal === null) return;
  const frontend = await startGfalFrontend(t, gfal, { root: await makeTemporaryFolder(t, { file: 'x' }) });
  const proxy = await issueProxy(gfal.userCredential);
  const identities: GfalIdentity[] = [
    gfal.user,
    { X509_USER_PROXY: `${gfal.certificates.proxies}/user-002.pem` },
    await gfal.writeProxy('proxy', proxy),
    await gfal.writeProxy('proxy-of-proxy', await issueProxy(proxy)),
    await gfal.writeProxy('limited', await issueProxy(gfal.userCredential, { policy: 'limited' })),
  ];
  const results = await Promise.all(
    identities.map((identity) => gfal.run('gfal-ls', [frontend.surlOf('/')], identity)),
  );
  for (const result of results) t.deepEqual(result, { exitCode: 0, stdout: 'file\n', stderr: '' });
  t.deepEqual((await frontend.readCount()).answered, { ok: 3 * identities.length });
  t.deepEqual(readRefused(await frontend.readMetrics()), {});
});

test('gfal is refused by the service, before it can ask, with what no authority vouches for', async (t) => {
  const gfal = await prepareGfal(t);
  if (gfal === null) return;
  const frontend = await startGfalFrontend(t, gfal, { root: await makeTemporaryFolder(t) });
  const { authority } = gfal.certificates;
  const { user: strangeUser, proxy: strangeProxy } = await testCertificates();
  const { userCredential: user } = gfal;
  const commonName = 'Load User 001';
  const rules: [rule: string, identity: GfalIdentity][] = [
    ['unknown-authority', await gfal.writeUser('strange', strangeUser)],
    ['unknown-authority', await gfal.writeProxy('strange', strangeProxy)],
    ['expired', await gfal.writeUser('expired', await issueUser(authority, { commonName, ...expiredValidity() }))],
    ['expired', await gfal.writeProxy('expired', await issueProxy(user, expiredValidity()))],
    ['wrong-signature', await gfal.writeProxy('forged', await issueProxy(user, { signWith: strangeUser.privateKey }))],
    ['proxy-independent', await gfal.writeProxy('independent', await issueProxy(user, { policy: 'independent' }))],
    ['proxy-path-length', await gfal.writeProxy('deep', await issueProxy(await issueProxy(user, { pathLength: 0 })))],
  ];
  const refused: Record<string, number> = {};
  for (const [rule, identity] of rules) {
    const { exitCode, stdout } = await gfal.run('gfal-ls', [frontend.surlOf('/')], identity);
    t.deepEqual([exitCode, stdout], [COMMUNICATION_ERROR, ''], rule);
    refused[rule] = (refused[rule] ?? 0) + 1;
    t.deepEqual(readRefused(await frontend.readMetrics()), refused);
  }
  t.is((await frontend.readCount()).received, 0);
});

test('gfal ends with 13 for an identity that is not mapped, and says which', async (t) => {
  const gfal = await prepareGfal(t);
  if (gfal === null) return;
  const frontend = await startGfalFrontend(t, gfal, { root: await makeTemporaryFolder(t, { file: 'x' }) });
  const stranger = await issueUser(gfal.certificates.authority, { commonName: 'Somebody Else' });
  const identities = [
    await gfal.writeUser('unmapped', stranger),
    await gfal.writeProxy('unmapped', await issueProxy(stranger)),
  ];
  for (const identity of identities) {
    for (const tool of ['gfal-ls', 'gfal-stat'] as const) {
      const { exitCode, stderr } = await gfal.run(tool, [frontend.surlOf('/')], identity);
      t.is(exitCode, 13);
      t.true(stderr.includes(`[SRM_AUTHORIZATION_FAILURE]`) && stderr.includes(userSubject('Somebody Else')), stderr);
    }
  }
  t.deepEqual((await frontend.readCount()).answered, { 'status/SRM_AUTHORIZATION_FAILURE': 4 });
});

test('gfal refuses a service whose authority it does not trust, and asks nothing without a credential', async (t) => {
  const gfal = await prepareGfal(t);
  if (gfal === null) return;
  const frontend = await startGfalFrontend(t, gfal, { root: await makeTemporaryFolder(t) });
  const others = `${await makeTemporaryFolder(t)}/certificates`;
  await writeCertificateFolder(others, { users: 1 });
  const elsewhere = { X509_CERT_DIR: certificateFolderPaths(others).caDirectory };
  const distrusting = await gfal.run('gfal-ls', [frontend.surlOf('/')], gfal.user, elsewhere);
  t.is(distrusting.exitCode, COMMUNICATION_ERROR);
  t.regex(distrusting.stderr, /certificate verify failed/);

  const nobody = await gfal.run('gfal-ls', [frontend.surlOf('/')], {});
  t.is(nobody.exitCode, COMMUNICATION_ERROR);
  t.regex(nobody.stderr, /Could NOT load client credentials/);
  t.is((await frontend.readCount()).received, 0);
  t.regex(await frontend.readMetrics(), /^glidetester_frontend_handshakes_total 0$/m);
});
