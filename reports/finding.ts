/** What failed first in a series, in a few sentences: which level, how, and whether the service came back. */

import { formatDuration, formatShare } from '../foundation/quantity.ts';
import { formatCount, formatQuantity } from './format-number.ts';
import { type Level, failedShareOf } from './series.ts';
import type { CellSummary } from './summary.ts';

/** Fewer failures than this are no finding: the table has them. */
const PART_FAILED = 0.01;

/** Which level failed first and how; none when hardly any operation failed. */
export function describeFailures(levels: readonly Level[]): string[] {
  return [...describePartFailures(levels), ...describeFailedLevel(levels)];
}

/** A level at which some are served and some are not, before one at which most are not. */
function describePartFailures(levels: readonly Level[]): string[] {
  const lowest = levels.find((each) => hasFailed(each) || (failedShareOf(each.cells) ?? 0) >= PART_FAILED);
  if (lowest === undefined || hasFailed(lowest)) return [];
  const share = formatShare(failedShareOf(lowest.cells) ?? 0);
  return [
    `At level ${formatCount(lowest.level)}, ${share} fail (${listOutcomes(lowest.cells)}).`,
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

function describeFailedLevel(levels: readonly Level[]): string[] {
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
