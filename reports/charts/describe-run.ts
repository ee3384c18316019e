/** A run of a cell in words: one line for who hears the chart, a few for who points at it. */

import { formatCount, formatNumber, formatQuantity } from '../format-number.ts';
import type { CellSummary } from '../summary.ts';
import { formatTime } from './format-time.ts';

/** @param label of its series */
export function describeRun(label: string, cell: CellSummary): string {
  const { level, run, ratePerS, inFlight, state } = cell;
  return `${label}, level ${formatCount(level)}, run ${run}: ${formatNumber(ratePerS)} Hz at ${formatNumber(inFlight)} in flight, ${state}`;
}

/** Cell, load, rate, times, failures by class, state with reason, marks: a line each, of what there is. */
export function explainRun(label: string, cell: CellSummary): string[] {
  const { id, level, run, ratePerS, held, inFlight, state, reason, marks } = cell;
  return [
    `${label}, level ${formatCount(level)}, run ${run}`,
    `${formatNumber(ratePerS)} Hz`,
    `${formatNumber(inFlight)} in flight, ${formatNumber(held)} held`,
    ...describeTimes(cell),
    describeFailures(cell),
    reason === null ? state : `${state}: ${reason}`,
    ...(marks.length === 0 ? [] : [`marks: ${marks.map(({ code }) => code).join(', ')}`]),
    `cell ${id}`,
  ];
}

function describeTimes({ serviceTimeMs }: CellSummary): string[] {
  const percentiles = (['p50', 'p95', 'p99'] as const).flatMap((name) => {
    const ms = serviceTimeMs[name];
    return ms === null ? [] : [`${name} ${formatTime(ms)}`];
  });
  return percentiles.length === 0 ? [] : [percentiles.join(', ')];
}

function describeFailures({ operations: { failed, byOutcome } }: CellSummary): string {
  if (failed === 0) return 'none failed';
  const classes = Object.entries(byOutcome)
    .filter(([outcome]) => outcome !== 'ok' && outcome !== 'cut')
    .toSorted(([, a], [, b]) => b - a)
    .map(([outcome, count]) => `${formatCount(count)} ${outcome}`);
  return `${formatQuantity(failed, 'operation')} failed: ${classes.join(', ')}`;
}
