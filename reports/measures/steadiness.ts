/** Whether the rate drifted within the window: Mann-Kendall's test for a trend and Sen's slope for its size. */

import { errorFunction, median } from 'simple-statistics';
import { shareInSpan } from './rate.ts';
import { type CellRows, KIND, type Span } from './rows.ts';

const BINS = 20;

/** With fewer successful operations in the window, chance alone makes such a drift. */
const LEAST_OPERATIONS = 100;

/** `pValue`: two-sided, normal approximation with tie correction. `driftShare`: |Sen's slope x window| / mean rate. */
export type Trend = { pValue: number; driftShare: number };

/** The trend of the edge-corrected rate over the window in 20 equal bins; null with fewer than 100 operations in it. */
export function measureTrend(rows: CellRows, span: Span, okInWindow: number): Trend | null {
  if (okInWindow < LEAST_OPERATIONS) return null;
  const bins = binOkOperations(rows, span);
  const mean = bins.reduce((sum, each) => sum + each, 0) / BINS;
  if (mean === 0) return null;
  return { pValue: mannKendallPValue(bins), driftShare: Math.abs(senSlope(bins) * BINS) / mean };
}

/** Successful operations in each of the bins, an operation counted in each with the share of its duration in it. */
function binOkOperations(rows: CellRows, span: Span): number[] {
  const widthUs = (span.closeUs - span.openUs) / BINS;
  const bins = Array.from({ length: BINS }, () => 0);
  const binAt = (us: number): number => Math.min(BINS - 1, Math.max(0, Math.floor((us - span.openUs) / widthUs)));
  for (let row = 0; row < rows.count; row += 1) {
    const startUs = rows.startUs[row] as number;
    const durationUs = rows.durationUs[row] as number;
    if (rows.kind[row] !== KIND.ok || startUs > span.closeUs || startUs + durationUs < span.openUs) continue;
    const last = binAt(startUs + durationUs);
    // One bin earlier, since an instant operation on a border belongs to the bin that the border closes.
    for (let bin = Math.max(0, binAt(startUs) - 1); bin <= last; bin += 1) {
      const openUs = span.openUs + bin * widthUs;
      bins[bin] = (bins[bin] as number) + shareInSpan(startUs, durationUs, { openUs, closeUs: openUs + widthUs });
    }
  }
  return bins;
}

/**
 * Two-sided p-value of Mann-Kendall's test that values have no trend: S = sum of sign(x_j - x_i) over i < j, its variance
 * n(n-1)(2n+5)/18 less t(t-1)(2t+5)/18 for each group of t ties, continuity correction of 1.
 * See Kendall, Rank Correlation Methods (1975); Gilbert, Statistical Methods for Environmental Pollution Monitoring (1987), 16.4.
 */
export function mannKendallPValue(values: readonly number[]): number {
  let s = 0;
  forEachPair(values, (earlier, later) => {
    s += Math.sign(later - earlier);
  });
  const ties = new Map<number, number>();
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1);
  const variance = [...ties.values()].reduce((rest, t) => rest - varianceTerm(t), varianceTerm(values.length));
  if (s === 0 || variance <= 0) return 1;
  const z = (Math.abs(s) - 1) / Math.sqrt(variance);
  return 1 - errorFunction(z / Math.SQRT2);
}

function varianceTerm(n: number): number {
  return (n * (n - 1) * (2 * n + 5)) / 18;
}

/** Sen's slope: the median of the slopes between all pairs of values, per step. */
export function senSlope(values: readonly number[]): number {
  const slopes: number[] = [];
  forEachPair(values, (earlier, later, steps) => {
    slopes.push((later - earlier) / steps);
  });
  return median(slopes);
}

function forEachPair(values: readonly number[], visit: (earlier: number, later: number, steps: number) => void): void {
  values.forEach((earlier, from) => {
    for (let to = from + 1; to < values.length; to += 1) visit(earlier, values[to] as number, to - from);
  });
}
