/** What the curve says, in a few sentences a series: its shape, which level failed first, and how. */

import { formatDuration, formatShare } from '../foundation/quantity.ts';
import { describeKnee } from './finding-knee.ts';
import { describeLine } from './finding-line.ts';
import { formatCount, formatNumber, formatQuantity } from './format-number.ts';
import { type Level, type Series, type TypicalRun, failedShareOf } from './series.ts';
import type { CellSummary } from './summary.ts';

/** Two rates nearer than this are called the same: runs of a healthy service differ by a few per cent. */
const SAME_WITHIN = 0.1;

/** Fewer failures than this are no finding: the table has them. */
const PART_FAILED = 0.01;

type MeasuredLevel = { level: number; typical: TypicalRun };

/** A few sentences about one series. */
export function describeSeries({ levels }: Series): string {
  const measured = levels.flatMap(({ level, typical }) => (typical === null ? [] : [{ level, typical }]));
  const typical = measured.map((each) => each.typical);
  const curve = describeLine(levels) ?? describeKnee(typical) ?? describeCurve(measured, levels.length);
  return [curve, ...describePartFailures(levels), ...describeFailures(levels)].join(' ');
}

function describeCurve(measured: readonly MeasuredLevel[], planned: number): string {
  const last = measured.at(-1);
  if (last === undefined) return `No verdict: none of ${formatCount(planned)} levels has a run that is ok.`;
  if (measured.length === 1) return `One level only: ${describePoint(last)}.`;
  const rates = measured.map(({ typical }) => typical.ratePerS);
  const [lowest, highest] = [Math.min(...rates), Math.max(...rates)];
  if (lowest >= (1 - SAME_WITHIN) * highest) return describeFlat(measured, lowest, highest);
  const peak = measured.reduce((best, each) => (each.typical.ratePerS > best.typical.ratePerS ? each : best));
  return peak === last ? describeRising(measured, last) : describePassed(peak, last);
}

function describeFlat(measured: readonly MeasuredLevel[], lowestPerS: number, highestPerS: number): string {
  const from = formatNumber((measured[0] as MeasuredLevel).typical.inFlight);
  const to = formatNumber((measured.at(-1) as MeasuredLevel).typical.inFlight);
  return `Flat: ${formatNumber(lowestPerS)} to ${formatNumber(highestPerS)} Hz from ${from} to ${to} clients in flight.`;
}

/** The highest level has the highest rate: still rising, unless the level before it was as fast. */
function describeRising(measured: readonly MeasuredLevel[], last: MeasuredLevel): string {
  const before = measured.at(-2) as MeasuredLevel;
  const gain = last.typical.ratePerS / before.typical.ratePerS - 1;
  if (gain > SAME_WITHIN) return `Still rising at the highest level: ${describePoint(last)}.`;
  return `Levels off: highest rate ${describePoint(last)}, ${formatShare(gain)} above the level before.`;
}

function describePassed(peak: MeasuredLevel, last: MeasuredLevel): string {
  const loss = 1 - last.typical.ratePerS / peak.typical.ratePerS;
  const atLast = `${formatNumber(last.typical.ratePerS)} Hz at the highest level, ${formatNumber(last.typical.inFlight)} in flight`;
  if (loss <= SAME_WITHIN)
    return `Highest rate ${describePoint(peak)}; ${atLast}, is within ${formatShare(SAME_WITHIN)} of it.`;
  return `Highest rate ${describePoint(peak)}; falls by ${formatShare(loss)} to ${atLast}.`;
}

function describePoint({ typical }: MeasuredLevel): string {
  return `${formatNumber(typical.ratePerS)} Hz at ${formatNumber(typical.inFlight)} clients in flight`;
}

/** A level at which some are served and some are not, before one at which most are not. */
function describePartFailures(levels: readonly Level[]): string[] {
  const lowest = levels.find((each) => hasFailed(each) || (failedShareOf(each.cells) ?? 0) >= PART_FAILED);
  if (lowest === undefined || hasFailed(lowest)) return [];
  const share = formatShare(failedShareOf(lowest.cells) ?? 0);
  return [
    `At level ${formatCount(lowest.level)} ${share} fail (${listOutcomes(lowest.cells)}).`,
    ...describeExhausted(lowest.cells),
    ...describeRecovery(lowest.cells, ''),
  ];
}

function hasFailed({ cells }: Level): boolean {
  return cells.some(({ state }) => state === 'failed');
}

/** From T0 to drained, the most frequent first. */
function listOutcomes(cells: readonly CellSummary[]): string {
  const counts = new Map<string, number>();
  for (const { operations } of cells) {
    for (const [outcome, count] of Object.entries(operations.byOutcome)) {
      if (outcome !== 'ok' && outcome !== 'cut') counts.set(outcome, (counts.get(outcome) ?? 0) + count);
    }
  }
  const byCount = [...counts].toSorted(([, a], [, b]) => b - a);
  return byCount.map(([outcome, count]) => `${formatCount(count)} ${outcome}`).join(', ');
}

function describeFailures(levels: readonly Level[]): string[] {
  const lowest = levels.find(hasFailed);
  const failed = lowest?.cells.filter(({ state }) => state === 'failed') ?? [];
  const [first] = failed;
  if (lowest === undefined || first === undefined) return [];
  const reason = first.reason ?? 'no reason given';
  return [
    `Fails first at level ${formatCount(lowest.level)}: ${reason}`,
    ...describeExhausted(failed),
    ...describeRecovery(failed, reason),
  ];
}

/** What the service itself says it ran out of. */
function describeExhausted(cells: readonly CellSummary[]): string[] {
  const sum = (read: (service: NonNullable<CellSummary['service']>) => number): number =>
    cells.reduce((total, { service }) => total + (service === null ? 0 : read(service)), 0);
  const turnedAway: [string, number][] = [
    ['places in the accept queue', sum(({ exhausted }) => exhausted.queue)],
    ['heap', sum(({ exhausted }) => exhausted.heap)],
    ['descriptors', sum(({ exhausted }) => exhausted.descriptors)],
  ];
  const ranOut = turnedAway
    .filter(([, times]) => times > 0)
    .map(([what, times]) => `${what}: ${formatQuantity(times, 'time')}`);
  const waited = sum(({ waitedForThread }) => waitedForThread);
  return [
    ...(ranOut.length === 0 ? [] : [`It ran out of ${ranOut.join('; of ')}.`]),
    ...(waited === 0 ? [] : [`${formatQuantity(waited, 'connection')} had to wait for a container thread.`]),
  ];
}

/** Whether the service came back from it, unless the reason says that it did not. */
function describeRecovery(cells: readonly CellSummary[], reason: string): string[] {
  if (cells.some(({ hung }) => hung === true)) return ['Hung, not recovered.'];
  if (cells.some(({ hung, recoveryMs }) => hung !== null && recoveryMs === null))
    return reason.includes('not recovered') ? [] : ['Not recovered.'];
  const recoveries = cells.flatMap(({ recoveryMs }) => (recoveryMs === null ? [] : [recoveryMs]));
  return recoveries.length === 0 ? [] : [`Recovered after ${formatDuration(Math.max(...recoveries))}.`];
}
