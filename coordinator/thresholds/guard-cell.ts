/** Stops the campaign when a running cell crosses a threshold with `abort`: at the first row that makes it sure. */

import type { CellIdentity } from '../../reports/evidence.ts';
import type { World } from '../world.ts';
import { stopForCrossing } from './crossing.ts';
import { type LiveWatch, createLiveWatch, liveThresholdsFor } from './live-watch.ts';

/** Looks after each of these, and does nothing any more once a threshold has been crossed. */
export type CellGuard = Pick<LiveWatch, 'count' | 'opened' | 'closed'>;

export function guardCell(
  { config, journal, interrupt }: Pick<World, 'config' | 'journal' | 'interrupt'>,
  { cell, attempt, gridMs }: { cell: CellIdentity; attempt: number; gridMs: number },
): CellGuard {
  const watch = createLiveWatch(liveThresholdsFor(config.thresholds, cell), { clients: cell.level, gridMs });
  let isOver = false;
  const look = (): void => {
    const crossing = isOver ? null : watch.crossed();
    if (crossing === null) return;
    isOver = true;
    void journal.write('threshold-crossed', { cell: cell.id, attempt, ...crossing });
    interrupt.abort(stopForCrossing(crossing, cell.id));
  };
  return {
    count(block) {
      watch.count(block);
      look();
    },
    opened(openMs) {
      watch.opened(openMs);
      look();
    },
    closed(closeMs) {
      watch.closed(closeMs);
      look();
    },
  };
}
