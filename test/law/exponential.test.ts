/** A service with k places and exponential times, first come first served, has a law for its percentiles too (closed M/M/k). */

import test from 'ava';
import { standardDeviation } from 'simple-statistics';
import type { CellWindow } from '../../reports/evidence.ts';
import type { CellSummary } from '../../reports/summary.ts';
import { type ClosedQueue, percentileOf, rateOf } from '../support/closed-queue.ts';
import type { Law } from '../support/law.ts';
import { type LawCell, assertAgrees, assertTrusted, meanHoldMs, measureLaws } from '../support/law-campaign.ts';
import { blocksOf, exponential, simulateCell } from '../support/synthetic-cell.ts';
import { summarizeCell } from '../support/summarize-cell.ts';

const PLACES = 10;
const REPLICAS = 30;
/** Allowed: so many standard deviations of the estimator. */
const DEVIATIONS = 4;

const serve = (holdMs: number): Law => ({ service: 'exponential', holdMs, places: PLACES });

/** What is measured and what the law says, both in units of the mean hold that the same operations had. */
const ESTIMATES: { what: string; of: (summary: CellSummary) => number | null; law: (queue: ClosedQueue) => number }[] =
  [
    { what: 'rate', of: ({ ratePerS }) => ratePerS, law: rateOf },
    {
      what: 'mean service time',
      of: ({ serviceTimeMs }) => serviceTimeMs.mean,
      law: (queue) => queue.clients / rateOf(queue),
    },
    { what: 'p50', of: ({ serviceTimeMs }) => serviceTimeMs.p50, law: (queue) => percentileOf(queue, 50) },
    { what: 'p90', of: ({ serviceTimeMs }) => serviceTimeMs.p90, law: (queue) => percentileOf(queue, 90) },
    { what: 'p95', of: ({ serviceTimeMs }) => serviceTimeMs.p95, law: (queue) => percentileOf(queue, 95) },
    { what: 'p99', of: ({ serviceTimeMs }) => serviceTimeMs.p99, law: (queue) => percentileOf(queue, 99) },
  ];

/** An estimate in units of a mean hold: rates become numbers of busy places, times become multiples. */
function inHolds(what: string, value: number | null, holdMs: number): number | null {
  if (value === null) return null;
  return what === 'rate' ? (value * holdMs) / 1000 : value / holdMs;
}

/** The same estimates, by the same measures, of simulated cells of the same law and length: how far chance alone moves them. */
async function replicate({ summary, window }: LawCell, holdMs: number): Promise<(number | null)[][]> {
  const { level } = summary;
  // Long enough for every client to end one operation, and for the last ones.
  const slowMs = 20 * holdMs + (2 * level * holdMs) / PLACES;
  const replicas: (number | null)[][] = [];
  for (let seed = 1; seed <= REPLICAS; seed += 1) {
    const holdsMs: number[] = [];
    const { evidence, operations } = simulateCell({
      clients: level,
      places: PLACES,
      seed,
      windowMs: window.closeMs - window.openMs,
      warmUpLimitMs: slowMs,
      drainLimitMs: slowMs,
      serviceUs(random) {
        const us = exponential(holdMs * 1000)(random);
        holdsMs.push(us / 1000);
        return us;
      },
    });
    const served = operations.map(({ startUs, durationUs }, index) => {
      const answeredMs = (startUs + durationUs) / 1000;
      return { servedMs: answeredMs - (holdsMs[index] as number), answeredMs };
    });
    const meanMs = meanHoldMs(served, evidence.window as CellWindow);
    const replica = await summarizeCell(evidence, blocksOf(operations));
    replicas.push(ESTIMATES.map(({ what, of }) => inHolds(what, of(replica), meanMs)));
  }
  return replicas;
}

test('exponential service in k places: rate, mean and percentiles of the closed queue M/M/k', async (t) => {
  const cells = await measureLaws(t, {
    // Without a queue nothing hides the way there and back, so that the mean must be long against it.
    laws: { 1: serve(200), 10: serve(200), 100: serve(20), 1000: serve(20) },
    timing: {
      warmUp: { atLeast: '0s', atMost: '10s' },
      window: { atLeast: '6s', operationsPerClient: 0.01, atMost: '6s' },
    },
  });
  for (const cell of cells) {
    assertTrusted(t, cell);
    const holdMs = meanHoldMs(cell.served, cell.window);
    const queue: ClosedQueue = { clients: cell.summary.level, places: PLACES, mean: 1 };
    const replicas = await replicate(cell, holdMs);
    for (const [index, { what, of, law }] of ESTIMATES.entries()) {
      // Without a queue it is the hold itself, which a constant delay shows best.
      if (what === 'mean service time' && queue.clients <= PLACES) continue;
      const value = inHolds(what, of(cell.summary), holdMs);
      const replicated = replicas.map((replica) => replica[index] ?? null).filter((each) => each !== null);
      // A percentile with too few operations behind it is null, here as there.
      if (value === null && replicated.length < REPLICAS) continue;
      const deviation = (DEVIATIONS * standardDeviation(replicated)) / law(queue);
      assertAgrees(t, cell, [what, value, law(queue)], deviation);
    }
  }
});
