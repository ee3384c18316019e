/** Debian's gfal2 tools, run with nothing of the machine's environment: a certificate folder of ours, and one identity of it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ExecutionContext } from 'ava';
import pLimit from 'p-limit';
import { writeCertificateFolder } from '../../scenarios/credentials/certificate-folder.ts';
import type { CertificateFolderPaths } from '../../scenarios/credentials/certificate-paths.ts';
import type { Credential } from '../../scenarios/credentials/credential.ts';
import { type Authority, writeKeyFile, writeProxyFile } from '../../scenarios/credentials/issue-certificate.ts';
import { ensureDebianPackage } from './debian-package.ts';

const PACKAGES = ['gfal2-util-scripts', 'python3-gfal2', 'gfal2-plugin-srm'];

/** gfal mostly waits, for answers and between two questions. */
const RUNS_AT_ONCE = 6;
/** No run of ours takes so long; one that does is ended. */
const RUN_AT_MOST_MS = 60_000;

export type GfalTool = 'gfal-ls' | 'gfal-stat' | 'gfal-xattr';

/** Whom gfal acts for, in the variables that Globus reads. */
export type GfalIdentity = CertificateIdentity | { X509_USER_PROXY: string } | Record<string, never>;

type CertificateIdentity = { X509_USER_CERT: string; X509_USER_KEY: string };

export type GfalResult = { exitCode: number | null; stdout: string; stderr: string };

export type Gfal = {
  /** What the frontend is given, too. */
  certificates: CertificateFolderPaths & { directory: string; authority: Authority };
  /** The folder's first user, who is in its grid-mapfile. */
  user: GfalIdentity;
  userCredential: Credential;
  /** Files for a credential of the test's own; the proxy file of one that is a proxy. */
  writeUser(name: string, credential: Credential): Promise<GfalIdentity>;
  writeProxy(name: string, credential: Credential): Promise<GfalIdentity>;
  /** As {@link user} unless told. `environment`: more variables, or others. */
  run(
    tool: GfalTool,
    parameters: string[],
    identity?: GfalIdentity,
    environment?: Record<string, string>,
  ): Promise<GfalResult>;
};

let gfal: Promise<Gfal> | undefined;

/** Null: gfal2 is not there and the test passes as skipped. The certificates are made once a process. */
export async function prepareGfal(t: ExecutionContext): Promise<Gfal | null> {
  if (await ensureDebianPackage(t, PACKAGES)) return (gfal ??= createGfal());
  t.pass();
  return null;
}

async function createGfal(): Promise<Gfal> {
  const directory = await mkdtemp(join(tmpdir(), 'glidetester-gfal-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const paths = await writeCertificateFolder(directory, { users: 2, hostNames: ['localhost'] });
  const write = async (name: string, content: string): Promise<string> => {
    const file = join(directory, name);
    await writeFile(file, content, { mode: 0o600 });
    return file;
  };
  const limit = pLimit(RUNS_AT_ONCE);
  const user = identityOf(paths, 'user-001');
  return {
    certificates: { directory, authority: await readAuthority(paths), ...paths },
    user,
    userCredential: await readUser(user),
    writeUser: async (name, { certificateChain, privateKey }) => ({
      X509_USER_CERT: await write(`${name}-cert.pem`, certificateChain),
      X509_USER_KEY: await write(`${name}-key.pem`, writeKeyFile(privateKey)),
    }),
    writeProxy: async (name, credential) => ({
      X509_USER_PROXY: await write(`${name}.pem`, writeProxyFile(credential)),
    }),
    run: (tool, parameters, identity = user, environment = {}) =>
      limit(() =>
        runBesideGfal(`/usr/bin/${tool}`, ['-D', 'BDII:ENABLED=false', ...parameters], {
          environment: { X509_CERT_DIR: paths.caDirectory, HOME: directory, ...identity, ...environment },
        }),
      ),
  };
}

function identityOf({ users }: CertificateFolderPaths, label: string): CertificateIdentity {
  return {
    X509_USER_CERT: join(users, label, 'usercert.pem'),
    X509_USER_KEY: join(users, label, 'userkey.pem'),
  };
}

async function readUser({ X509_USER_CERT, X509_USER_KEY }: CertificateIdentity): Promise<Credential> {
  return {
    certificateChain: await readFile(X509_USER_CERT, 'utf8'),
    privateKey: await readFile(X509_USER_KEY, 'utf8'),
  };
}

async function readAuthority({ authorityCertificate, authorityKey }: CertificateFolderPaths): Promise<Authority> {
  return {
    certificate: await readFile(authorityCertificate, 'utf8'),
    privateKey: await readFile(authorityKey, 'utf8'),
  };
}

/** Runs a program in an environment that has no more than what every gfal tool needs. */
export async function runBesideGfal(
  program: string,
  parameters: readonly string[],
  { cwd, environment = {} }: { cwd?: string; environment?: Record<string, string> },
): Promise<GfalResult> {
  const child = spawn(program, parameters, {
    cwd,
    // The scripts run the first Python on the path that they like; a version manager's is not Debian's.
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC', GFAL_PYTHONBIN: '/usr/bin/python3', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: RUN_AT_MOST_MS,
  });
  const [[exitCode], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { exitCode, stdout, stderr };
}
