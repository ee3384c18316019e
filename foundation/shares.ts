/** Splitting whole clients over holders, exactly: nobody is lost to rounding. */

/**
 * Splits `total` over holders in proportion to their capacities, never above a capacity, by the largest remainder
 * (Hamilton's method); ties go to the earlier holder.
 *
 * @param total whole number, 0 <= total <= sum of capacities
 * @param capacities whole numbers >= 0
 * @returns as many whole numbers as capacities, adding up to `total`
 * @throws RangeError when total exceeds the capacities together (a bug of the caller)
 */
export function shareByCapacity(total: number, capacities: readonly number[]): number[] {
  const capacity = capacities.reduce((sum, each) => sum + each, 0);
  if (total > capacity) throw new RangeError(`cannot share ${total} over a capacity of ${capacity}`);
  if (total === 0) return capacities.map(() => 0);
  const exact = capacities.map((each) => (total * each) / capacity);
  const shares = exact.map(Math.floor);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .toSorted((a, b) => b.remainder - a.remainder || a.index - b.index);
  let left = total - shares.reduce((sum, each) => sum + each, 0);
  // Floating point may leave a remainder with a holder that is already full: go round until all are placed.
  while (left > 0) {
    for (const { index } of byRemainder) {
      if (left === 0) break;
      if ((shares[index] as number) >= (capacities[index] as number)) continue;
      shares[index] = (shares[index] as number) + 1;
      left -= 1;
    }
  }
  return shares;
}

/** Splits `total` over `parts` so that any two differ by at most one; the earlier parts get the larger share. */
export function shareEvenly(total: number, parts: number): number[] {
  const floor = Math.floor(total / parts);
  const extra = total - floor * parts;
  return Array.from({ length: parts }, (_, index) => floor + (index < extra ? 1 : 0));
}
