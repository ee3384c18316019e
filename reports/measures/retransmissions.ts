/** Whether what TCP had to send again can have moved the percentiles. */

import type { TcpCounts } from '../../foundation/tcp-counts.ts';
import { formatShare } from '../../foundation/quantity.ts';
import { formatCount, formatQuantity } from '../format-number.ts';
import type { CellSummary, Mark } from '../summary.ts';

/** Each delays one operation at most: as long as they are fewer than the slowest hundredth, p99 is that of one without. */
const RETRANSMITTED_LIMIT = 0.01;

/** Segments sent again over operations; null when either is unknown or nothing was sent. */
export function retransmittedShare({
  generator,
  operations,
}: Pick<CellSummary, 'generator' | 'operations'>): number | null {
  const tcp = generator?.tcp ?? null;
  const all = operations.ok + operations.failed + operations.cut;
  return tcp === null || all === 0 ? null : tcp.retransmitted / all;
}

/** Nobody is blamed: a full accept queue of the service and a bad cable look alike. */
export function markRetransmitted(measured: Pick<CellSummary, 'generator' | 'operations'>): Mark | null {
  const share = retransmittedShare(measured);
  const tcp = measured.generator?.tcp ?? null;
  if (share === null || tcp === null || share <= RETRANSMITTED_LIMIT) return null;
  const text = `While it ran, ${describeTcp(tcp)}: ${formatShare(share)} of the operations (limit ${formatShare(RETRANSMITTED_LIMIT)}).`;
  return { code: 'retransmitted', value: share * 100, limit: RETRANSMITTED_LIMIT * 100, text };
}

/** What was sent again and turned away, as part of a sentence. */
export function describeTcp({ sent, retransmitted, listenOverflows, listenDrops }: TcpCounts): string {
  const again = `the pilots’ hosts sent ${formatQuantity(retransmitted, 'segment')} again (of ${formatCount(sent)})`;
  const dropped = Math.max(listenOverflows, listenDrops);
  if (dropped === 0) return again;
  return `${again} and dropped ${formatQuantity(dropped, 'connection')} at their own listeners (${formatCount(listenOverflows)} for a full accept queue)`;
}
