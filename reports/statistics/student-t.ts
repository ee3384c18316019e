/** Student's t distribution: how likely a t at least so far from 0 is, and the t that is so likely. */

import { incompleteBeta } from './incomplete-beta.ts';

/**
 * P(|T| ≥ |t|): I_x(ν/2, 1/2) with x = ν / (ν + t²) (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.1 and
 * 26.5.27).
 *
 * @param freedom degrees of freedom ν > 0, need not be whole
 * @returns 0 … 1; 0 for an infinite t
 */
export function twoSidedP(t: number, freedom: number): number {
  if (!Number.isFinite(t)) return 0;
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/**
 * The t > 0 for which P(|T| ≥ t) = p, by bisection.
 *
 * @param p 0 < p < 1
 * @param freedom degrees of freedom > 0
 */
export function criticalT(p: number, freedom: number): number {
  let low = 0;
  let high = 1;
  while (twoSidedP(high, freedom) > p) high *= 2;
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2;
    if (twoSidedP(middle, freedom) > p) low = middle;
    else high = middle;
  }
  return high;
}
