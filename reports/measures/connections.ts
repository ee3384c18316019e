/** What the connections of a cell were, and whether their handshakes were those of fresh clients. */

import {
  type ConnectionCounts,
  addConnectionCounts,
  createConnectionCounts,
} from '../../foundation/connection-counts.ts';
import { formatShare } from '../../foundation/quantity.ts';
import type { CellEvidence } from '../evidence.ts';
import { formatCount, formatQuantity } from '../format-number.ts';
import type { CellSummary, Mark } from '../summary.ts';

/** Sum over those that are known; null when none is. */
export function sumConnections(parts: readonly { connections: ConnectionCounts | null }[]): ConnectionCounts | null {
  const known = parts.map(({ connections }) => connections).filter((connections) => connections !== null);
  if (known.length === 0) return null;
  const sum = createConnectionCounts();
  for (const counts of known) addConnectionCounts(sum, counts);
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
