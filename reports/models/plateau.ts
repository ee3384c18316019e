/** The levels at the end of a curve that have the same rate, and that rate. */

import { mean, sampleStandardDeviation } from 'simple-statistics';
import { criticalT } from '../statistics/student-t.ts';
import { type CurveLevel, rangeOf } from './curve-levels.ts';
import { SAME_WITHIN, compareRates } from './same-rates.ts';
import type { Estimate, SeriesModel } from './series-model.ts';

const TAILS = 0.05;
/** Levels whose clients differ by less tell nothing about growth. */
const LEAST_ROOM = 2 * SAME_WITHIN;

/** The longest end of the curve that is flat; none with fewer than two levels. */
export function findFlatEnd(levels: readonly CurveLevel[]): CurveLevel[] {
  for (let first = 0; first < levels.length - 1; first += 1) {
    const end = levels.slice(first);
    if (isFlat(end)) return end;
  }
  return [];
}

/** The same rate, where growth with the clients would have made at least twice the difference. */
function isFlat(levels: readonly CurveLevel[]): boolean {
  if (!compareRates(levels).isSame) return false;
  const { from, to } = rangeOf(levels);
  const rates = levels.map(({ ratePerS }) => ratePerS);
  const gain = Math.max(...rates) / Math.min(...rates) - 1;
  return to >= (1 + LEAST_ROOM) * from && 2 * gain <= to / from - 1;
}

/** Over all runs where they are one sample, over the typical rates of the levels where the levels differ or have one run each. */
export function measurePlateau(levels: readonly CurveLevel[]): NonNullable<SeriesModel['plateau']> {
  const { isOneSample, p, test } = compareRates(levels);
  const rates = isOneSample ? levels.flatMap(({ runsPerS }) => runsPerS) : levels.map(({ ratePerS }) => ratePerS);
  return { hz: estimateMean(rates), ...rangeOf(levels), levels: levels.length, test, p };
}

/** Student's t interval of the mean; at least two values. */
function estimateMean(values: readonly number[]): Estimate {
  const value = mean([...values]);
  const deviation = sampleStandardDeviation([...values]);
  const half = (criticalT(TAILS, values.length - 1) * deviation) / Math.sqrt(values.length);
  return { value, low: value - half, high: value + half };
}
