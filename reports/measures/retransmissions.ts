/** Whether what TCP had to send again can have set the percentiles. */

import { type TcpCounts, countLost } from '../../foundation/tcp-counts.ts';
import { formatCount, formatNumber, formatQuantity } from '../format-number.ts';
import type { CellSummary, Mark } from '../summary.ts';

/** Each delays one operation at most: as long as they are fewer than the slowest hundredth, p99 is that of one without. */
const LOST_LIMIT = 0.01;
/** No percentile is given without five operations beyond it. */
const LOST_LEAST = 5;

/** Nobody is blamed: a full accept queue of the service and a bad cable look alike. */
export function markRetransmitted({
  generator,
  operations,
}: Pick<CellSummary, 'generator' | 'operations'>): Mark | null {
  const tcp = generator?.tcp ?? null;
  if (tcp === null) return null;
  const all = operations.ok + operations.failed + operations.cut;
  const value = countLost(tcp);
  const limit = Math.max(LOST_LEAST, LOST_LIMIT * all);
  if (value <= limit) return null;
  const text =
    `While ${formatQuantity(all, 'operation')} ran, ${describeTcp(tcp)} ` +
    `(limit ${formatNumber(limit)}: one in a hundred operations, at least ${LOST_LEAST}); what else those hosts send is counted too.`;
  return { code: 'retransmitted', value, limit, text };
}

/** What was lost and turned away, as part of a sentence. */
export function describeTcp(tcp: TcpCounts): string {
  const { sent, listenOverflows, listenDrops } = tcp;
  const lost = `${formatCount(countLost(tcp))} of ${formatQuantity(sent, 'segment')} were lost and sent again`;
  const dropped = Math.max(listenOverflows, listenDrops);
  if (dropped === 0) return `${lost} on the pilots’ hosts`;
  const listeners = `their listeners dropped ${formatQuantity(dropped, 'connection')}`;
  return `${lost} on the pilots’ hosts, ${listeners} (${formatCount(listenOverflows)} for a full accept queue)`;
}
