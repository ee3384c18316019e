/** Whether the rate drifted within the window: Mann-Kendall's test for a trend and Sen's slope for its size. */

import { errorFunction, median } from 'simple-statistics';
import { hasEndedIn } from './rate.ts';
import { KIND, type Measure, type Span } from './rows.ts';

const BINS = 20;

/** With fewer successful operations in the window, chance alone makes such a drift. */
const LEAST_OPERATIONS = 100;

/** `pValue`: two-sided, normal approximation with tie correction. `driftShare`: |Sen's slope x window| / mean rate. */
export type Trend = { pValue: number; driftShare: number };

/**
 * The trend of the successful operations that ended in each of 20 equal parts of the window; null with fewer than 100.
 *
 * Ends are counted, not shares of durations: a share spreads one operation over neighbouring bins, which the test would take
 * for a trend (a steady service with exponential times in 10 places, 50 clients and a window of ten mean times: 19 of 40
 * seeds marked that way, none this way).
 */
export function measureTrend(span: Span): Measure<Trend | null> {
  const bins = Array.from({ length: BINS }, () => 0);
  const widthUs = (span.closeUs - span.openUs) / BINS;
  return {
    take({ count, kind, endUs }) {
      for (let row = 0; row < count; row += 1) {
        const end = endUs[row] as number;
        if (kind[row] !== KIND.ok || !hasEndedIn(end, span)) continue;
        const bin = Math.min(BINS, Math.ceil((end - span.openUs) / widthUs)) - 1;
        bins[bin] = (bins[bin] as number) + 1;
      }
    },
    result() {
      const total = bins.reduce((sum, each) => sum + each, 0);
      if (total < LEAST_OPERATIONS) return null;
      return { pValue: mannKendallPValue(bins), driftShare: Math.abs(senSlope(bins) * BINS) / (total / BINS) };
    },
  };
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
