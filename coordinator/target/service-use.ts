/** What the embedded service says of itself: asked at T0 and at drained, the growth in between is what the cell took of it. */

import { request } from 'undici';
import { monotonicNowMs } from '../../foundation/clock.ts';
import type { ServiceUse } from '../../reports/evidence.ts';
import { type ServiceState, ServiceStateSchema } from '../../scenarios/server-count.ts';

const ANSWERS_WITHIN_MS = 2000;

export type ServiceReading = {
  state: ServiceState;
  /** Middle of the exchange, on the host's monotonic clock. */
  atMs: number;
};

/** The frontend's state now, or null when it can't be had within 2 s. */
export async function readServiceState(metricsUrl: string): Promise<ServiceReading | null> {
  const askedMs = monotonicNowMs();
  try {
    const answer = await request(`${metricsUrl}/service`, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
    const state = ServiceStateSchema.parse(await answer.body.json());
    return { state, atMs: (askedMs + monotonicNowMs()) / 2 };
  } catch {
    return null; // the report says that the service did not tell; one that hangs must not end the campaign here
  }
}

/** Null when one of the two could not be had, or when the process was restarted in between: a counter went down. */
export function serviceUseBetween(before: ServiceReading | null, after: ServiceReading | null): ServiceUse | null {
  if (before === null || after === null || after.atMs <= before.atMs) return null;
  const { state: first, atMs: firstAtMs } = before;
  const { state: last, atMs: lastAtMs } = after;
  const cpuMs = last.cpuMs - first.cpuMs;
  const grown = {
    callOuts: last.callOuts - first.callOuts,
    waitedForThread: last.waitedForThread - first.waitedForThread,
    exhausted: {
      queue: last.exhausted.queue - first.exhausted.queue,
      heap: last.exhausted.heap - first.exhausted.heap,
      descriptors: last.exhausted.descriptors - first.exhausted.descriptors,
    },
  };
  const { callOuts, waitedForThread, exhausted } = grown;
  if ([cpuMs, callOuts, waitedForThread, ...Object.values(exhausted)].some((growth) => growth < 0)) return null;
  return { cpuShare: cpuMs / (lastAtMs - firstAtMs), ...grown };
}
