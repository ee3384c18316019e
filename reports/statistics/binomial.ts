/** Binomial coefficients. */

/** In how many ways `chosen` of `items` can be chosen; 0 when there are not so many. */
export function combinations(items: number, chosen: number): number {
  if (chosen < 0 || chosen > items) return 0;
  let ways = 1;
  for (let step = 1; step <= chosen; step += 1) ways = (ways * (items - chosen + step)) / step;
  return ways;
}
