/** Percentiles by nearest rank, given only where enough operations lie beyond them. */

/** A percentile says something when at least this many operations lie beyond it. */
const OPERATIONS_BEYOND = 5;

/**
 * The smallest value that at least `percent` % of the values do not exceed (nearest rank).
 *
 * @param sorted ascending, not empty
 * @param percent whole number, 1 … 100
 */
export function nearestRank(sorted: ArrayLike<number>, percent: number): number {
  return sorted[Math.ceil((percent * sorted.length) / 100) - 1] as number;
}

/** The nearest-rank percentile, or null when fewer than five values lie beyond it (p50: n < 10, p95: n < 100, p99: n < 500). */
export function supportedPercentile(sorted: ArrayLike<number>, percent: number): number | null {
  if (sorted.length * (100 - percent) < OPERATIONS_BEYOND * 100) return null;
  return nearestRank(sorted, percent);
}
