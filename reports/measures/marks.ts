/** The marks of a cell: what a reader must know before believing its numbers, each with value, limit and a sentence. */

import { formatShare } from '../../foundation/quantity.ts';
import type { CellEvidence, CellWindow } from '../evidence.ts';
import { formatCount, formatNumber, formatQuantity } from '../format-number.ts';
import type { CellSummary, Mark } from '../summary.ts';
import { markSessionsResumed } from './connections.ts';
import { explainGeneratorBound } from './generator.ts';
import { markLocalFailures } from './local-failures.ts';
import { markRetransmitted } from './retransmissions.ts';
import type { RateRange } from './rate-range.ts';
import { lengthS, spanOf } from './rows.ts';
import type { Trend } from './steadiness.ts';

/** Little's check: a difference that buffers and clock reading can't explain. */
const LITTLE_LIMIT = 0.02;
const TREND_P_VALUE = 0.001;
const DRIFT_LIMIT = 0.05;
/** A window should hold at least this many of the slow operations one after the other. */
const SLOW_OPERATIONS_IN_WINDOW = 2;

type Measured = Omit<CellSummary, 'state' | 'reason' | 'marks'>;

/** What the rows say about a window beyond its measures. */
export type WindowFindings = {
  edgeCorrectedPerS: number;
  rateRange: RateRange;
  /** Of all successful operations of the cell. */
  meanOkUs: number;
  trend: Trend | null;
  cut: number;
  unended: number;
};

/** All marks of a cell, in the order of the codes' list; `found` is null in a cell without a window. */
export function findMarks(evidence: CellEvidence, measured: Measured, found: WindowFindings | null): Mark[] {
  const { window } = evidence;
  const inWindow = window === null || found === null ? [] : findWindowMarks(evidence, window, measured, found);
  const whole = [
    markServerDifference(measured),
    markPilotLost(evidence),
    found === null ? null : markCut(found),
    markRowsMissing(evidence),
    markSessionsResumed(evidence, measured),
    markRetransmitted(measured),
    markLocalFailures(measured),
  ];
  return [...inWindow, ...whole].filter((mark) => mark !== null);
}

function findWindowMarks(
  evidence: CellEvidence,
  window: CellWindow,
  measured: Measured,
  found: WindowFindings,
): (Mark | null)[] {
  return [
    markTransient(evidence, window, found),
    markShort(window, measured),
    explainGeneratorBound(measured),
    markUnsteady(found),
    markRateDisagreement(window, found),
    markLittle(measured),
  ];
}

function markTransient(
  { clientsFired }: CellEvidence,
  window: CellWindow,
  { unended: value }: WindowFindings,
): Mark | null {
  if (window.openedBy !== 'warm-up-limit') return null;
  const text =
    `The warm-up limit opened the window ${formatMs(window.openMs)} after T0, before ${formatCount(value)} of ` +
    `${formatQuantity(clientsFired, 'client')} had ended an operation (limit 0); the rate is the completed one.`;
  return { code: 'transient', value, limit: 0, text };
}

function markShort(window: CellWindow, { serviceTimeMs }: Measured): Mark | null {
  const slowMs = serviceTimeMs.p99 ?? serviceTimeMs.max;
  if (slowMs === null) return null;
  const value = window.closeMs - window.openMs;
  const limit = SLOW_OPERATIONS_IN_WINDOW * slowMs;
  if (value >= limit) return null;
  const which = serviceTimeMs.p99 === null ? 'longest service time' : 'p99 of the service time';
  const text = `The window of ${formatMs(value)} is shorter than twice the ${which} (limit ${formatMs(limit)}).`;
  return { code: 'short', value, limit, text };
}

function markUnsteady({ trend }: WindowFindings): Mark | null {
  if (trend === null || trend.pValue >= TREND_P_VALUE || trend.driftShare <= DRIFT_LIMIT) return null;
  const text =
    `The rate drifted by ${formatShare(trend.driftShare)} of its mean within the window (limit ${formatShare(DRIFT_LIMIT)}; ` +
    `Mann-Kendall p ${trend.pValue < 1e-6 ? 'below 0.000001' : formatNumber(trend.pValue)}, limit ${TREND_P_VALUE}).`;
  return { code: 'unsteady', value: trend.driftShare * 100, limit: DRIFT_LIMIT * 100, text };
}

