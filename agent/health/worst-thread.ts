/** Health of all threads of a pilot as one figure each: a single saturated thread is enough to spoil a cell. */

import type { ThreadHealth } from './thread-health.ts';

/** The worst of each; the two figures about the run queue are those of the thread that waited for the largest share. */
export function worstOf(threads: readonly ThreadHealth[]): ThreadHealth {
  const worst = (read: (health: ThreadHealth) => number): number => Math.max(0, ...threads.map(read));
  const [longest] = threads.toSorted((a, b) => (b.runQueueShare ?? -1) - (a.runQueueShare ?? -1));
  return {
    loopUtilisation: worst(({ loopUtilisation }) => loopUtilisation),
    loopDelayP99Ms: worst(({ loopDelayP99Ms }) => loopDelayP99Ms),
    gcShare: worst(({ gcShare }) => gcShare),
    runQueueShare: longest?.runQueueShare ?? null,
    runQueueMeanMs: longest?.runQueueMeanMs ?? null,
  };
}
