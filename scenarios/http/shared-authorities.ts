/**
 * TLS contexts that trust the same authorities, and the one store of them that they share.
 *
 * Node reads the authorities that a context is given (`ca`) into a store of the context's own: 30 us and 6 kB each, for every
 * context anew. Contexts that are given none share the store of the thread's default authorities as they are when the context
 * is made, and keep that store when the defaults change later.
 */

import {
  type SecureContext,
  type SecureContextOptions,
  createSecureContext,
  getCACertificates,
  setDefaultCACertificates,
} from 'node:tls';

/** `defaults`: as Node tells them while they are those that are trusted; null: they can't be the defaults. */
type Shared = { trusted: readonly string[]; defaults: readonly string[] | null };

let mayShare = false;
let shared: Shared = { trusted: [], defaults: null };

/**
 * From now on the default authorities of this thread are those of the target that a context was made for last. This is for threads
 * that run clients and nothing else: whatever else names no authorities would believe the target's.
 */
export function shareAuthorities(): void {
  mayShare = true;
}

/**
 * A context that trusts these authorities and no other.
 *
 * @param trusted PEM, one certificate each
 * @throws Error of OpenSSL when something can't be read
 */
export function createTrustingContext(
  trusted: readonly string[],
  options: Omit<SecureContextOptions, 'ca'>,
): SecureContext {
  return createSecureContext(makeDefault(trusted) ? options : { ...options, ca: [...trusted] });
}

/** Whether these, no more and no fewer, are now the thread's defaults. */
function makeDefault(trusted: readonly string[]): boolean {
  if (!mayShare) return false;
  const isKnown = isSameList(shared.trusted, trusted);
  if (isKnown && shared.defaults === null) return false;
  // Node tells the same list until somebody sets another.
  if (!isKnown || shared.defaults !== getCACertificates())
    shared = { trusted: [...trusted], defaults: setAll(trusted) };
  return shared.defaults !== null;
}

/** What Node tells of them then; null where it takes none of it for a certificate. */
function setAll(trusted: readonly string[]): readonly string[] | null {
  try {
    setDefaultCACertificates(trusted);
  } catch {
    return null;
  }
  return getCACertificates();
}

export function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
