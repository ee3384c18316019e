/** What the connections of a cell were: counted where they are opened, added up on the way to the report. */

import type { TLSSocket } from 'node:tls';

export type ConnectionCounts = {
  /** TCP connections that stood. */
  opened: number;
  /** TLS handshakes that were completed. */
  secured: number;
  /** Handshakes that were cut short by resuming an earlier session. */
  resumed: number;
  /** Handshakes per protocol and cipher, such as `TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256`. */
  byCipher: Record<string, number>;
};

export function createConnectionCounts(): ConnectionCounts {
  return { opened: 0, secured: 0, resumed: 0, byCipher: {} };
}

/** Counts a completed handshake. */
export function countHandshake(counts: ConnectionCounts, socket: TLSSocket): void {
  const cipher = `${socket.getProtocol()} ${socket.getCipher().name}`;
  counts.secured += 1;
  if (socket.isSessionReused()) counts.resumed += 1;
  counts.byCipher[cipher] = (counts.byCipher[cipher] ?? 0) + 1;
}

/** Adds `more` to `sum`. */
export function addConnectionCounts(sum: ConnectionCounts, more: ConnectionCounts): void {
  sum.opened += more.opened;
  sum.secured += more.secured;
  sum.resumed += more.resumed;
  for (const [cipher, handshakes] of Object.entries(more.byCipher)) {
    sum.byCipher[cipher] = (sum.byCipher[cipher] ?? 0) + handshakes;
  }
}
