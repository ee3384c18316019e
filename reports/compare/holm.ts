/**
 * Holm's step-down procedure (S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics
 * 6, 1979): the chance that any true hypothesis is rejected stays below the level, however the tests depend on each other.
 */

/**
 * The p-values as they count among all of them: the smallest times their number, the next times one less, and so on, never
 * below the one before. One at or below the level is rejected.
 *
 * @returns adjusted p-values in the order given, 0 … 1
 */
export function adjustByHolm(pValues: readonly number[]): number[] {
  const adjusted = pValues.map(() => 1);
  let least = 0;
  const ascending = pValues.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p);
  ascending.forEach(({ p, index }, rank) => {
    least = Math.min(1, Math.max(least, p * (pValues.length - rank)));
    adjusted[index] = least;
  });
  return adjusted;
}
