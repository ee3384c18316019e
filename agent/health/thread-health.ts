/** Health of one thread while it generates load: how busy and how late its event loop is, and how long it waits for a core. */

import { monitorEventLoopDelay, performance, PerformanceObserver } from 'node:perf_hooks';
import type { PilotHealth } from '../protocol.ts';
import { readRunQueueWaitMs } from './run-queue.ts';

/**
 * Period of the monitor's timer. What it records is the time between two ticks, so its own period is taken off. Short enough
 * that a cell of a second has a p99 that is not its worst tick, long enough to cost less than a hundredth of a core.
 */
const RESOLUTION_MS = 2;

export type ThreadHealth = Pick<
  PilotHealth,
  'loopUtilisation' | 'loopDelayP99Ms' | 'loopLateMeanMs' | 'gcShare' | 'runQueueShare'
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
  const waitedBefore = readRunQueueWaitMs();

  return {
    stop() {
      const spanMs = Math.max(1, performance.now() - startedMs);
      delays.disable();
      gc.disconnect();
      const waited = readRunQueueWaitMs();
      return {
        loopUtilisation: performance.eventLoopUtilization(utilisation).utilization,
        loopDelayP99Ms: delays.count === 0 ? 0 : Math.max(0, delays.percentile(99) / 1e6 - RESOLUTION_MS),
        loopLateMeanMs: meanLatenessMs(delays, spanMs),
        gcShare: gcMs / spanMs,
        runQueueShare: waited === null || waitedBefore === null ? null : (waited - waitedBefore) / spanMs,
      };
    },
  };
}

/** Times between the ticks of the monitor, in nanoseconds. */
type Ticks = { count: number; mean: number; stddev: number };

/**
 * How long something that comes at any moment waits for the loop, on average over all moments: sum of d² / (2 × span) over the
 * delays d of the ticks, since a delay is met with a chance of d / span and is half over then. A percentile of the ticks knows
 * little of long delays: a loop that stands still for a second has one late tick, and five hundred that it never made.
 */
export function meanLatenessMs({ count, mean, stddev }: Ticks, spanMs: number): number {
  if (count === 0) return 0;
  const meanDelayMs = mean / 1e6 - RESOLUTION_MS;
  return (count * (meanDelayMs ** 2 + (stddev / 1e6) ** 2)) / (2 * spanMs);
}
