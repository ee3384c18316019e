/** Finds the credential that grid tools would use: in the environment, or where proxies lie by default. */

import { access } from 'node:fs/promises';
import { GlideTesterError } from '../../foundation/error.ts';
import type { CredentialFiles } from './read-credential.ts';

/**
 * The files of `X509_USER_PROXY`, else of `X509_USER_CERT` and `X509_USER_KEY`, else the proxy `/tmp/x509up_u<uid>` if it exists.
 * Only the last one is looked for on the disk.
 *
 * @param uid of the user; undefined where there are none
 * @throws GlideTesterError GT_CREDENTIAL_ENVIRONMENT when there is none of them, saying what was looked at
 */
export async function findEnvironmentCredential(
  env: Readonly<Record<string, string | undefined>>,
  uid: number | undefined,
): Promise<CredentialFiles> {
  const { X509_USER_PROXY: proxy = '', X509_USER_CERT: certificate = '', X509_USER_KEY: key = '' } = env;
  if (proxy !== '') return { certificate: proxy, key: proxy };
  if (certificate !== '' && key !== '') return { certificate, key };
  const byDefault = uid === undefined ? null : `/tmp/x509up_u${uid}`;
  if (byDefault !== null && (await doesExist(byDefault))) return { certificate: byDefault, key: byDefault };
  const looked = [
    'X509_USER_PROXY is not set',
    describePair(certificate !== '', key !== ''),
    ...(byDefault === null ? [] : [`${byDefault} is not there`]),
  ];
  throw new GlideTesterError('GT_CREDENTIAL_ENVIRONMENT', `found no credential: ${looked.join(', ')}`, {
    hint: 'Make a proxy (grid-proxy-init, voms-proxy-init), or set X509_USER_PROXY, or X509_USER_CERT and X509_USER_KEY.',
  });
}

function describePair(hasCertificate: boolean, hasKey: boolean): string {
  if (hasCertificate === hasKey) return 'X509_USER_CERT and X509_USER_KEY are not set';
  const [set, unset] = hasCertificate ? ['X509_USER_CERT', 'X509_USER_KEY'] : ['X509_USER_KEY', 'X509_USER_CERT'];
  return `${set} is set without ${unset}`;
}

async function doesExist(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
