/** Health of one thread while it generates load: how busy and how late its event loop is, and how long it waits for a core. */

import { monitorEventLoopDelay, performance, PerformanceObserver } from 'node:perf_hooks';
import type { PilotHealth } from '../protocol.ts';
import { type RunQueue, readRunQueue } from './run-queue.ts';

/**
 * Period of the monitor's timer. What it records is the time between two ticks, so its own period is taken off. Short enough
 * that a cell of a second has a p99 that is not its worst tick, long enough to cost less than a hundredth of a core.
 */
const RESOLUTION_MS = 2;

export type ThreadHealth = Pick<
  PilotHealth,
  'loopUtilisation' | 'loopDelayP99Ms' | 'gcShare' | 'runQueueShare' | 'runQueueMeanMs'
>;

export type ThreadHealthWatch = {
  /** Over the time since the watch began. Loop delays below the monitor's period can't be told from its rounding. */
  stop(): ThreadHealth;
};

export function watchThreadHealth(): ThreadHealthWatch {
  const startedMs = performance.now();
  const utilisation = performance.eventLoopUtilization();
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let gcMs = 0;
  const gc = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) gcMs += entry.duration;
  });
  gc.observe({ entryTypes: ['gc'] });
  const queuedBefore = readRunQueue();

  return {
    stop() {
      const spanMs = Math.max(1, performance.now() - startedMs);
      delays.disable();
      gc.disconnect();
      const queued = runQueueBetween(queuedBefore, readRunQueue());
      return {
        loopUtilisation: performance.eventLoopUtilization(utilisation).utilization,
        loopDelayP99Ms: delays.count === 0 ? 0 : Math.max(0, delays.percentile(99) / 1e6 - RESOLUTION_MS),
        gcShare: gcMs / spanMs,
        runQueueShare: queued === null ? null : queued.waitedMs / spanMs,
        runQueueMeanMs: queued === null ? null : queued.waitedMs / Math.max(1, queued.turns),
      };
    },
  };
}

function runQueueBetween(before: RunQueue | null, after: RunQueue | null): RunQueue | null {
  if (before === null || after === null) return null;
  return { waitedMs: after.waitedMs - before.waitedMs, turns: after.turns - before.turns };
}
