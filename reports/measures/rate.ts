/** Effective processing rate: successful operations per second of the window, counted in two ways that must agree. */

import { KIND, type Measure, type Span, lengthS } from './rows.ts';

/** A rate of the whole cell and of each site: the order is the sites'. */
export type Rates = { perS: number; bySite: number[] };

/**
 * The share of an operation that lies in a span, 0 … 1; one without duration counts whole when it ended in it.
 * All arguments in microseconds.
 */
export function shareInSpan(startUs: number, durationUs: number, span: Span): number {
  const endUs = startUs + durationUs;
  if (durationUs <= 0) return hasEndedIn(endUs, span) ? 1 : 0;
  const overlapUs = Math.min(endUs, span.closeUs) - Math.max(startUs, span.openUs);
  return overlapUs <= 0 ? 0 : overlapUs / durationUs;
}

/** Whether an operation ended in the span: after its opening, at the latest at its close. */
export function hasEndedIn(endUs: number, span: Span): boolean {
  return endUs > span.openUs && endUs <= span.closeUs;
}

/** Successful operations per second, each counted with the share of its duration that lies in the span. */
export function measureEdgeCorrectedRate(span: Span, sites: number): Measure<Rates> {
  const sums = createSums(sites);
  return {
    take({ count, kind, site, startUs, durationUs }) {
      for (let row = 0; row < count; row += 1) {
        if (kind[row] !== KIND.ok) continue;
        sums.add(site[row] as number, shareInSpan(startUs[row] as number, durationUs[row] as number, span));
      }
    },
    result: () => sums.perS(span),
  };
}

/** Successful operations per second that ended in the span. */
export function measureCompletedRate(span: Span, sites: number): Measure<Rates> {
  const sums = createSums(sites);
  return {
    take({ count, kind, site, endUs }) {
      for (let row = 0; row < count; row += 1) {
        if (kind[row] === KIND.ok && hasEndedIn(endUs[row] as number, span)) sums.add(site[row] as number, 1);
      }
    },
    result: () => sums.perS(span),
  };
}

/** What is of a client that no pilot has counts for the cell, and for no site. */
function createSums(sites: number) {
  const bySite = new Float64Array(sites + 1);
  let sum = 0;
  return {
    add(site: number, operations: number): void {
      sum += operations;
      bySite[site] = (bySite[site] as number) + operations;
    },
    perS: (span: Span): Rates => ({
      perS: sum / lengthS(span),
      bySite: [...bySite.subarray(0, sites)].map((each) => each / lengthS(span)),
    }),
  };
}
