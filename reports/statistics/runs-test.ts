/** Whether residuals change their sign as often as chance has it. */

import { combinations } from './binomial.ts';

/**
 * Probability of so few or fewer runs of one sign, 0 … 1, over all orders of these signs; zeros are left out (A. Wald, J. Wolfowitz,
 * On a test whether two samples are from the same population, Annals of Mathematical Statistics 11 (1940) 147-162).
 */
export function runsTestProbability(residuals: readonly number[]): number {
  const signs = residuals.filter((residual) => residual !== 0).map(Math.sign);
  const above = signs.filter((sign) => sign > 0).length;
  const below = signs.length - above;
  if (above === 0 || below === 0) return 1;
  const runs = 1 + signs.filter((sign, index) => index > 0 && sign !== signs[index - 1]).length;
  let orders = 0;
  for (let count = 2; count <= runs; count += 1) orders += ordersWithRuns(count, above, below);
  return orders / combinations(above + below, above);
}

function ordersWithRuns(runs: number, above: number, below: number): number {
  const half = Math.floor(runs / 2);
  if (runs % 2 === 0) return 2 * split(above, half) * split(below, half);
  return split(above, half + 1) * split(below, half) + split(above, half) * split(below, half + 1);
}

/** In how many ways a row of items can be cut into parts. */
function split(items: number, parts: number): number {
  return combinations(items - 1, parts - 1);
}
