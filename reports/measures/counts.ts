/** How many operations ended in which way: over the whole cell, and in the window. */

import type { CellEvidence } from '../evidence.ts';
import type { CellSummary } from '../summary.ts';
import { hasEndedIn } from './rate.ts';
import { type CellRows, KIND, type Measure, type Span, kindOf } from './rows.ts';

export type Failures = { outcome: string; count: number }[];

/**
 * All operations from T0 to drained, and their requests beyond the first. `failed` is what is neither ok nor cut, so it holds
 * the local failures too.
 */
export function countOperations(): Measure<Pick<CellSummary, 'operations' | 'followUps'>> {
  const tally = createTally();
  const followUps = { polls: 0, pages: 0 };
  return {
    take(rows) {
      const { count, outcome, polls, pages } = rows;
      tally.see(rows);
      for (let row = 0; row < count; row += 1) {
        tally.add(outcome[row] as number);
        followUps.polls += polls[row] as number;
        followUps.pages += pages[row] as number;
      }
    },
    result() {
      const { kinds, byOutcome } = tally.result();
      const { ok, failed, local, cut } = kinds;
      return { operations: { ok, failed: failed + local, cut, byOutcome }, followUps };
    },
  };
}

/** Operations that ended in the span; `failed` are those charged to the service (most frequent outcome first in `failures`), `local` our own. */
export function countEnded(span: Span): Measure<{ inWindow: CellSummary['inWindow']; failures: Failures }> {
  const tally = createTally();
  return {
    take(rows) {
      const { count, outcome, endUs } = rows;
      tally.see(rows);
      for (let row = 0; row < count; row += 1) {
        if (hasEndedIn(endUs[row] as number, span)) tally.add(outcome[row] as number);
      }
    },
    result() {
      const { kinds, byOutcome } = tally.result();
      const { ok, failed, local } = kinds;
      return { inWindow: { ok, failed, local }, failures: listFailures(byOutcome) };
    },
  };
}

function listFailures(byOutcome: Record<string, number>): Failures {
  return Object.entries(byOutcome)
    .filter(([outcome]) => kindOf(outcome) === KIND.failed)
    .map(([outcome, count]) => ({ outcome, count }))
    .toSorted((a, b) => b.count - a.count || (a.outcome < b.outcome ? -1 : 1));
}

/** Operations that touch the span and were cut: their end was never seen. */
export function countCut(span: Span): Measure<number> {
  let cut = 0;
  return {
    take({ count, kind, startUs, endUs }) {
      for (let row = 0; row < count; row += 1) {
        if (kind[row] !== KIND.cut) continue;
        if ((endUs[row] as number) > span.openUs && (startUs[row] as number) < span.closeUs) cut += 1;
      }
    },
    result: () => cut,
  };
}

/** Clients that had not ended their first operation when the span opened. */
export function countUnended(span: Span, clientsFired: number): Measure<number> {
  let ended = 0;
  return {
    take({ count, sequence, endUs }) {
      for (let row = 0; row < count; row += 1) {
        if (sequence[row] === 0 && (endUs[row] as number) <= span.openUs) ended += 1;
      }
    },
    result: () => Math.max(0, clientsFired - ended),
  };
}

/** Successes to the service, but not to us: another number of entries than expected, or not the text that was. */
const SUCCESSES_OF_THE_SERVICE_ALONE = ['status/entry-count', 'status/text'];

/** The server's count of successes less what it must have counted by our rows; 0 when both saw the same. */
export function compareServerCount(
  { server }: Pick<CellEvidence, 'server'>,
  { ok, byOutcome }: Pick<CellSummary['operations'], 'ok' | 'byOutcome'>,
): CellSummary['server'] {
  if (server === null) return null;
  const ours = SUCCESSES_OF_THE_SERVICE_ALONE.reduce((sum, outcome) => sum + (byOutcome[outcome] ?? 0), ok);
  return { counted: server.counted, difference: server.counted - server.okButCutHere - ours };
}

type Tally = {
  /** Comes before the rows of a block are added: it may bring new outcomes. */
  see(rows: Pick<CellRows, 'outcomes'>): void;
  add(outcome: number): void;
  result(): { kinds: Record<keyof typeof KIND, number>; byOutcome: Record<string, number> };
};

function createTally(): Tally {
  const counts: number[] = [];
  let outcomes: readonly string[] = [];
  return {
    see(rows) {
      outcomes = rows.outcomes;
      while (counts.length < outcomes.length) counts.push(0);
    },
    add(outcome) {
      counts[outcome] = (counts[outcome] as number) + 1;
    },
    result() {
      const seen = outcomes
        .map((outcome, index) => [outcome, counts[index] as number] as const)
        .filter(([, count]) => count > 0);
      const sumOf = (kind: number): number =>
        seen.reduce((sum, [outcome, count]) => sum + (kindOf(outcome) === kind ? count : 0), 0);
      const { ok, failed, local, cut } = KIND;
      const kinds = { ok: sumOf(ok), failed: sumOf(failed), local: sumOf(local), cut: sumOf(cut) };
      return { kinds, byOutcome: Object.fromEntries(seen) };
    },
  };
}
