/**
 * The certificates of an embedded httpg service: an authority, its host and users, made for one campaign. What the service
 * needs goes into a folder for it; the keys of the authority and of the users stay in memory.
 */

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nameUsers, writeServiceFiles } from '../../scenarios/credentials/certificate-folder.ts';
import { createAuthority, issueHost, issueUser } from '../../scenarios/credentials/issue-certificate.ts';
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
export async function makeEmbeddedCredentials(count: number): Promise<EmbeddedCredentials> {
  const name = `GlideTester campaign ${randomBytes(4).toString('hex')}`;
  const authority = await createAuthority({ name, days: LAST_DAYS });
  const users = nameUsers(count);
  const [host, ...credentials] = await Promise.all([
    issueHost(authority, { names: HOST_NAMES }),
    ...users.map(({ commonName }) => issueUser(authority, { commonName })),
  ]);
  const identities = credentials.map(({ certificateChain, privateKey }, index) =>
    parseCredential({ certificate: certificateChain, key: privateKey }, `memory (${users[index]?.commonName})`),
  );
  const directory = await mkdtemp(join(tmpdir(), 'glidetester-certificates-')); // mode 0700
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    const { gridMapfile } = await writeServiceFiles(directory, { name, authority, host, users });
    return { directory, gridMapfile, trusted: [authority.certificate], identities, remove };
  } catch (thrown) {
    await remove();
    throw thrown;
  }
}
