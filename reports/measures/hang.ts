/** Whether a service hung under a cell: it did nothing any more while it was loaded, and nothing after. */

import type { CellEvidence } from '../evidence.ts';
import { KIND, type Measure } from './rows.ts';

/**
 * Whether the service had not recovered in time and no operation ended with success from the middle of the window on (without a
 * window: of the time from T0 to drained). Null when nobody looked whether it recovers.
 */
export function findHang({ recovery, window, drainedMs }: CellEvidence): Measure<boolean | null> {
  const middleUs = (window === null ? (drainedMs ?? 0) / 2 : (window.openMs + window.closeMs) / 2) * 1000;
  let hasSucceeded = false;
  return {
    take({ count, kind, endUs }) {
      for (let row = 0; row < count && !hasSucceeded; row += 1) {
        hasSucceeded = kind[row] === KIND.ok && (endUs[row] as number) >= middleUs;
      }
    },
    result() {
      if (recovery === null) return null;
      return recovery.recoveredMs === null && !hasSucceeded;
    },
  };
}
