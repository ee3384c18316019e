/** How far measured rates lie from a fit, and whether the fit may be shown. */

import { mean } from 'simple-statistics';
import { formatShare } from '../../foundation/quantity.ts';
import { runsTestProbability } from '../statistics/runs-test.ts';

export type Goodness = { r2: number; residualsHz: number[] };

/** What is drawn has so many different loads, and so many more levels than parameters. */
export const LEAST_LEVELS = 6;
export const LEAST_DEGREES = 3;

/** A standard error of the residuals above this share of the mean rate says that the model is another. */
const MOST_SCATTER = 0.1;
/** Below it a pattern in the residuals could not be seen in a chart, and may be rounding. */
const LEAST_SCATTER = 0.005;
const PATTERN_PROBABILITY = 0.05;

/** R2 = 1 - sum of squared residuals / sum of squared deviations from the mean rate; 0 where all rates are the same. */
export function measureGoodness(ratesHz: readonly number[], fittedHz: readonly number[]): Goodness {
  const residualsHz = ratesHz.map((rate, index) => rate - (fittedHz[index] as number));
  const centre = mean([...ratesHz]);
  const total = ratesHz.reduce((sum, rate) => sum + (rate - centre) ** 2, 0);
  const left = residualsHz.reduce((sum, residual) => sum + residual ** 2, 0);
  return { r2: total > 0 ? 1 - left / total : 0, residualsHz };
}

/** Why too few levels are no ground for a fit with so many parameters; null when they are enough. */
export function judgeNumber(loads: number, parameters: number): string | null {
  if (loads < LEAST_LEVELS) return `${loads} of the ${LEAST_LEVELS} different levels that it needs`;
  const degrees = loads - parameters;
  return degrees < LEAST_DEGREES
    ? `${degrees} of the ${LEAST_DEGREES} residual degrees of freedom that it needs`
    : null;
}

/** Standard error of the residuals as a share of the mean rate. */
export function scatterOf(residualsHz: readonly number[], ratesHz: readonly number[], parameters: number): number {
  const left = residualsHz.reduce((sum, residual) => sum + residual ** 2, 0);
  const degrees = Math.max(1, residualsHz.length - parameters);
  return Math.sqrt(left / degrees) / mean([...ratesHz]);
}

/** Why these residuals, in the order of the load, speak against the fit; null when they do not. */
export function judgeResiduals(
  residualsHz: readonly number[],
  ratesHz: readonly number[],
  parameters: number,
): string | null {
  const scatter = scatterOf(residualsHz, ratesHz, parameters);
  if (!(scatter <= MOST_SCATTER))
    return `its residuals have a standard error of ${formatShare(scatter)} of the mean rate, at most ${formatShare(MOST_SCATTER)} are allowed`;
  if (scatter < LEAST_SCATTER) return null;
  const probability = runsTestProbability(residualsHz);
  if (probability >= PATTERN_PROBABILITY) return null;
  return `the signs of its residuals follow each other in a pattern that chance has in ${formatShare(probability)} of cases only`;
}
