/** How long operations took: successful ones that started in the window, failures and the first cohort apart. */

import { NOT_REACHED } from '../operation.ts';
import type { CellSummary } from '../summary.ts';
import { supportedPercentile } from './percentile.ts';
import { type CellRows, KIND, type Span } from './rows.ts';

type Times = Pick<CellSummary, 'serviceTimeMs' | 'phasesMs' | 'failureTimeMs'>;

/** Service times, phases and failure times of the operations that started in the span (opening included, close not). */
export function measureTimes(rows: CellRows, span: Span): Times {
  const ok = selectStarted(rows, span, KIND.ok);
  const failed = durationsUs(rows, selectStarted(rows, span, KIND.failed));
  return {
    serviceTimeMs: summarizeServiceTimes(durationsUs(rows, ok)),
    phasesMs: {
      connect: meanReachedMs(rows.connectUs, ok),
      handshake: meanReachedMs(rows.handshakeUs, ok),
      firstByte: meanReachedMs(rows.firstByteUs, ok),
      rest: meanReachedMs(rows.restUs, ok),
    },
    failureTimeMs: { count: failed.length, mean: meanMs(failed), max: maxMs(failed) },
  };
}

/** The first operation of every client: how many, and the service times of those that succeeded. */
export function measureFirstCohort(rows: CellRows): CellSummary['firstCohort'] {
  const first = selectRows(rows, (row) => rows.sequence[row] === 0);
  const ok = durationsUs(
    rows,
    first.filter((row) => rows.kind[row] === KIND.ok),
  );
  return { count: first.length, ok: ok.length, meanMs: meanMs(ok), maxMs: maxMs(ok) };
}

/** Mean service time of all successful operations of the cell in microseconds; 0 when there are none. */
export function meanOkDurationUs(rows: CellRows): number {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < rows.count; row += 1) {
    if (rows.kind[row] !== KIND.ok) continue;
    sum += rows.durationUs[row] as number;
    count += 1;
  }
  return count === 0 ? 0 : sum / count;
}

function summarizeServiceTimes(unsortedUs: Int32Array): CellSummary['serviceTimeMs'] {
  const sortedUs = unsortedUs.toSorted();
  const percentileMs = (percent: number): number | null => toMs(supportedPercentile(sortedUs, percent));
  return {
    count: sortedUs.length,
    mean: meanMs(sortedUs),
    p50: percentileMs(50),
    p90: percentileMs(90),
    p95: percentileMs(95),
    p99: percentileMs(99),
    max: maxMs(sortedUs),
  };
}

function selectStarted(rows: CellRows, span: Span, kind: number): Uint32Array {
  return selectRows(rows, (row) => {
    const startUs = rows.startUs[row] as number;
    return rows.kind[row] === kind && startUs >= span.openUs && startUs < span.closeUs;
  });
}

/** Numbers of the rows that a condition selects. */
function selectRows(rows: CellRows, isSelected: (row: number) => boolean): Uint32Array {
  const selected = new Uint32Array(rows.count);
  let count = 0;
  for (let row = 0; row < rows.count; row += 1) {
    if (!isSelected(row)) continue;
    selected[count] = row;
    count += 1;
  }
  return selected.subarray(0, count);
}

function durationsUs(rows: CellRows, selected: Uint32Array): Int32Array {
  return Int32Array.from(selected, (row) => rows.durationUs[row] as number);
}

/** Mean of a phase over the selected operations that had it; null when none had. */
function meanReachedMs(phaseUs: Int32Array, selected: Uint32Array): number | null {
  return meanMs(Int32Array.from(selected, (row) => phaseUs[row] as number).filter((us) => us !== NOT_REACHED));
}

function meanMs(valuesUs: Int32Array): number | null {
  if (valuesUs.length === 0) return null;
  let sum = 0;
  for (const us of valuesUs) sum += us;
  return sum / valuesUs.length / 1000;
}

function maxMs(valuesUs: Int32Array): number | null {
  if (valuesUs.length === 0) return null;
  let max = -Infinity;
  for (const us of valuesUs) max = Math.max(max, us);
  return max / 1000;
}

function toMs(us: number | null): number | null {
  return us === null ? null : us / 1000;
}
