/** How long operations took: successful ones that started in the window, failures and the first cohort apart. */

import { NOT_REACHED } from '../operation.ts';
import type { CellSummary } from '../summary.ts';
import { createNumberList } from './number-list.ts';
import { supportedRank, valuesAtRanks } from './percentile.ts';
import { type CellRows, KIND, type Measure, type Span } from './rows.ts';

export type ServiceTimes = Pick<CellSummary, 'serviceTimeMs' | 'phasesMs'>;

/**
 * Service times and phases of the operations that succeeded and started in the span (opening included, close not): of the cell,
 * and of each site in their order. Four bytes an operation are kept.
 */
export function measureServiceTimes(
  span: Span,
  sites: number,
): Measure<{ cell: ServiceTimes; bySite: ServiceTimes[] }> {
  // The last is of clients that no pilot has.
  const groups = Array.from({ length: sites + 1 }, createTimes);
  return {
    take(rows) {
      const { count, kind, site, startUs } = rows;
      for (let row = 0; row < count; row += 1) {
        if (kind[row] !== KIND.ok || !hasStartedIn(startUs[row] as number, span)) continue;
        (groups[site[row] as number] as Times).add(rows, row);
      }
    },
    result: () => ({
      cell: summarizeTimes(groups),
      bySite: groups.slice(0, sites).map((group) => summarizeTimes([group])),
    }),
  };
}

/** Durations of the failed operations that started in the span; local and cut ones are not in it. */
export function measureFailureTimes(span: Span): Measure<CellSummary['failureTimeMs']> {
  const durations = createSum();
  return {
    take({ count, kind, startUs, durationUs }) {
      for (let row = 0; row < count; row += 1) {
        if (kind[row] !== KIND.failed || !hasStartedIn(startUs[row] as number, span)) continue;
        durations.add(durationUs[row] as number);
      }
    },
    result: () => ({ count: durations.count(), mean: meanMs([durations]), max: maxMs([durations]) }),
  };
}

/** The first operation of every client: how many, and the service times of those that succeeded. */
export function measureFirstCohort(): Measure<CellSummary['firstCohort']> {
  const ok = createSum();
  let first = 0;
  return {
    take({ count, sequence, kind, durationUs }) {
      for (let row = 0; row < count; row += 1) {
        if (sequence[row] !== 0) continue;
        first += 1;
        if (kind[row] === KIND.ok) ok.add(durationUs[row] as number);
      }
    },
    result: () => ({ count: first, ok: ok.count(), meanMs: meanMs([ok]), maxMs: maxMs([ok]) }),
  };
}

/** Mean service time of all successful operations of the cell in microseconds; 0 when there are none. */
export function measureMeanOk(): Measure<number> {
  const ok = createSum();
  return {
    take({ count, kind, durationUs }) {
      for (let row = 0; row < count; row += 1) {
        if (kind[row] === KIND.ok) ok.add(durationUs[row] as number);
      }
    },
    result: () => (ok.count() === 0 ? 0 : ok.sum() / ok.count()),
  };
}

/** Whether an operation started in the span: from its opening on, before its close. */
export function hasStartedIn(startUs: number, span: Span): boolean {
  return startUs >= span.openUs && startUs < span.closeUs;
}

/** Sum, number and largest of whole microseconds: exact in any order. */
type Sum = ReturnType<typeof createSum>;

function createSum() {
  let sumUs = 0;
  let count = 0;
  let maxUs = -Infinity;
  return {
    add(us: number): void {
      sumUs += us;
      count += 1;
      if (us > maxUs) maxUs = us;
    },
    sum: () => sumUs,
    count: () => count,
    max: () => maxUs,
  };
}

type Times = ReturnType<typeof createTimes>;
type Phase = 'connect' | 'handshake' | 'firstByte' | 'rest';

function createTimes() {
  const list = createNumberList((length) => new Int32Array(length));
  const total = createSum();
  const phases: Record<Phase, Sum> = {
    connect: createSum(),
    handshake: createSum(),
    firstByte: createSum(),
    rest: createSum(),
  };
  return {
    list,
    total,
    phases,
    add({ durationUs, connectUs, handshakeUs, firstByteUs, restUs }: CellRows, row: number): void {
      list.push(durationUs[row] as number);
      total.add(durationUs[row] as number);
      addReached(phases.connect, connectUs[row] as number);
      addReached(phases.handshake, handshakeUs[row] as number);
      addReached(phases.firstByte, firstByteUs[row] as number);
      addReached(phases.rest, restUs[row] as number);
    },
  };
}

/** A phase counts over the operations that had it. */
function addReached(sum: Sum, us: number): void {
  if (us !== NOT_REACHED) sum.add(us);
}

function summarizeTimes(groups: readonly Times[]): ServiceTimes {
  const totals = groups.map(({ total }) => total);
  const phaseMs = (phase: Phase): number | null => meanMs(groups.map(({ phases }) => phases[phase]));
  const { count, percentilesMs } = rankTimes(groups);
  const [p50, p90, p95, p99] = percentilesMs;
  return {
    serviceTimeMs: { count, mean: meanMs(totals), p50, p90, p95, p99, max: maxMs(totals) },
    phasesMs: {
      connect: phaseMs('connect'),
      handshake: phaseMs('handshake'),
      firstByte: phaseMs('firstByte'),
      rest: phaseMs('rest'),
    },
  };
}

type FourPercentiles = [p50: number | null, p90: number | null, p95: number | null, p99: number | null];

function rankTimes(groups: readonly Times[]): { count: number; percentilesMs: FourPercentiles } {
  const pieces = groups.flatMap(({ list }) => list.pieces());
  const count = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const ranks = [50, 90, 95, 99].map((percent) => supportedRank(count, percent));
  const valuesUs = valuesAtRanks(
    pieces,
    ranks.filter((rank) => rank !== null),
  );
  // What has too few operations beyond it comes after what has enough.
  const percentilesMs = ranks.map((rank, index) => (rank === null ? null : (valuesUs[index] as number) / 1000));
  return { count, percentilesMs: percentilesMs as FourPercentiles };
}

function meanMs(sums: readonly Sum[]): number | null {
  const count = sums.reduce((all, sum) => all + sum.count(), 0);
  return count === 0 ? null : sums.reduce((all, sum) => all + sum.sum(), 0) / count / 1000;
}

function maxMs(sums: readonly Sum[]): number | null {
  const maxUs = Math.max(...sums.map((sum) => sum.max()));
  return maxUs === -Infinity ? null : maxUs / 1000;
}
