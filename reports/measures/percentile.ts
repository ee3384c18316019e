/** Percentiles by nearest rank, given only where enough operations lie beyond them. */

/** A percentile says something when at least this many operations lie beyond it. */
const OPERATIONS_BEYOND = 5;

/** Half of the bits of a value: two counts of so many find the value at any rank. */
const HALF_BITS = 16;
const HALVES = 2 ** HALF_BITS;

/**
 * The smallest value that at least `percent` % of the values do not exceed (nearest rank).
 *
 * @param sorted ascending, not empty
 * @param percent whole number, 1 … 100
 */
export function nearestRank(sorted: ArrayLike<number>, percent: number): number {
  return sorted[rankOf(sorted.length, percent) - 1] as number;
}

/** The rank (from 1) of a percentile of so many values, or null when fewer than five lie beyond it (p50: n < 10, p95: n < 100, p99: n < 500). */
export function supportedRank(count: number, percent: number): number | null {
  return count * (100 - percent) < OPERATIONS_BEYOND * 100 ? null : rankOf(count, percent);
}

function rankOf(count: number, percent: number): number {
  return Math.ceil((percent * count) / 100);
}

/**
 * The values at some ranks (from 1, smallest first) of a multiset, exact, without sorting it: counted by their upper half, and
 * those of the halves that matter by their lower half.
 *
 * @param pieces the values, in any order
 * @param ranks each 1 … number of values
 */
export function valuesAtRanks(pieces: readonly Int32Array[], ranks: readonly number[]): number[] {
  const uppers = new Uint32Array(HALVES);
  for (const piece of pieces) {
    for (let index = 0; index < piece.length; index += 1) {
      const upper = upperHalf(piece[index] as number);
      uppers[upper] = (uppers[upper] as number) + 1;
    }
  }
  const found = ranks.map((rank) => findRank(uppers, rank));
  const lowers = new Map(found.map(({ value }) => [value, new Uint32Array(HALVES)]));
  for (const piece of pieces) {
    for (let index = 0; index < piece.length; index += 1) {
      const value = piece[index] as number;
      const counts = lowers.get(upperHalf(value));
      if (counts === undefined) continue;
      const lower = value & (HALVES - 1);
      counts[lower] = (counts[lower] as number) + 1;
    }
  }
  return found.map(({ value: upper, rank }) => {
    const lower = findRank(lowers.get(upper) as Uint32Array, rank).value;
    return (upper - HALVES / 2) * HALVES + lower;
  });
}

/** Ascending as the values are, negative ones too. */
function upperHalf(value: number): number {
  return (value >> HALF_BITS) + HALVES / 2;
}

/** The value that has the rank, when each value stands for so many; and its rank among those. */
function findRank(counts: Uint32Array, rank: number): { value: number; rank: number } {
  let left = rank;
  let value = 0;
  while (left > (counts[value] as number)) {
    left -= counts[value] as number;
    value += 1;
  }
  return { value, rank: left };
}
