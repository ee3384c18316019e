/** Which files hold the credentials that a config asks for: one, or a pool of them in the order of their names. */

import { glob, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GlideTesterError, messageOf } from '../../foundation/error.ts';
import { findEnvironmentCredential } from '../../scenarios/credentials/environment-credential.ts';
import type { CredentialFiles } from '../../scenarios/credentials/read-credential.ts';
import type { IdentityChoice } from '../config/target-schema.ts';

/** Who runs the campaign: where the tools of grid users look for their credentials. */
export type Account = {
  environment: Readonly<Record<string, string | undefined>>;
  /** Undefined where there are no user numbers. */
  uid: number | undefined;
};

const GLOB_CHARACTERS = /[*?[\]{}]/;

/** @throws GT_CREDENTIAL_ENVIRONMENT, GT_CREDENTIAL_POOL when there is no file to be read */
export async function findIdentityFiles(choice: IdentityChoice, account: Account): Promise<CredentialFiles[]> {
  if (choice === 'environment') return [await findEnvironmentCredential(account.environment, account.uid)];
  if ('certificate' in choice) return [choice];
  if ('proxy' in choice) return [bothIn(choice.proxy)];
  if ('proxies' in choice) return (await findProxies(choice.proxies)).map(bothIn);
  return (await listNames(choice.certificates, true)).map((user) => ({
    certificate: join(user, 'usercert.pem'),
    key: join(user, 'userkey.pem'),
  }));
}

function bothIn(file: string): CredentialFiles {
  return { certificate: file, key: file };
}

async function findProxies(pattern: string): Promise<string[]> {
  if (!GLOB_CHARACTERS.test(pattern)) return listNames(pattern, false);
  const files: string[] = [];
  for await (const file of glob(pattern)) files.push(file);
  if (files.length === 0) throw emptyPool(`a proxy file at ${pattern}`, 'no file has such a name');
  return files.toSorted();
}

/** Folders or files in a directory; hidden ones are somebody else's. */
async function listNames(directory: string, wantFolders: boolean): Promise<string[]> {
  const wanted = wantFolders ? `a folder for each user in ${directory}` : `proxy files in ${directory}`;
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
    throw emptyPool(wanted, messageOf(cause), cause);
  });
  const names = entries
    .filter((entry) => !entry.name.startsWith('.') && (entry.isSymbolicLink() || entry.isDirectory() === wantFolders))
    .map(({ name }) => join(directory, name));
  if (names.length === 0) throw emptyPool(wanted, 'found none');
  return names.toSorted();
}

function emptyPool(wanted: string, came: string, cause?: unknown): GlideTesterError {
  return new GlideTesterError('GT_CREDENTIAL_POOL', `expected ${wanted}: ${came}`, {
    hint: 'check target.identity; `glidetester frontend --make-certificates DIR` shows how such folders look',
    cause,
  });
}
