/** Little's check: the concurrency that the rows add up to against the one that the gauges saw. */

import { type CellRows, type Span } from './rows.ts';

/** Time average of the operations under way in the span by the rows, of every outcome; a cut one counts until its cut. */
export function inFlightByRows(rows: CellRows, span: Span): number {
  let sumUs = 0;
  for (let row = 0; row < rows.count; row += 1) {
    const startUs = rows.startUs[row] as number;
    const endUs = startUs + (rows.durationUs[row] as number);
    sumUs += Math.max(0, Math.min(endUs, span.closeUs) - Math.max(startUs, span.openUs));
  }
  return sumUs / (span.closeUs - span.openUs);
}

/** (by the rows - by the gauges) / by the gauges; null when the gauges are missing or saw nothing. */
export function littleErrorRatio(rows: CellRows, span: Span, inFlight: number | null): number | null {
  if (inFlight === null || inFlight <= 0) return null;
  return (inFlightByRows(rows, span) - inFlight) / inFlight;
}
