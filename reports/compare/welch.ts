/**
 * Welch's t-test on the figures of runs: whether two means differ, when each side has its own spread (B. L. Welch, The
 * generalization of 'Student's' problem when several different population variances are involved, Biometrika 34, 1947).
 */

import { criticalT, twoSidedP } from '../statistics/student-t.ts';

/** One value a run, at least two; `leastVariance`: what a single value varies by at least, however well these agree. */
export type Sample = { values: readonly number[]; leastVariance: number };

export type WelchResult = {
  /** Mean of b - mean of a. */
  difference: number;
  /** The 95 % interval of the difference. */
  low: number;
  high: number;
  /** Two-sided; 1 when the means are the same. */
  p: number;
};

export const INTERVAL_LEVEL = 0.95;

/**
 * With s²/n of each side: t = (b - a) / √(s²a/na + s²b/nb), and the degrees of freedom of Welch and Satterthwaite,
 * (s²a/na + s²b/nb)² / ((s²a/na)²/(na - 1) + (s²b/nb)²/(nb - 1)).
 */
export function compareMeans(a: Sample, b: Sample): WelchResult {
  const [first, second] = [describe(a), describe(b)];
  const difference = second.mean - first.mean;
  const variance = first.ofMean + second.ofMean;
  if (variance === 0) return { difference, low: difference, high: difference, p: difference === 0 ? 1 : 0 };
  const freedom = variance ** 2 / (first.ofMean ** 2 / first.freedom + second.ofMean ** 2 / second.freedom);
  const error = Math.sqrt(variance);
  const reach = criticalT(1 - INTERVAL_LEVEL, freedom) * error;
  return { difference, low: difference - reach, high: difference + reach, p: twoSidedP(difference / error, freedom) };
}

/** Mean, variance of the mean, degrees of freedom. */
function describe({ values, leastVariance }: Sample): { mean: number; ofMean: number; freedom: number } {
  const mean = meanOf(values);
  const freedom = values.length - 1;
  const variance = sumOf(values.map((value) => (value - mean) ** 2)) / freedom;
  return { mean, ofMean: Math.max(variance, leastVariance) / values.length, freedom };
}

export function meanOf(values: readonly number[]): number {
  return sumOf(values) / values.length;
}

/** Smallest first, so that the order of the runs changes no digit. */
function sumOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b).reduce((sum, value) => sum + value, 0);
}
