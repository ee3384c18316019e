/** Writes a folder of certificates for tests: an authority, a host, users and their proxies, as grid tools expect them. */

import { randomBytes } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { GlideTesterError } from '../../foundation/error.ts';
import { type CertificateFolderPaths, certificateFolderPaths } from './certificate-paths.ts';
import type { Credential } from './credential.ts';
import {
  createAuthority,
  issueHost,
  issueProxy,
  issueUser,
  ORGANISATION,
  userSubject,
  writeKeyFile,
  writeProxyFile,
  type Authority,
} from './issue-certificate.ts';
import { hashName } from './name-hash.ts';

export type CertificateFolderOptions = {
  /** 20 unless told. */
  users?: number;
  /** Names and addresses that the host certificate is good for; unless told, localhost and this machine's name. */
  hostNames?: string[];
  /** How long all but the proxies last: 365 unless told. Proxies last 7 days at most. */
  days?: number;
};

/** A file to be written; a secret one is never readable for others, not even while it is made. */
type FolderFile = { path: string; text: string; secret?: boolean };

/** One of the users of a folder: its name among the files, the account that it is mapped to, its name in the certificate. */
export type FolderUser = { label: string; account: string; commonName: string };

/** What a service is started with: whom it trusts, who it is, and whom it maps. */
export type ServiceFiles = {
  /** CN of the authority. */
  name: string;
  authority: Authority;
  host: Credential;
  users: readonly FolderUser[];
};

/**
 * Makes new keys and certificates and writes them into the directory, which is new or empty; returns where they lie.
 *
 * @throws GlideTesterError GT_CERTIFICATES_DIRECTORY when the directory holds something or can't be written
 */
export async function writeCertificateFolder(
  directory: string,
  options: CertificateFolderOptions = {},
): Promise<CertificateFolderPaths> {
  const paths = certificateFolderPaths(directory);
  const { users = 20, hostNames = [...new Set(['localhost', hostname()])], days = 365 } = options;
  await claimDirectory(directory);
  const name = `GlideTester Test CA ${randomBytes(4).toString('hex')}`; // two folders' authorities may be trusted side by side
  const authority = await createAuthority({ name, days });
  const people = nameUsers(users);
  const host = await issueHost(authority, { names: hostNames });
  const files = [
    { path: paths.authorityCertificate, text: authority.certificate },
    { path: paths.authorityKey, text: writeKeyFile(authority.privateKey), secret: true },
    ...describeServiceFiles(paths, { name, authority, host, users: people }),
    ...(await Promise.all(people.map((user) => makeUserFiles(paths, authority, user)))).flat(),
    { path: join(directory, 'README.md'), text: writeReadme(people[0] as FolderUser, { users, hostNames, days }) },
  ];
  await Promise.all(files.map(writeNewFile)).catch((cause: unknown) => {
    throw directoryError(`expected to write the certificates into ${directory}, it failed`, cause);
  });
  return paths;
}

/** Writes only what a service needs into a directory that holds none of it: no key of the authority, no user. */
export async function writeServiceFiles(directory: string, files: ServiceFiles): Promise<CertificateFolderPaths> {
  const paths = certificateFolderPaths(directory);
  await Promise.all(describeServiceFiles(paths, files).map(writeNewFile));
  return paths;
}

/** Users by number, with as many digits for all as the last one needs, at least three. */
export function nameUsers(users: number): FolderUser[] {
  return Array.from({ length: users }, (_, index) => {
    const digits = String(index + 1).padStart(Math.max(3, String(users).length), '0');
    return { label: `user-${digits}`, account: `load${digits}`, commonName: `Load User ${digits}` };
  });
}

/** Refuses before keys are made, which takes seconds. */
async function claimDirectory(directory: string): Promise<void> {
  let entries: string[];
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    entries = await readdir(directory);
  } catch (cause) {
    throw directoryError(`expected ${directory} to be a directory to write certificates into, it is not`, cause);
  }
  if (entries.length === 0) return;
  throw directoryError(`expected ${directory} to be new or empty, it holds ${entries.length} entries`);
}

