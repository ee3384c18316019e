/** Reads the folder of certificates that a secured frontend is given. */

import { X509Certificate } from 'node:crypto';
import { GlideTesterError } from '../../foundation/error.ts';
import { certificateFolderPaths } from '../../scenarios/credentials/certificate-paths.ts';
import type { Credential } from '../../scenarios/credentials/credential.ts';
import { explainValidity } from '../../scenarios/credentials/credential-facts.ts';
import { readCredentialFiles } from '../../scenarios/credentials/read-credential.ts';
import { type TrustedAuthorities, readTrustedAuthorities } from '../../scenarios/credentials/trusted-authorities.ts';

/** The frontend serves this host alone, and GSI clients accept a name only. */
export const SECURE_HOST_NAME = 'localhost';

export type ServerCertificates = { host: Credential; trusted: TrustedAuthorities; gridMapfile: string };

/**
 * Read once, at the start: a folder that changes takes a new start.
 *
 * @throws GlideTesterError GT_FRONTEND_CERTIFICATES when clients could not accept the host's certificate; GT_CREDENTIAL_… when it or
 * its key can't be read or used, GT_TRUST_DIRECTORY when there is no authority to trust
 */
export async function readServerCertificates(directory: string): Promise<ServerCertificates> {
  const { hostCertificate, hostKey, caDirectory, gridMapfile } = certificateFolderPaths(directory);
  const { credential, facts } = await readCredentialFiles({ certificate: hostCertificate, key: hostKey });
  const trouble = explainValidity(facts, Date.now(), 0) ?? explainName(credential, hostCertificate);
  if (trouble !== null) {
    throw new GlideTesterError('GT_FRONTEND_CERTIFICATES', `no client could accept this service: ${trouble}`, {
      hint: 'Make a new folder with `glidetester frontend --make-certificates DIR`, or give a certificate for localhost.',
    });
  }
  return { host: credential, trusted: await readTrustedAuthorities(caDirectory), gridMapfile };
}

function explainName({ certificateChain }: Credential, source: string): string | null {
  const certificate = new X509Certificate(certificateChain);
  if (certificate.checkHost(SECURE_HOST_NAME) !== undefined) return null;
  return `it listens as ${SECURE_HOST_NAME}, for which the certificate in ${source} is not good`;
}
