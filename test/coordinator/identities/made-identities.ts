/** Identities that only their facts are looked at: no certificate stands behind them. */

import type { ReadCredential } from '../../../scenarios/credentials/read-credential.ts';

/** Long after any test. */
const FAR_MS = Date.UTC(2100, 0, 1);

export function madeIdentity(number: number, validUntilMs = FAR_MS): ReadCredential {
  const identity = `/DC=org/DC=example/CN=Load User ${number}`;
  return {
    credential: { certificateChain: `chain ${number}`, privateKey: `secret ${number}` },
    facts: {
      source: `user-${number}.pem`,
      subject: `${identity}/CN=1`,
      identity,
      via: 'proxy',
      proxies: 1,
      validFromMs: 0,
      validFromOf: `the proxy of ${identity}`,
      validUntilMs,
      validUntilOf: `the proxy of ${identity}`,
    },
  };
}
