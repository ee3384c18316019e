/** What the handshakes of a client need beforehand: made once per credential, since reading keys and authorities takes milliseconds. */

import { X509Certificate } from 'node:crypto';
import { type SecureContext, createSecureContext } from 'node:tls';
import type { Credential } from '../credentials/credential.ts';
import type { TargetSecurity } from '../scenario.ts';

export type PreparedSecurity = {
  context: SecureContext;
  /** Unix time from which on the client's own certificates are of no use; Infinity without any. */
  credentialEndsAtMs: number;
};

const ANONYMOUS: object = {};
const prepared = new WeakMap<TargetSecurity, WeakMap<object, PreparedSecurity>>();

/** @throws Error of OpenSSL when a certificate or the key can't be read: whoever hands out credentials has checked them */
export function prepareSecurity(security: TargetSecurity, credential: Credential | null): PreparedSecurity {
  let ofTarget = prepared.get(security);
  if (ofTarget === undefined) prepared.set(security, (ofTarget = new WeakMap()));
  const key = credential ?? ANONYMOUS;
  let found = ofTarget.get(key);
  if (found === undefined) ofTarget.set(key, (found = prepare(security, credential)));
  return found;
}

function prepare(
  { trusted, lowestVersion, highestVersion }: TargetSecurity,
  credential: Credential | null,
): PreparedSecurity {
  const context = createSecureContext({
    ca: trusted,
    minVersion: lowestVersion,
    maxVersion: highestVersion,
    // OpenSSL allows versions below 1.2 at this level alone.
    ...(lowestVersion === 'TLSv1' || lowestVersion === 'TLSv1.1' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
    ...(credential === null ? {} : { cert: credential.certificateChain, key: credential.privateKey }),
  });
  return { context, credentialEndsAtMs: credential === null ? Infinity : findEnd(credential.certificateChain) };
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** A chain is of use while all of its certificates are. */
function findEnd(certificateChain: string): number {
  const ends = certificateChain.match(CERTIFICATE)?.map((pem) => Date.parse(new X509Certificate(pem).validTo)) ?? [];
  return Math.min(...ends);
}
