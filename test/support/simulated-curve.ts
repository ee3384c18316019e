/** Curves of known parameters with noise, as cells; and how often intervals contain what the curve was made of. */

import { type Random, createRandom } from '../../foundation/random.ts';
import type { Estimate } from '../../reports/models/series-model.ts';
import type { CellSummary } from '../../reports/summary.ts';
import { cellAt } from './summary-cells.ts';

/** `counts`: standard deviation as the root of the rate; `share`: in proportion to it; `same`: the same at every level. */
export type NoiseKind = 'counts' | 'share' | 'same';

export type SimulatedCurve = {
  levels: readonly number[];
  runs: number;
  rateAt: (clients: number) => number;
  noise: NoiseKind;
  /** Standard deviation of a run as a share of its rate, where the rate is the mean of all levels. */
  share: number;
};

const POWERS: Record<NoiseKind, number> = { same: 0, counts: 0.5, share: 1 };

/** One cell a run; normal noise. */
export function simulateCurve({ levels, runs, rateAt, noise, share }: SimulatedCurve, random: Random): CellSummary[] {
  const meanHz = levels.reduce((sum, level) => sum + rateAt(level), 0) / levels.length;
  return levels.flatMap((level) =>
    Array.from({ length: runs }, (_, index) => {
      const hz = rateAt(level);
      const deviationHz = share * meanHz * (hz / meanHz) ** POWERS[noise];
      return cellAt(level, Math.max(0, hz + deviationHz * drawNormal(random)), { run: index + 1 });
    }),
  );
}

/** A standard normal deviate (Box-Muller). */
export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** What an interval is of, and what it should contain. */
export type Truth<Fit> = { of: (fit: Fit) => Estimate | null | undefined; is: number };

export type Coverage = { given: number; contained: number; share: number };

/** Over so many simulations: how many fits have each estimate, and how many of those intervals contain the truth. */
export function countCoverage<Fit>(
  curve: SimulatedCurve,
  truths: Readonly<Record<string, Truth<Fit>>>,
  { trials, fit }: { trials: number; fit: (cells: CellSummary[]) => Fit },
): Record<string, Coverage> {
  const random = createRandom(1905);
  const counts = Object.fromEntries(Object.keys(truths).map((name) => [name, { given: 0, contained: 0, share: 0 }]));
  for (let trial = 0; trial < trials; trial += 1) {
    const fitted = fit(simulateCurve(curve, random));
    for (const [name, { of, is }] of Object.entries(truths)) {
      const estimate = of(fitted) ?? null;
      const count = counts[name] as Coverage;
      if (estimate === null) continue;
      count.given += 1;
      if (estimate.low <= is && is <= estimate.high) count.contained += 1;
      count.share = count.contained / count.given;
    }
  }
  return counts;
}

/** Universal Scalability Law. */
export function lawOf(gamma: number, sigma: number, kappa: number): (clients: number) => number {
  return (clients) => (gamma * clients) / (1 + sigma * (clients - 1) + kappa * clients * (clients - 1));
}
