/** What connections were: counted where they are opened, added up on the way to the report. */

export type ConnectionCounts = {
  /** TCP connections that stood. */
  opened: number;
  /** TLS handshakes that were completed. */
  secured: number;
  /** Of these, how many were cut short by resuming an earlier session. */
  resumed: number;
  /** Handshakes per protocol and cipher, such as `TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256`. */
  byCipher: Record<string, number>;
  /** Operations per transport that carried them. */
  carriedBy: { direct: number; undici: number };
};

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
