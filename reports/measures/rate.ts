/** Effective processing rate: successful operations per second of the window, counted in two ways that must agree. */

import { type CellRows, KIND, type Span, lengthS } from './rows.ts';

/** Windows tried when asking how much the completed rate depends on where the window lies. */
const SHIFTS = 41;

/**
 * The share of an operation that lies in a span, 0 … 1; one without duration counts whole when it ended in it.
 * All arguments in microseconds.
 */
export function shareInSpan(startUs: number, durationUs: number, span: Span): number {
  const endUs = startUs + durationUs;
  if (durationUs <= 0) return hasEndedIn(endUs, span) ? 1 : 0;
  const overlapUs = Math.min(endUs, span.closeUs) - Math.max(startUs, span.openUs);
  return overlapUs <= 0 ? 0 : overlapUs / durationUs;
}

/** Whether an operation ended in the span: after its opening, at the latest at its close. */
export function hasEndedIn(endUs: number, span: Span): boolean {
  return endUs > span.openUs && endUs <= span.closeUs;
}

/** Successful operations per second, each counted with the share of its duration that lies in the span. */
export function edgeCorrectedRatePerS(rows: CellRows, span: Span): number {
  let sum = 0;
  for (let row = 0; row < rows.count; row += 1) {
    if (rows.kind[row] !== KIND.ok) continue;
    sum += shareInSpan(rows.startUs[row] as number, rows.durationUs[row] as number, span);
  }
  return sum / lengthS(span);
}

/** When the successful operations of the whole cell ended, ascending, in microseconds since T0. */
export function sortedEndsUs(rows: CellRows): Float64Array {
  const ends = new Float64Array(rows.count);
  let count = 0;
  for (let row = 0; row < rows.count; row += 1) {
    if (rows.kind[row] !== KIND.ok) continue;
    ends[count] = (rows.startUs[row] as number) + (rows.durationUs[row] as number);
    count += 1;
  }
  return ends.subarray(0, count).sort();
}

/** Successful operations per second that ended in the span. */
export function completedRatePerS(endsUs: Float64Array, span: Span): number {
  return (countUpTo(endsUs, span.closeUs) - countUpTo(endsUs, span.openUs)) / lengthS(span);
}

/** How many of the ascending values do not exceed `limit`. */
function countUpTo(sorted: Float64Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Lowest and highest completed rate when the window is moved to and fro by up to `shiftUs`, as far as T0 and the end of the
 * load (`coveredUs`) allow: what bursts alone can make of the completed rate.
 */
export function completedRateRange(
  endsUs: Float64Array,
  span: Span,
  shiftUs: number,
  coveredUs: number,
): { lowestPerS: number; highestPerS: number } {
  const earliest = -Math.min(shiftUs, span.openUs);
  const latest = Math.max(0, Math.min(shiftUs, coveredUs - span.closeUs));
  let lowestPerS = Infinity;
  let highestPerS = -Infinity;
  for (let step = 0; step < SHIFTS; step += 1) {
    const byUs = earliest + ((latest - earliest) * step) / (SHIFTS - 1);
    const ratePerS = completedRatePerS(endsUs, { openUs: span.openUs + byUs, closeUs: span.closeUs + byUs });
    lowestPerS = Math.min(lowestPerS, ratePerS);
    highestPerS = Math.max(highestPerS, ratePerS);
  }
  return { lowestPerS, highestPerS };
}