function directoryError(message: string, cause?: unknown): GlideTesterError {
  const hint = 'name a directory that is new or empty and that you may write; keys are never overwritten';
  return new GlideTesterError('GT_CERTIFICATES_DIRECTORY', message, { hint, cause });
}

function writeMapping({ commonName, account }: FolderUser): string {
  return `"${userSubject(commonName)}" ${account}\n`;
}

function describeServiceFiles(
  paths: CertificateFolderPaths,
  { name, authority, host, users }: ServiceFiles,
): FolderFile[] {
  const hash = hashName(authority.certificate);
  return [
    { path: join(paths.caDirectory, `${hash}.0`), text: authority.certificate },
    { path: join(paths.caDirectory, `${hash}.signing_policy`), text: writeSigningPolicy(name) },
    { path: paths.hostCertificate, text: host.certificateChain },
    { path: paths.hostKey, text: writeKeyFile(host.privateKey), secret: true },
    { path: paths.gridMapfile, text: users.map(writeMapping).join('') },
  ];
}

/** Globus takes an authority's word only for the subjects that its policy lists. */
function writeSigningPolicy(name: string): string {
  return `access_id_CA  X509  '${ORGANISATION}/CN=${name}'
pos_rights    globus CA:sign
cond_subjects globus '"${ORGANISATION}/*"'
`;
}

async function makeUserFiles(
  paths: CertificateFolderPaths,
  authority: Authority,
  user: FolderUser,
): Promise<FolderFile[]> {
  const credential = await issueUser(authority, { commonName: user.commonName });
  const proxy = await issueProxy(credential);
  return [
    { path: join(paths.users, user.label, 'usercert.pem'), text: credential.certificateChain },
    { path: join(paths.users, user.label, 'userkey.pem'), text: writeKeyFile(credential.privateKey), secret: true },
    { path: join(paths.proxies, `${user.label}.pem`), text: writeProxyFile(proxy), secret: true },
  ];
}

async function writeNewFile({ path, text, secret = false }: FolderFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, text, { flag: 'wx', mode: secret ? 0o600 : 0o644 });
}

function writeReadme(
  { label, account }: FolderUser,
  { users, hostNames, days }: Required<CertificateFolderOptions>,
): string {
  return `# Certificates for tests

Made by \`glidetester frontend --make-certificates\`. **For tests only**: whoever has \`ca/cakey.pem\` can be anybody to a service
that trusts this authority. Never let a service in production trust it.

| file | what it is |
|---|---|
| \`ca/cacert.pem\`, \`ca/cakey.pem\` | the authority that signed everything here, and its key |
| \`certificates/\` | what a client or a service trusts (X509_CERT_DIR): the authority under its OpenSSL hash, \`<hash>.0\`, and what it may sign, \`<hash>.signing_policy\` |
| \`hostcert.pem\`, \`hostkey.pem\` | the service's certificate, good for ${hostNames.join(', ')}, and its key |
| \`grid-mapfile\` | which account each user is mapped to: \`${label}\` is \`${account}\`, and so on |
| \`users/${label}/usercert.pem\`, \`userkey.pem\` | a user's certificate and key; there are ${users} users |
| \`proxies/${label}.pem\` | an RFC 3820 proxy of the user: proxy, its key, the user's certificate |

Certificates last ${days} days from the day they were made, proxies 7 days at most. Make a new folder when they are over. Keys and
proxies are readable for their owner alone (mode 0600), as Globus tools insist; keep it so when copying them (\`cp -p\`).

## A service

    glidetester frontend --root /data --port 8443 --httpg --certificates "$PWD"

## Clients: gfal2, Globus

They take the authority and the identity from the environment. With a proxy:

    export X509_CERT_DIR="$PWD/certificates"
    export X509_USER_PROXY="$PWD/proxies/${label}.pem"
    gfal-ls -l 'srm://${hostNames[0]}:8443/srm/v2/server?SFN=/'

Or with the user's own certificate:

    unset X509_USER_PROXY
    export X509_USER_CERT="$PWD/users/${label}/usercert.pem"
    export X509_USER_KEY="$PWD/users/${label}/userkey.pem"

The host in the address must be a name that the service's certificate has; an address such as 127.0.0.1 is refused by gfal2.
`;
}
