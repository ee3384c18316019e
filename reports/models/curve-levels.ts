/** The levels of a series that the models are fitted to: one point a level, its typical run, and the rates of its runs. */

import type { Level } from '../series.ts';

export type CurveLevel = {
  /** Clients asked for. */
  level: number;
  inFlight: number;
  ratePerS: number;
  /** Of the runs that are ok; `ratePerS` is their median. */
  runsPerS: number[];
};

/** Nearer than this to each other (as a share) two levels felt the same load. */
const SAME_LOAD = 0.01;
/** Fewer clients in flight are none, and a lower rate (one operation in thirty years) is none: what rounding leaves of a mean. */
const LEAST_IN_FLIGHT = 1e-6;
const LEAST_HZ = 1e-9;

/** Levels with an ok run that had clients in flight, in the order of the levels. */
export function curveLevelsOf(levels: readonly Level[]): CurveLevel[] {
  return levels.flatMap(({ level, cells, typical }): CurveLevel[] => {
    if (typical === null || !(typical.inFlight >= LEAST_IN_FLIGHT)) return [];
    const { inFlight } = typical;
    const ratePerS = flushRate(typical.ratePerS);
    const runsPerS = cells.flatMap((cell) =>
      cell.state === 'ok' && cell.ratePerS !== null && cell.inFlight !== null ? [flushRate(cell.ratePerS)] : [],
    );
    return [{ level, inFlight, ratePerS, runsPerS }];
  });
}

function flushRate(hz: number): number {
  return hz < LEAST_HZ ? 0 : hz;
}

/** How many loads the levels felt: two within 1 % of each other are one. */
export function countLoads(levels: readonly CurveLevel[]): number {
  const sorted = levels.map(({ inFlight }) => inFlight).toSorted((a, b) => a - b);
  return sorted.filter((load, index) => index === 0 || load > (1 + SAME_LOAD) * (sorted[index - 1] as number)).length;
}

/** Clients in flight at the least and the most loaded of these levels, of which there is one at least. */
export function rangeOf(levels: readonly CurveLevel[]): { from: number; to: number } {
  const loads = levels.map(({ inFlight }) => inFlight);
  return { from: Math.min(...loads), to: Math.max(...loads) };
}

/** The highest rate of these levels in Hz; the first of two alike. */
export function peakOf(levels: readonly CurveLevel[]): CurveLevel | null {
  return levels.reduce<CurveLevel | null>(
    (best, each) => (best === null || each.ratePerS > best.ratePerS ? each : best),
    null,
  );
}
