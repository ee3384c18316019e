/** The campaign's own certificate: made afresh, pinned by every pilot, forgotten with the process. */

import 'reflect-metadata'; // asked for by @peculiar/x509's injection container, before it loads
import { webcrypto } from 'node:crypto';
import { BasicConstraintsExtension, X509CertificateGenerator } from '@peculiar/x509';

export type LinkCertificate = { certificate: string; privateKey: string };

const DAY_MS = 24 * 3_600_000;

/**
 * A self-signed P-256 certificate and its key, both PEM. Pilots trust this certificate alone, so its names don't matter; it
 * begins a day early since pilots' wall clocks may be behind.
 */
export async function createLinkCertificate(unixMs: number): Promise<LinkCertificate> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=glidetester campaign',
    notBefore: new Date(unixMs - DAY_MS),
    notAfter: new Date(unixMs + 90 * DAY_MS),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const lines = key.match(/.{1,64}/g) ?? [];
  return {
    certificate: certificate.toString('pem'),
    privateKey: `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`,
  };
}
