/**
 * What the handshakes of a client need beforehand: made once per credential, since reading a key takes a third of a millisecond.
 *
 * Each cell brings its target and its credentials anew, mostly with the same bytes: what was made for a cell is of use to the next
 * one in the same thread, and forgotten after that. What differs in a byte is another credential.
 */

import { X509Certificate, hash } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import type { Credential } from '../credentials/credential.ts';
import type { TargetSecurity } from '../scenario.ts';
import { createTrustingContext, isSameList } from './shared-authorities.ts';

export type PreparedSecurity = {
  context: SecureContext;
  /** Unix time from which on the client's own certificates are of no use; Infinity without any. */
  credentialEndsAtMs: number;
};

/** By the digest of the credential's bytes. */
type ByDigest = Map<string, PreparedSecurity>;
/** What was made for one target in one cell; `earlier`: for the cell before, if its target was secured in the same way. */
type OfTarget = {
  security: TargetSecurity;
  byCredential: WeakMap<object, PreparedSecurity>;
  made: ByDigest;
  earlier: ByDigest;
};

const ANONYMOUS: object = {};
const ofTargets = new WeakMap<TargetSecurity, OfTarget>();
let latest: OfTarget | null = null;

/** @throws Error of OpenSSL when a certificate or the key can't be read: whoever hands out credentials has checked them */
export function prepareSecurity(security: TargetSecurity, credential: Credential | null): PreparedSecurity {
  const ofTarget = ofTargets.get(security) ?? meet(security);
  const key = credential ?? ANONYMOUS;
  let found = ofTarget.byCredential.get(key);
  if (found === undefined) ofTarget.byCredential.set(key, (found = findOrPrepare(ofTarget, credential)));
  return found;
}

function meet(security: TargetSecurity): OfTarget {
  const earlier = latest !== null && isSameSecurity(latest.security, security) ? latest.made : new Map();
  latest = { security, byCredential: new WeakMap(), made: new Map(), earlier };
  ofTargets.set(security, latest);
  return latest;
}

function isSameSecurity(a: TargetSecurity, b: TargetSecurity): boolean {
  return (
    a.lowestVersion === b.lowestVersion && a.highestVersion === b.highestVersion && isSameList(a.trusted, b.trusted)
  );
}

function findOrPrepare({ security, made, earlier }: OfTarget, credential: Credential | null): PreparedSecurity {
  const digest = digestOf(credential);
  const found = made.get(digest) ?? earlier.get(digest) ?? prepare(security, credential);
  made.set(digest, found);
  return found;
}

function digestOf(credential: Credential | null): string {
  if (credential === null) return '';
  const { certificateChain, privateKey } = credential;
  return hash('sha256', `${certificateChain.length} ${certificateChain}${privateKey}`, 'base64');
}

function prepare(
  { trusted, lowestVersion, highestVersion }: TargetSecurity,
  credential: Credential | null,
): PreparedSecurity {
  const context = createTrustingContext(trusted, {
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
