/** How far the first sends were from when they were due, on the coordinator's clock. */

import type { CellEvidence } from '../evidence.ts';
import type { CellSummary } from '../summary.ts';
import { nearestRank } from './percentile.ts';
import type { Measure } from './rows.ts';

/**
 * |first send - due| over clients. Client n of a level of N is due n/N of the spread after T0. `clockErrorMs` is the largest
 * error of the pilots' clock ties: each skew is right within it.
 */
export function measureStartSkew({
  level,
  startSpreadMs,
  pilots,
}: Pick<CellEvidence, 'level' | 'startSpreadMs' | 'pilots'>): Measure<CellSummary['startSkewMs']> {
  const skewsMs: number[] = [];
  return {
    take({ count, sequence, client, startUs }) {
      for (let row = 0; row < count; row += 1) {
        if (sequence[row] !== 0) continue;
        const dueMs = (startSpreadMs * (client[row] as number)) / level;
        skewsMs.push(Math.abs((startUs[row] as number) / 1000 - dueMs));
      }
    },
    result() {
      const errorsMs = pilots.filter(({ clients }) => clients > 0).map(({ clock }) => clock.errorMs);
      const clockErrorMs = errorsMs.length === 0 ? null : Math.max(...errorsMs);
      if (skewsMs.length === 0) return { p50: null, p99: null, max: null, clockErrorMs };
      const sorted = Float64Array.from(skewsMs).sort();
      return {
        p50: nearestRank(sorted, 50),
        p99: nearestRank(sorted, 99),
        max: nearestRank(sorted, 100),
        clockErrorMs,
      };
    },
  };
}
