/** Our client against a service that others wrote: JGlobus decides about the handshake, Axis reads the request and writes multiRefs. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { machineClock } from '../../foundation/clock.ts';
import { createConnectionCounts } from '../../foundation/connection-counts.ts';
import { writeCertificateFolder } from '../../scenarios/credentials/certificate-folder.ts';
import type { Credential } from '../../scenarios/credentials/credential.ts';
import { issueProxy } from '../../scenarios/credentials/issue-certificate.ts';
import { performOnce } from '../../scenarios/perform-once.ts';
import type { ResolvedTarget } from '../../scenarios/scenario.ts';
import { expiredValidity, wrongCertificates } from '../support/certificates.ts';
import { ensureDebianPackage } from '../support/debian-package.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { JAVA_PACKAGES, startAxisEndpoint } from './endpoint.ts';

const FILES = 25;

const read = (...path: string[]): Promise<string> => readFile(join(...path), 'utf8');

test('JGlobus accepts our handshakes and byte, and Axis our requests; we read its multiRefs', async (t) => {
  if (!(await ensureDebianPackage(t, JAVA_PACKAGES))) {
    t.pass();
    return;
  }
  const root = await makeTemporaryFolder(t);
  await mkdir(join(root, 'some files & more'));
  const names = Array.from({ length: FILES }, (_, index) => join(root, 'some files & more', `file-${index}`));
  await Promise.all(names.map((name) => writeFile(name, 'x')));
  const paths = await writeCertificateFolder(join(await makeTemporaryFolder(t), 'made'), { users: 1 });
  const authority = await read(paths.authorityCertificate);
  const user: Credential = {
    certificateChain: await read(paths.users, 'user-001', 'usercert.pem'),
    privateKey: await read(paths.users, 'user-001', 'userkey.pem'),
  };
  const proxyFile = await read(paths.proxies, 'user-001.pem');
  const proxy: Credential = { certificateChain: proxyFile, privateKey: proxyFile };
  const { port, path, said } = await startAxisEndpoint(t, root, paths);

  const target: ResolvedTarget = {
    origin: `httpg://localhost:${port}`,
    security: { gsi: true, trusted: [authority], lowestVersion: 'TLSv1.2', highestVersion: 'TLSv1.2' },
    path,
    addresses: [{ address: '127.0.0.1', family: 4, port }],
    connection: { perOperation: true, close: 'fin' },
    timeoutsMs: { connect: 20_000, handshake: 20_000, answer: 20_000 },
    userAgent: 'glidetester/test',
    transport: 'direct' as const,
  };
  const connections = createConnectionCounts();
  const list = async (credential: Credential, directory: string, expectEntries: number | null): Promise<string> => {
    const spec = { kind: 'srm-ls', directory, detail: 'full', levels: 1, expectEntries };
    const { outcome } = await performOnce(machineClock, spec, {
      target,
      labels: null,
      client: 0,
      credential,
      sourceAddresses: [],
      connections,
    });
    return outcome;
  };

  const proxyOfProxy = await issueProxy(await issueProxy(user));
  for (const credential of [user, proxy, proxyOfProxy]) {
    t.is(await list(credential, '/some files & more', FILES), 'ok');
  }
  t.is(await list(user, '/some files & more', FILES + 1), 'status/entry-count', 'the entries are really counted');
  t.is(await list(user, '/nowhere', null), 'status/SRM_INVALID_PATH');
  t.deepEqual(
    said.filter((line) => line.startsWith('accepted')),
    Array.from({ length: 5 }, () => 'accepted /DC=org/DC=example/OU=People/CN=Load User 001'),
  );
  t.like(connections, { opened: 5, secured: 5, resumed: 0 });

  // Refused by JGlobus, for reasons of its own.
  const { strangeUser, otherAuthority } = await wrongCertificates();
  const wronglySigned = await issueProxy(user, { signWith: otherAuthority.privateKey });
  for (const credential of [strangeUser, wronglySigned]) {
    t.regex(await list(credential, '/some files & more', FILES), /^handshake-failure\//);
  }
  t.is(await list(await issueProxy(user, expiredValidity()), '/', null), 'local/credential-expired');
  t.is(said.filter((line) => line.startsWith('accepted')).length, 5);
  t.is(said.filter((line) => line.startsWith('refused')).length, 2, said.join('\n'));
});
