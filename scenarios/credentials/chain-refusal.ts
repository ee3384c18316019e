/** Why a chain of certificates was refused: a rule from a closed list, and words that name the certificate. */

import type { Certificate } from './certificate.ts';
import { writeSlashName } from './distinguished-name.ts';

/** Every rule that a chain can break. */
export const CHAIN_RULES = [
  // what was shown
  'no-certificate',
  'too-many-certificates',
  'certificate-too-large',
  'unreadable-certificate',
  'duplicate-certificate',
  'out-of-order',
  // any certificate
  'expired',
  'not-yet-valid',
  'wrong-signature',
  'weak-signature',
  'wrong-issuer-key',
  'unknown-critical-extension',
  // proxies
  'old-proxy',
  'proxy-info-missing',
  'proxy-info-not-critical',
  'proxy-subject',
  'proxy-is-authority',
  'proxy-alternative-name',
  'proxy-of-authority',
  'proxy-issuer-missing',
  'proxy-issuer-key-usage',
  'proxy-path-length',
  'proxy-independent',
  'proxy-policy',
  // the user's certificate
  'user-without-subject',
  'user-is-authority',
  'user-self-signed',
  'wrong-purpose',
  // authorities
  'unknown-authority',
  'untrusted-authority',
  'issuer-is-no-authority',
  'authority-key-usage',
  'authority-path-length',
] as const;

export type ChainRule = (typeof CHAIN_RULES)[number];

/** Names are up to the client; a log line is not to grow with them. */
const LONGEST_TEXT = 1000;

/** Thrown inside a walk, which turns it into its verdict. */
export class ChainRefusal extends Error {
  override readonly name = 'ChainRefusal';
  readonly rule: ChainRule;

  constructor(rule: ChainRule, text: string) {
    super(text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text);
    this.rule = rule;
  }
}

/** What a certificate is in its chain, as words call it. */
export type ChainRole = 'proxy' | 'certificate' | 'authority';

/** `the proxy /DC=org/CN=Somebody/CN=123` */
export function nameInChain(role: ChainRole, { subject }: Certificate): string {
  return `the ${role} ${writeSlashName(subject)}`;
}

/** Unix time as people read it, `2026-11-20T10:00:00Z`. */
export function writeInstant(unixMs: number): string {
  return new Date(unixMs).toISOString().replace('.000Z', 'Z');
}
