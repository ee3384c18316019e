/** A line a level over its runs, for people: what the end of a campaign and the Markdown of a report show. */

import { formatDuration, formatShare } from '../foundation/quantity.ts';
import { NO_NUMBER, formatNumber } from './format-number.ts';
import {
  type Level,
  type Series,
  type TimeUnit,
  chooseTimeUnit,
  failedShareOf,
  groupSeries,
  titleSeries,
} from './series.ts';
import type { CellSummary, Summary } from './summary.ts';

const STATES_BY_WEIGHT = ['failed', 'degraded', 'skipped', 'ok'] as const;

/** The first and the last column are text, the others numbers with their units in the head. */
export type LevelTable = { head: string[]; rows: string[][] };

export function tabulateLevels({ cells }: Pick<Summary, 'cells'>): LevelTable {
  const series = groupSeries(cells);
  const unit = chooseTimeUnit(cells);
  return {
    head: nameColumns(series, unit),
    rows: series.flatMap(({ label, levels }) => levels.map((level) => [label, ...describeLevel(level, unit)])),
  };
}

function nameColumns(series: readonly Series[], unit: TimeUnit): string[] {
  return [
    titleSeries(series),
    'level',
    'runs',
    'in flight',
    'rate Hz',
    'lowest-highest',
    `p50 ${unit.name}`,
    `p99 ${unit.name}`,
    'failed',
    'held',
    'recovery',
    'trust',
  ];
}

function describeLevel({ level, cells, typical }: Level, unit: TimeUnit): string[] {
  const inUnit = (ms: number | null | undefined): string => formatNumber(ms == null ? null : ms / unit.ms);
  const failed = failedShareOf(cells);
  const measured = cells.filter(({ windowMs }) => windowMs !== null);
  const held = Math.min(...measured.map((cell) => cell.held / cell.level));
  return [
    String(level),
    String(measured.length),
    formatNumber(typical?.inFlight ?? null),
    formatNumber(typical?.ratePerS ?? null),
    describeSpread(typical),
    inUnit(typical?.p50Ms),
    inUnit(typical?.p99Ms),
    failed === null ? NO_NUMBER : formatShare(failed),
    measured.length === 0 ? NO_NUMBER : formatShare(held),
    describeRecovery(cells),
    describeTrust(cells),
  ];
}

/** The longest; `never` when the service did not come back from one of the runs. */
function describeRecovery(cells: readonly CellSummary[]): string {
  if (cells.some(({ hung, recoveryMs }) => hung !== null && recoveryMs === null)) return 'never';
  const recoveries = cells.flatMap(({ recoveryMs }) => (recoveryMs === null ? [] : [recoveryMs]));
  return recoveries.length === 0 ? NO_NUMBER : formatDuration(Math.max(...recoveries));
}

function describeSpread(typical: Level['typical']): string {
  if (typical === null) return NO_NUMBER;
  if (typical.runs === 1) return 'one run';
  return `${formatNumber(typical.lowestPerS)} – ${formatNumber(typical.highestPerS)}`;
}

/** The worst state of the runs, how many have it when not all do, and the codes of all marks. */
function describeTrust(cells: readonly CellSummary[]): string {
  const worst = STATES_BY_WEIGHT.find((state) => cells.some((cell) => cell.state === state)) ?? 'skipped';
  const count = cells.filter(({ state }) => state === worst).length;
  const codes = [...new Set(cells.flatMap(({ marks }) => marks.map(({ code }) => code)))];
  const state = count === cells.length ? worst : `${worst} ${count} of ${cells.length}`;
  return codes.length === 0 ? state : `${state} (${codes.join(', ')})`;
}
