/** Who the clients are: a pool of credentials that they take turns in, and how long each of them is good for. */

import pLimit from 'p-limit';
import { GlideTesterError } from '../../foundation/error.ts';
import { explainValidity } from '../../scenarios/credentials/credential-facts.ts';
import type { Credential } from '../../scenarios/credentials/credential.ts';
import { type ReadCredential, readCredentialFiles } from '../../scenarios/credentials/read-credential.ts';
import type { IdentityChoice } from '../config/target-schema.ts';
import { type Account, findIdentityFiles } from './identity-files.ts';

/** In the order in which clients take turns; empty: nobody shows a certificate. */
export type Identities = readonly ReadCredential[];

/** What may be told and written down of them: never a certificate's text, and never a key. */
export type IdentitiesRecord = {
  /** Distinct users among them. */
  users: number;
  credentials: { subject: string; validUntil: string; from: string }[];
};

const FILES_AT_ONCE = 32;

/**
 * Reads the files anew, since proxies are renewed while a campaign runs.
 *
 * @throws GT_CREDENTIAL_… of the first file that is not to be used, in the order of the pool
 */
export async function readIdentities(choice: IdentityChoice, account: Account): Promise<Identities> {
  const files = await findIdentityFiles(choice, account);
  const limit = pLimit(FILES_AT_ONCE);
  const read = await Promise.allSettled(files.map((each) => limit(() => readCredentialFiles(each))));
  return read.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}

/** What the clients show; the list of a cell's plan is cut from it. */
export function credentialsOf(identities: Identities): Credential[] {
  return identities.map(({ credential }) => credential);
}

/** What a single operation shows, such as a probe's: the first of the pool; null: nothing. */
export function firstCredential(identities: Identities): Credential | null {
  return identities[0]?.credential ?? null;
}

/** What so many clients need of a pool that they take turns in: its beginning. */
export function neededBy(identities: Identities, clients: number): Identities {
  return identities.slice(0, clients);
}

/** Distinct users among them. */
export function countUsers(identities: Identities): number {
  return new Set(identities.map(({ facts }) => facts.identity)).size;
}

/** When the first of them ends, Unix time; Infinity: nobody shows a certificate. */
export function earliestEndMs(identities: Identities): number {
  return Math.min(...identities.map(({ facts }) => facts.validUntilMs));
}

/** Why they can't all be used from now on for so long, in one clause; null: they can. */
export function explainExpiry(identities: Identities, unixMs: number, neededMs: number): string | null {
  const reasons = identities
    .map(({ facts }) => explainValidity(facts, unixMs, neededMs))
    .filter((reason) => reason !== null);
  const [first] = reasons;
  if (first === undefined) return null;
  return reasons.length === 1 ? first : `${first}; the same goes for ${reasons.length - 1} more`;
}

/** @throws GT_CREDENTIAL_EXPIRED when one of them is not valid now: then not even one operation can be tried */
export function requireValid(identities: Identities, unixMs: number): void {
  const reason = explainExpiry(identities, unixMs, 0);
  if (reason === null) return;
  throw new GlideTesterError('GT_CREDENTIAL_EXPIRED', `expected credentials that are valid now: ${reason}`, {
    hint: 'renew it (grid-proxy-init, voms-proxy-init), or name another one in target.identity',
  });
}

export function recordIdentities(identities: Identities): IdentitiesRecord {
  return {
    users: countUsers(identities),
    credentials: identities.map(({ facts: { subject, validUntilMs, source } }) => ({
      subject,
      validUntil: new Date(validUntilMs).toISOString(),
      from: source,
    })),
  };
}
