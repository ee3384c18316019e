/** How many clients there were: held (by the pilots' lives) and in flight, turning round, pausing (by the gauges). */

import type { CellEvidence, CellWindow, GaugeSeries } from '../evidence.ts';

/** Time averages over the window, in clients; null where the gauges do not reach over it. */
export type GaugeAverages = { inFlight: number | null; turning: number | null; pausing: number | null };

/** (I(b) - I(a)) / (b - a) of each gauge's integral I over the window [a, b]. */
export function averageGauges(gauges: GaugeSeries, window: CellWindow): GaugeAverages {
  const average = (integral: readonly number[]): number | null => {
    const open = integralAt(integral, window.openMs / gauges.everyMs);
    const close = integralAt(integral, window.closeMs / gauges.everyMs);
    const lengthMs = window.closeMs - window.openMs;
    return open === null || close === null || lengthMs <= 0 ? null : (close - open) / lengthMs;
  };
  return { inFlight: average(gauges.inFlight), turning: average(gauges.turning), pausing: average(gauges.pausing) };
}

/** The integral at a position on the grid; between two points it grows evenly; null beyond the last point. */
export function integralAt(integral: readonly number[], position: number): number | null {
  const before = Math.floor(position);
  const from = integral[before];
  if (from === undefined) return null;
  if (position === before) return from;
  const to = integral[before + 1];
  return to === undefined ? null : from + (to - from) * (position - before);
}

/** Clients whose pilot was alive: time average and smallest number over the window. */
export type Held = { mean: number; smallest: number };

/** Without a window: over the whole cell, so a pilot counts only if it stayed to the end. */
export function averageHeld({ pilots }: Pick<CellEvidence, 'pilots'>, window: CellWindow | null): Held {
  let mean = 0;
  let smallest = 0;
  for (const { clients, lostAtMs } of pilots) {
    const alive = lostAtMs === null ? 1 : shareBefore(lostAtMs, window);
    mean += clients * alive;
    if (alive === 1) smallest += clients;
  }
  return { mean, smallest };
}

/** The share of the window before a moment. */
function shareBefore(momentMs: number, window: CellWindow | null): number {
  if (window === null) return 0;
  const share = (momentMs - window.openMs) / (window.closeMs - window.openMs);
  return Math.min(1, Math.max(0, share));
}
