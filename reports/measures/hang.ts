/** Whether a service hung under a cell: it did nothing any more while it was loaded, and nothing after. */

import type { CellEvidence } from '../evidence.ts';
import { type CellRows, KIND } from './rows.ts';

/**
 * Whether the service had not recovered in time and no operation ended with success from the middle of the window on (without a
 * window: of the time from T0 to drained). Null when nobody looked whether it recovers.
 */
export function isHung({ recovery, window, drainedMs }: CellEvidence, rows: CellRows): boolean | null {
  if (recovery === null) return null;
  if (recovery.recoveredMs !== null) return false;
  const middleMs = window === null ? (drainedMs ?? 0) / 2 : (window.openMs + window.closeMs) / 2;
  for (let row = 0; row < rows.count; row += 1) {
    const endUs = (rows.startUs[row] as number) + (rows.durationUs[row] as number);
    if (rows.kind[row] === KIND.ok && endUs >= middleMs * 1000) return false;
  }
  return true;
}
