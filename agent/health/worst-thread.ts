/** Health of all threads of a pilot as one figure each: a single saturated thread is enough to spoil a cell. */

import type { ThreadHealth } from './thread-health.ts';

export function worstOf(threads: readonly ThreadHealth[]): ThreadHealth {
  const worst = (read: (health: ThreadHealth) => number): number => Math.max(0, ...threads.map(read));
  const waits = threads.map(({ runQueueShare }) => runQueueShare).filter((share) => share !== null);
  return {
    loopUtilisation: worst(({ loopUtilisation }) => loopUtilisation),
    loopDelayP99Ms: worst(({ loopDelayP99Ms }) => loopDelayP99Ms),
    loopLateMeanMs: worst(({ loopLateMeanMs }) => loopLateMeanMs),
    gcShare: worst(({ gcShare }) => gcShare),
    runQueueShare: waits.length === 0 ? null : Math.max(...waits),
  };
}
