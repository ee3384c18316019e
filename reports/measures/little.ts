/** Little's check: the concurrency that the rows add up to against the one that the gauges saw. */

import type { Measure, Span } from './rows.ts';

/** Time average of the operations under way in the span by the rows, of every outcome; a cut one counts until its cut. */
export function averageInFlight(span: Span): Measure<number> {
  let sumUs = 0;
  return {
    take({ count, startUs, endUs }) {
      for (let row = 0; row < count; row += 1) {
        const fromUs = Math.max(startUs[row] as number, span.openUs);
        sumUs += Math.max(0, Math.min(endUs[row] as number, span.closeUs) - fromUs);
      }
    },
    result: () => sumUs / (span.closeUs - span.openUs),
  };
}

/** (by the rows - by the gauges) / by the gauges; null when the gauges are missing or saw nothing. */
export function littleErrorRatio(byRows: number, inFlight: number | null): number | null {
  if (inFlight === null || inFlight <= 0) return null;
  return (byRows - inFlight) / inFlight;
}