/** The two rates may differ by what moving the window by a mean service time makes of the completed one, and by one operation. */
function markRateDisagreement(
  window: CellWindow,
  { edgeCorrectedPerS: value, rateRange, meanOkUs }: WindowFindings,
): Mark | null {
  if (window.openedBy === 'warm-up-limit') return null;
  const range = rateRange(meanOkUs);
  const oneOperationPerS = 1 / lengthS(spanOf(window));
  const lowestPerS = range.lowestPerS - oneOperationPerS;
  const highestPerS = range.highestPerS + oneOperationPerS;
  if (value >= lowestPerS && value <= highestPerS) return null;
  const text =
    `The edge-corrected rate of ${formatNumber(value)} Hz lies outside what bursts can make of the completed rate ` +
    `(limits ${formatNumber(lowestPerS)} and ${formatNumber(highestPerS)} Hz).`;
  return { code: 'rate-disagreement', value, limit: value < lowestPerS ? lowestPerS : highestPerS, text };
}

function markLittle({ littleErrorRatio }: Measured): Mark | null {
  if (littleErrorRatio === null || Math.abs(littleErrorRatio) <= LITTLE_LIMIT) return null;
  const text =
    `The rows add up to ${formatShare(Math.abs(littleErrorRatio))} ${littleErrorRatio < 0 ? 'fewer' : 'more'} clients in ` +
    `flight than the gauges saw (limit ${formatShare(LITTLE_LIMIT)}).`;
  return { code: 'little', value: littleErrorRatio * 100, limit: LITTLE_LIMIT * 100, text };
}

function markServerDifference({ server }: Measured): Mark | null {
  if (server === null || server.difference === 0) return null;
  const more = server.difference > 0;
  const text =
    `The server counted ${formatQuantity(Math.abs(server.difference), 'successful operation')} ${more ? 'more' : 'fewer'} ` +
    `than the rows have (limit 0; it counted ${formatCount(server.counted)}).`;
  return { code: 'server-difference', value: server.difference, limit: 0, text };
}

function markPilotLost({ pilots, window, drainedMs }: CellEvidence): Mark | null {
  const lost = pilots
    .flatMap(({ id, clients, lostAtMs }) => (lostAtMs === null || clients === 0 ? [] : [{ id, clients, lostAtMs }]))
    .toSorted((a, b) => a.lostAtMs - b.lostAtMs);
  const [first] = lost;
  if (first === undefined) return null;
  const clients = lost.reduce((sum, pilot) => sum + pilot.clients, 0);
  const limit = window?.closeMs ?? drainedMs ?? first.lostAtMs;
  const text =
    `${formatQuantity(lost.length, 'pilot')} with ${formatQuantity(clients, 'client')} lost, the first (${first.id}) ` +
    `${formatMs(first.lostAtMs)} after T0; the window closed at ${formatMs(limit)}.`;
  return {
    code: 'pilot-lost',
    value: first.lostAtMs,
    limit,
    text,
  };
}

function markCut({ cut: value }: WindowFindings): Mark | null {
  if (value === 0) return null;
  const text = `We cut ${formatQuantity(value, 'operation')} of the window before an answer (limit 0): slower than what is shown.`;
  return { code: 'cut', value, limit: 0, text };
}

function markRowsMissing({ pilots }: CellEvidence): Mark | null {
  const wrong = pilots.filter(({ rowsSent, rowsStored }) => rowsSent !== null && rowsSent !== rowsStored);
  if (wrong.length === 0) return null;
  const value = wrong.reduce((sum, { rowsSent, rowsStored }) => sum + Math.abs((rowsSent ?? 0) - rowsStored), 0);
  const names = wrong.map(({ id }) => id).join(', ');
  const text = `Rows sent and rows on disk differ by ${formatCount(value)} (limit 0; pilots ${names}).`;
  return { code: 'rows-missing', value, limit: 0, text };
}

function formatMs(ms: number): string {
  return `${formatNumber(ms)} ms`;
}
