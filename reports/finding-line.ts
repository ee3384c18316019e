/** Whether a curve is a straight line through the origin: every client adds the same, since an operation always takes as long. */

import { linearRegression, linearRegressionLine, rSquared } from 'simple-statistics';
import { findLimit, pointsOf } from './expectations/curve-measures.ts';
import { formatNumber } from './format-number.ts';
import type { Level } from './series.ts';

const LEAST_LEVELS = 5;
const LEAST_R2 = 0.99;
/** The line may miss the origin by this share of the highest rate. */
const MOST_INTERCEPT = 0.05;

/** One sentence when the levels up to the last good one lie on a line; null when the data do not support it. */
export function describeLine(levels: readonly Level[]): string | null {
  const { lastGood } = findLimit(levels);
  const points = pointsOf(levels.filter(({ level }) => lastGood !== null && level <= lastGood));
  const [first, last] = [points[0], points.at(-1)];
  if (points.length < LEAST_LEVELS || first === undefined || last === undefined) return null;
  const line = linearRegression(points);
  const r2 = rSquared(points, linearRegressionLine(line));
  const highestPerS = Math.max(...points.map(([, ratePerS]) => ratePerS));
  const isLine = line.m > 0 && r2 > LEAST_R2 && Math.abs(line.b) <= MOST_INTERCEPT * highestPerS;
  if (!isLine) return null;
  const range = `from ${formatNumber(first[0])} to ${formatNumber(last[0])} clients in flight`;
  // Rounded down: 1.000 would claim more than any measurement has.
  const fit = (Math.floor(r2 * 1000) / 1000).toFixed(3);
  return `Linear: ${describeSlope(line.m)} (R2 ${fit}), ${range}.`;
}

/** As the paper says it where a client adds less than 1 Hz. */
export function describeSlope(perClient: number): string {
  if (perClient >= 1) return `${formatNumber(perClient)} Hz for every client`;
  return `1 Hz for every ${formatNumber(1 / perClient)} clients`;
}
