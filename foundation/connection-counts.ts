/** What connections were: counted where they are opened, added up on the way to the report. */

import { z } from 'zod';

const count = z.number().int().min(0);

export const ConnectionCountsSchema = z.strictObject({
  /** TCP connections that stood. */
  opened: count,
  /** TLS handshakes that were completed. */
  secured: count,
  /** Of these, how many were cut short by resuming an earlier session. */
  resumed: count,
  /** Handshakes per protocol and cipher, such as `TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256`. */
  byCipher: z.record(z.string(), count),
  /** Operations per transport that carried them; all zero in a result from before this was kept. */
  carriedBy: z.strictObject({ direct: count, undici: count }).default({ direct: 0, undici: 0 }),
});

export type ConnectionCounts = z.infer<typeof ConnectionCountsSchema>;

export function createConnectionCounts(): ConnectionCounts {
  return { opened: 0, secured: 0, resumed: 0, byCipher: {}, carriedBy: { direct: 0, undici: 0 } };
}

/** Adds `more` to `sum`. */
export function addConnectionCounts(sum: ConnectionCounts, more: ConnectionCounts): void {
  sum.opened += more.opened;
  sum.secured += more.secured;
  sum.resumed += more.resumed;
  sum.carriedBy.direct += more.carriedBy.direct;
  sum.carriedBy.undici += more.carriedBy.undici;
  for (const [cipher, handshakes] of Object.entries(more.byCipher)) {
    sum.byCipher[cipher] = (sum.byCipher[cipher] ?? 0) + handshakes;
  }
}
