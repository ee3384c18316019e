/** Whether more operations lie beyond a limit than chance would put there. */

import { gammaln } from 'simple-statistics';

/** One look in a thousand would be wrong if the share beyond were just what is allowed, and operations independent. */
const CHANCE = 0.001;

/**
 * Whether `beyond` of `total` operations are too many for the share that is allowed: the exact one-sided lower bound of
 * Clopper and Pearson at 99.9 % lies above it, which is the same as P(X >= beyond) < 0.001 for X binomial with that share.
 *
 * @param allowed 0 … 1
 */
export function isBeyondChance(beyond: number, total: number, allowed: number): boolean {
  if (beyond <= total * allowed) return false;
  if (allowed <= 0) return true;
  const odds = allowed / (1 - allowed);
  let term = Math.exp(logProbability(beyond, total, allowed));
  let tail = 0;
  // Above the mean each term is smaller than the one before: soon they add nothing.
  for (let count = beyond; count <= total && tail < CHANCE && term > tail * Number.EPSILON; count += 1) {
    tail += term;
    term *= (odds * (total - count)) / (count + 1);
  }
  return tail < CHANCE;
}

/** Natural logarithm of the binomial probability of `count` in `total`. */
function logProbability(count: number, total: number, share: number): number {
  const ways = gammaln(total + 1) - gammaln(count + 1) - gammaln(total - count + 1);
  return ways + count * Math.log(share) + (total - count) * Math.log1p(-share);
}
