/** What the connections of a cell were, and whether their handshakes were those of fresh clients. */

import { formatShare } from '../../foundation/quantity.ts';
import type { CellEvidence, ConnectionCounts } from '../evidence.ts';
import { formatCount, formatQuantity } from '../format-number.ts';
import type { CellSummary, Mark } from '../summary.ts';

/** Sum over those that are known; null when none is. */
export function sumConnections(parts: readonly { connections: ConnectionCounts | null }[]): ConnectionCounts | null {
  const known = parts.map(({ connections }) => connections).filter((connections) => connections !== null);
  if (known.length === 0) return null;
  const sum: ConnectionCounts = { opened: 0, secured: 0, resumed: 0, byCipher: {} };
  for (const { opened, secured, resumed, byCipher } of known) {
    sum.opened += opened;
    sum.secured += secured;
    sum.resumed += resumed;
    for (const [cipher, handshakes] of Object.entries(byCipher)) {
      sum.byCipher[cipher] = (sum.byCipher[cipher] ?? 0) + handshakes;
    }
  }
  return sum;
}

/** With a connection per operation each operation stands for a fresh client, which has no session to resume. */
export function markSessionsResumed(
  { connection }: Pick<CellEvidence, 'connection'>,
  { connections }: Pick<CellSummary, 'connections'>,
): Mark | null {
  if (connection?.perOperation !== true || connections === null || connections.resumed === 0) return null;
  const { resumed, secured } = connections;
  const share = resumed / secured;
  const text =
    `${formatCount(resumed)} of ${formatQuantity(secured, 'TLS handshake')} (${formatShare(share)}, limit 0 %) ` +
    'were cut short by resuming an earlier session: they cost less than those of fresh clients.';
  return { code: 'sessions-resumed', value: share * 100, limit: 0, text };
}
