/**
 * The certificates of an embedded httpg service: an authority, its host and users, made for one campaign. What the service
 * needs goes into a folder for it; the keys of the authority and of the users stay in memory.
 */

import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateFolderPaths } from '../../scenarios/credentials/certificate-folder.ts';
import type { Credential } from '../../scenarios/credentials/credential.ts';
import {
  type Authority,
  createAuthority,
  issueHost,
  issueUser,
  userSubject,
} from '../../scenarios/credentials/issue-certificate.ts';
import { hashName } from '../../scenarios/credentials/name-hash.ts';
import { parseCredential } from '../../scenarios/credentials/read-credential.ts';
import type { Identities } from '../identities/identities.ts';

export type EmbeddedCredentials = {
  /** For the service: laid out as `glidetester frontend --certificates` wants it. */
  directory: string;
  gridMapfile: string;
  /** PEM of the authority. */
  trusted: string[];
  identities: Identities;
  remove(): Promise<void>;
};

/** No campaign against a service of its own takes longer. */
const LAST_DAYS = 7;
const HOST_NAMES = ['localhost', '127.0.0.1'];

/** Makes so many users; each takes about a tenth of a second of a core. */
export async function makeEmbeddedCredentials(users: number): Promise<EmbeddedCredentials> {
  const name = `GlideTester campaign ${randomBytes(4).toString('hex')}`;
  const authority = await createAuthority({ name, days: LAST_DAYS });
  const names = Array.from({ length: users }, (_, index) => `Load User ${String(index + 1).padStart(3, '0')}`);
  const [host, ...credentials] = await Promise.all([
    issueHost(authority, { names: HOST_NAMES }),
    ...names.map((commonName) => issueUser(authority, { commonName })),
  ]);
  const identities = credentials.map(({ certificateChain, privateKey }, index) =>
    parseCredential({ certificate: certificateChain, key: privateKey }, `memory (${names[index] as string})`),
  );
  const directory = await mkdtemp(join(tmpdir(), 'glidetester-certificates-')); // mode 0700
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    const gridMapfile = await writeServiceFiles(directory, { authority, host, names });
    return { directory, gridMapfile, trusted: [authority.certificate], identities, remove };
  } catch (thrown) {
    await remove();
    throw thrown;
  }
}

type ServiceParts = { authority: Authority; host: Credential; names: readonly string[] };

/** Returns the path of the grid-mapfile. */
async function writeServiceFiles(directory: string, { authority, host, names }: ServiceParts): Promise<string> {
  const { caDirectory, hostCertificate, hostKey, gridMapfile } = certificateFolderPaths(directory);
  const mappings = names.map((name, index) => `"${userSubject(name)}" load${String(index + 1).padStart(3, '0')}\n`);
  await mkdir(caDirectory);
  await writeFile(join(caDirectory, `${hashName(authority.certificate)}.0`), authority.certificate);
  await writeFile(hostCertificate, host.certificateChain);
  await writeFile(hostKey, host.privateKey, { mode: 0o600 });
  await writeFile(gridMapfile, mappings.join(''));
  return gridMapfile;
}
