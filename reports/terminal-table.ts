/** The end of a campaign in plain text: findings, expectations, a line a level over its runs, connections, whether to believe it, thresholds. */

import { formatDuration, formatShare } from '../foundation/quantity.ts';
import { describeConnections } from './connection-lines.ts';
import { describeSeries } from './finding.ts';
import { NO_NUMBER, formatNumber } from './format-number.ts';
import { putOnOneLine } from './plain-text.ts';
import { nameVerdict } from './verdict-sign.ts';
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
import { checkTrust, countStates } from './trust.ts';

const NAME_WIDTH = 'THRESHOLDS'.length;

const STATES_BY_WEIGHT = ['failed', 'degraded', 'skipped', 'ok'] as const;

/** Plain text without colour codes, lines separated by newlines, none at the end. */
export function summaryTable(summary: Summary): string {
  const series = groupSeries(summary.cells);
  return [
    ...listFindings(series),
    ...listExpected(summary),
    ...tabulateLevels(series, chooseTimeUnit(summary.cells)),
    ...head('WIRE', describeConnections(summary)),
    ...listTrust(summary),
    ...listThresholds(summary),
  ]
    .map((line) => line.trimEnd())
    .join('\n');
}

/** A block: its name before the first line, the others below it. */
function head(name: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `${(index === 0 ? name : '').padEnd(NAME_WIDTH)} ${putOnOneLine(line)}`);
}

function listFindings(series: readonly Series[]): string[] {
  const width = Math.max(0, ...series.map(({ label }) => label.length));
  return head(
    'FINDING',
    series.map((each) => `${each.label.padEnd(width)}  ${describeSeries(each)}`),
  );
}

/** What was expected, what was found: a line a finding. */
function listExpected({ findings }: Summary): string[] {
  const rows = findings?.rows ?? [];
  return head(
    'EXPECTED',
    alignColumns(
      rows.map((row) => [nameVerdict(row), row.says, row.measured]),
      'left',
    ),
  );
}

function listThresholds({ thresholds }: Summary): string[] {
  return head(
    'THRESHOLDS',
    alignColumns(
      thresholds.map((row) => [nameVerdict(row), row.check, row.measured]),
      'left',
    ),
  );
}

function listTrust(summary: Summary): string[] {
  const checks = checkTrust(summary).map(({ name, verdict, text }) => `[${verdict}] ${name}: ${text}`);
  return head('TRUST', [countStates(summary), ...checks]);
}

function tabulateLevels(series: readonly Series[], unit: TimeUnit): string[] {
  const header = [
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
  const rows = series.flatMap(({ label, levels }) => levels.map((level) => [label, ...describeLevel(level, unit)]));
  return alignColumns([header, ...rows]);
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

/** First and last column to the left, numbers to the right. */
function alignColumns(rows: readonly string[][], middle: 'left' | 'right' = 'right'): string[] {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] as number;
        return middle === 'left' || column === 0 || column === columns - 1 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  '),
  );
}
