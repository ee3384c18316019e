/** Splitting whole clients over holders, exactly: nobody is lost to rounding. */

/**
 * Splits `total` over holders in proportion to their weights, never above a capacity, by the largest remainder (Hamilton's
 * method); ties go to the earlier holder. What a full holder cannot take goes to the others in proportion.
 *
 * @param total whole number >= 0
 * @param weights numbers >= 0; a holder of weight 0 gets nothing
 * @param capacities whole numbers >= 0, one a weight
 * @returns one whole number a holder, adding up to `total`
 * @throws RangeError when the holders with a weight cannot take `total` (a bug of the caller)
 */
export function shareByWeight(total: number, weights: readonly number[], capacities: readonly number[]): number[] {
  const shares = capacities.map(() => 0);
  const roomOf = (index: number): number => (capacities[index] as number) - (shares[index] as number);
  let open = capacities.map((_, index) => index).filter((index) => (weights[index] as number) > 0 && roomOf(index) > 0);
  let left = total;
  while (left > 0) {
    const weight = open.reduce((sum, index) => sum + (weights[index] as number), 0);
    if (open.length === 0) throw new RangeError(`cannot share ${total} over capacities of ${capacities.join(' + ')}`);
    const quotas = open.map((index) => ({ index, quota: (left * (weights[index] as number)) / weight }));
    const full = quotas.filter(({ index, quota }) => quota >= roomOf(index));
    if (full.length > 0) {
      for (const { index } of full) {
        left -= roomOf(index);
        shares[index] = capacities[index] as number;
      }
      open = open.filter((index) => roomOf(index) > 0);
      continue;
    }
    for (const { index, quota } of quotas) {
      shares[index] = (shares[index] as number) + Math.floor(quota);
      left -= Math.floor(quota);
    }
    const byRemainder = quotas.toSorted((a, b) => (b.quota % 1) - (a.quota % 1) || a.index - b.index);
    for (const { index } of byRemainder.slice(0, left)) {
      shares[index] = (shares[index] as number) + 1;
    }
    left = 0;
  }
  return shares;
}

/** Splits `total` over holders in proportion to their capacities. @throws RangeError when they cannot hold it */
export function shareByCapacity(total: number, capacities: readonly number[]): number[] {
  return shareByWeight(total, capacities, capacities);
}

/** Splits `total` over `parts` so that any two differ by at most one; the earlier parts get the larger share. */
export function shareEvenly(total: number, parts: number): number[] {
  const floor = Math.floor(total / parts);
  const extra = total - floor * parts;
  return Array.from({ length: parts }, (_, index) => floor + (index < extra ? 1 : 0));
}
