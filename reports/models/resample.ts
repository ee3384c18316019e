/**
 * Intervals of fits that have no formula for them: a parametric bootstrap (B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap,
 * Chapman and Hall 1993, chapters 6 and 13). Errors are normal. Their variance is the mean of two: one in proportion to the fitted rate, as
 * counts have it, one in proportion to its square, as a share has it; each fitted to the residuals. What was fitted to few levels
 * underestimates its errors, so each resample has a scale of its own, drawn as those that they could have had: sqrt(degrees / chi² of as
 * many degrees), which makes of a normal interval that of Student's t. docs/models.md has how often such intervals contain the truth.
 */

import { quantile } from 'simple-statistics';
import { type Random, createRandom } from '../../foundation/random.ts';
import type { Estimate } from './series-model.ts';

const RESAMPLES = 999;
/** Any would do: a report that is made twice is the same byte by byte. */
const SEED = 20_111_121;
const SHARES = [0.025, 0.975];

/**
 * Rates as they could have been measured, again and again, and what `refit` makes of them; what it makes nothing of is left out. The array is
 * overwritten by the next.
 *
 * @param parameters how many of the fit were free
 */
export function resample<Refit>(
  { ratesHz, fittedHz, parameters }: { ratesHz: readonly number[]; fittedHz: readonly number[]; parameters: number },
  refit: (ratesHz: Float64Array) => Refit | null,
): Refit[] {
  const degrees = ratesHz.length - parameters;
  const residuals = ratesHz.map((rate, i) => rate - (fittedHz[i] as number));
  const left = (power: number): number =>
    residuals.reduce((sum, r, i) => sum + r ** 2 / (fittedHz[i] as number) ** power, 0);
  const [one, two] = [left(1), left(2)];
  const scales = fittedHz.map((fitted) => Math.sqrt((fitted * one + fitted ** 2 * two) / (2 * degrees)));
  const normal = createNormal(createRandom(SEED));
  const rates = new Float64Array(ratesHz.length);
  return Array.from({ length: RESAMPLES }, () => {
    let chiSquared = 0;
    for (let degree = 0; degree < degrees; degree += 1) chiSquared += normal() ** 2;
    const scale = Math.sqrt(degrees / chiSquared);
    for (const [index, fitted] of fittedHz.entries())
      rates[index] = Math.max(0, fitted + scale * (scales[index] as number) * normal());
    return refit(rates);
  }).filter((result) => result !== null);
}

/** The middle 95 % of resampled values around an estimate, and the estimate in any case. */
export function intervalOf(value: number, resampled: readonly number[]): Estimate {
  // All at once: a curve asks for sixty of these, and sorting each would take ten times as long.
  const [low, high] = quantile([...resampled], [...SHARES]) as [number, number];
  return { value, low: Math.min(value, low), high: Math.max(value, high) };
}

/** Standard normal deviates, two at a time (G. E. P. Box, M. E. Muller, Annals of Mathematical Statistics 29 (1958) 610-611). */
function createNormal(random: Random): () => number {
  let kept: number | null = null;
  return () => {
    if (kept !== null) {
      const deviate = kept;
      kept = null;
      return deviate;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    kept = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
