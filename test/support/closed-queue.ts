/** The closed queue M/M/k: N clients without think time, k places with exponential service of mean R, first come first served. */

/** N, k > 1, and R in any unit of time. */
export type ClosedQueue = { clients: number; places: number; mean: number };

/** Operations per unit of time: all places that can be busy are. */
export function rateOf({ clients, places, mean }: ClosedQueue): number {
  return Math.min(clients, places) / mean;
}

/**
 * Share of the operations that take at most `time`. Who comes finds N - 1 others, so N - k of them leave before its place is
 * free, one every R/k on average: an Erlang time of N - k steps, and then its own exponential one. With θ = 1/R, μ = k/R,
 * n = N - k, and G(n, x) = P(Poisson(x) >= n): G(n, μt) - e^(-θt) (μ / (μ - θ))^n G(n, (μ - θ)t).
 */
export function shareWithin({ clients, places, mean }: ClosedQueue, time: number): number {
  const own = time / mean;
  const steps = clients - places;
  if (steps <= 0) return 1 - Math.exp(-own);
  const tilt = Math.exp(steps * Math.log(places / (places - 1)) - own);
  return poissonAtLeast(steps, places * own) - tilt * poissonAtLeast(steps, (places - 1) * own);
}

/** The time that `percent` % of the operations do not exceed. */
export function percentileOf(queue: ClosedQueue, percent: number): number {
  let low = 0;
  let high = queue.mean * (queue.clients + 100);
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (shareWithin(queue, middle) < percent / 100) low = middle;
    else high = middle;
  }
  return high;
}

/** P(a Poisson number of mean x is at least n), from the logarithms of its terms: e^(-x) alone would be 0. */
function poissonAtLeast(n: number, x: number): number {
  if (x === 0) return n === 0 ? 1 : 0;
  if (n <= x) return 1 - sumPoisson(x, 0, n);
  // Far out in the tail the difference from 1 would be all rounding: so many terms beyond it are as good as all.
  return sumPoisson(x, n, n + 1000);
}

/** P(from <= a Poisson number of mean x < to). */
function sumPoisson(x: number, from: number, to: number): number {
  let sum = 0;
  let logTerm = -x;
  for (let i = 0; i < to; i += 1) {
    if (i >= from) sum += Math.exp(logTerm);
    logTerm += Math.log(x / (i + 1));
  }
  return sum;
}
