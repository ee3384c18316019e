/** How many operations ended in which way: over the whole cell, and in the window. */

import type { CellEvidence } from '../evidence.ts';
import type { CellSummary } from '../summary.ts';
import { hasEndedIn } from './rate.ts';
import { type CellRows, KIND, type Span } from './rows.ts';

/** All operations from T0 to drained; `failed` is what is neither ok nor cut, so it holds the local failures too. */
export function countOperations(rows: CellRows): CellSummary['operations'] {
  const { kinds, byOutcome } = tally(rows, () => true);
  return { ok: kinds.ok, failed: kinds.failed + kinds.local, cut: kinds.cut, byOutcome };
}

/** Operations that ended in the span; `failed` are those charged to the service, `local` our own. */
export function countEnded(rows: CellRows, span: Span): CellSummary['inWindow'] {
  const { ok, failed, local } = tally(rows, (endUs) => hasEndedIn(endUs, span)).kinds;
  return { ok, failed, local };
}

/** The service's failures that ended in the span, most frequent first. */
export function listFailures(rows: CellRows, span: Span): { outcome: string; count: number }[] {
  const { byOutcome } = tally(rows, (endUs, row) => rows.kind[row] === KIND.failed && hasEndedIn(endUs, span));
  return Object.entries(byOutcome)
    .map(([outcome, count]) => ({ outcome, count }))
    .toSorted((a, b) => b.count - a.count || (a.outcome < b.outcome ? -1 : 1));
}

/** Operations that touch the span and were cut: their end was never seen. */
export function countCut(rows: CellRows, span: Span): number {
  return tally(rows, (endUs, row) => endUs > span.openUs && (rows.startUs[row] as number) < span.closeUs).kinds.cut;
}

/** Clients that had not ended their first operation when the span opened. */
export function countUnended(rows: CellRows, span: Span, clientsFired: number): number {
  let ended = 0;
  for (let row = 0; row < rows.count; row += 1) {
    if (rows.sequence[row] !== 0) continue;
    if ((rows.startUs[row] as number) + (rows.durationUs[row] as number) <= span.openUs) ended += 1;
  }
  return Math.max(0, clientsFired - ended);
}

/** A success to the service, but not to us: it listed another number of entries than expected. */
const SUCCESS_OF_THE_SERVICE_ALONE = 'status/entry-count';

/** The server's count of successes less what it must have counted by our rows; 0 when both saw the same. */
export function compareServerCount(
  { server }: Pick<CellEvidence, 'server'>,
  { ok, byOutcome }: Pick<CellSummary['operations'], 'ok' | 'byOutcome'>,
): CellSummary['server'] {
  if (server === null) return null;
  const ours = ok + (byOutcome[SUCCESS_OF_THE_SERVICE_ALONE] ?? 0);
  return { counted: server.counted, difference: server.counted - server.okButCutHere - ours };
}

type Tally = { kinds: Record<keyof typeof KIND, number>; byOutcome: Record<string, number> };

function tally(rows: CellRows, isCounted: (endUs: number, row: number) => boolean): Tally {
  const counts = rows.outcomes.map(() => 0);
  const kinds = [0, 0, 0, 0];
  for (let row = 0; row < rows.count; row += 1) {
    if (!isCounted((rows.startUs[row] as number) + (rows.durationUs[row] as number), row)) continue;
    const outcome = rows.outcome[row] as number;
    counts[outcome] = (counts[outcome] as number) + 1;
    const kind = rows.kind[row] as number;
    kinds[kind] = (kinds[kind] as number) + 1;
  }
  const [ok, failed, local, cut] = kinds as [number, number, number, number];
  const seen = rows.outcomes.map((outcome, index) => [outcome, counts[index] as number] as const);
  return { kinds: { ok, failed, local, cut }, byOutcome: Object.fromEntries(seen.filter(([, count]) => count > 0)) };
}
