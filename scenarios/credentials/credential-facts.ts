/** What a credential's certificates say: who it is, and from when until when it can be used. */

import type { Certificate } from './certificate.ts';
import { nameInChain, writeInstant } from './chain-refusal.ts';
import { writeSlashName } from './distinguished-name.ts';
import { isOldProxy, isProxy } from './proxy-rules.ts';

export type CredentialFacts = {
  /** Where it was read, as messages name it. */
  source: string;
  /** Subject of the certificate that is shown first, in slash form. */
  subject: string;
  /** Subject of the user's certificate: the same without the CNs of proxies. */
  identity: string;
  via: 'certificate' | 'proxy';
  proxies: number;
  /** Unix time between which all its certificates are valid, and in words which of them begins last and ends first. */
  validFromMs: number;
  validFromOf: string;
  validUntilMs: number;
  validUntilOf: string;
};

type Member = { words: string; certificate: Certificate };

/**
 * The facts of a chain, the certificate that is shown first at its beginning.
 *
 * @returns null when it holds proxies alone, so that nobody can tell whose they are
 */
export function gatherFacts(chain: readonly Certificate[], source: string): CredentialFacts | null {
  const userAt = chain.findIndex((certificate) => !isProxy(certificate) && !isOldProxy(certificate));
  const [first, user] = [chain[0], chain[userAt]];
  if (first === undefined || user === undefined) return null;
  const identity = writeSlashName(user.subject);
  const members = chain.map((certificate, index): Member => {
    if (index > userAt) return { words: nameInChain('authority', certificate), certificate };
    return { words: `the ${index < userAt ? 'proxy' : 'certificate'} of ${identity}`, certificate };
  });
  const last = members.reduce((a, b) => (b.certificate.validFromMs > a.certificate.validFromMs ? b : a));
  const earliest = members.reduce((a, b) => (b.certificate.validUntilMs < a.certificate.validUntilMs ? b : a));
  return {
    source,
    subject: writeSlashName(first.subject),
    identity,
    via: userAt > 0 ? 'proxy' : 'certificate',
    proxies: userAt,
    validFromMs: last.certificate.validFromMs,
    validFromOf: last.words,
    validUntilMs: earliest.certificate.validUntilMs,
    validUntilOf: earliest.words,
  };
}

/**
 * Why a credential can't be used from now on for as long as is needed, in one clause; null: it can.
 *
 * @param unixMs now
 * @param neededMs how long the cell may take
 */
export function explainValidity(facts: CredentialFacts, unixMs: number, neededMs: number): string | null {
  const { source, validFromMs, validFromOf, validUntilMs, validUntilOf } = facts;
  const until = `${validUntilOf} in ${source}`;
  if (validFromMs > unixMs) {
    return `${validFromOf} in ${source} is valid only from ${writeInstant(validFromMs)}, ${writeSpan(validFromMs - unixMs)} from now`;
  }
  if (validUntilMs <= unixMs) {
    return `${until} expired at ${writeInstant(validUntilMs)}, ${writeSpan(unixMs - validUntilMs)} ago`;
  }
  const leftMs = validUntilMs - unixMs;
  if (leftMs >= neededMs) return null;
  const left = `valid until ${writeInstant(validUntilMs)}, ${writeSpan(leftMs)} from now`;
  return `${until} is ${left}, and the cell may take ${writeSpan(neededMs)}`;
}

/** A span in the largest unit of which it has two: '45 s', '12 min', '34 h', '12 d'. */
function writeSpan(spanMs: number): string {
  const seconds = Math.round(spanMs / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 2 * 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 2 * 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}
