/** The end of a campaign in plain text: findings, a line a size and level over its runs, its connections, and whether to believe it. */

import { formatDuration, formatShare } from '../foundation/quantity.ts';
import { describeConnections } from './connection-lines.ts';
import { describeSeries } from './finding.ts';
import { NO_NUMBER, formatNumber } from './format-number.ts';
import { putOnOneLine } from './plain-text.ts';
import { type Level, type Series, type TimeUnit, chooseTimeUnit, failedShareOf, groupSeries } from './series.ts';
import type { CellSummary, Summary } from './summary.ts';
import { checkTrust, countStates } from './trust.ts';

const STATES_BY_WEIGHT = ['failed', 'degraded', 'skipped', 'ok'] as const;

/** Plain text without colour codes, lines separated by newlines, none at the end. */
export function summaryTable(summary: Summary): string {
  const series = groupSeries(summary.cells);
  return [
    ...listFindings(series),
    ...tabulateLevels(series, chooseTimeUnit(summary.cells)),
    ...describeConnections(summary).map((line, index) => `${(index === 0 ? 'WIRE' : '').padEnd(9)} ${line}`),
    ...listTrust(summary),
  ]
    .map((line) => line.trimEnd())
    .join('\n');
}

function listFindings(series: readonly Series[]): string[] {
  const width = Math.max(0, ...series.map(({ label }) => label.length));
  return series.map((each, index) => {
    const heading = (index === 0 ? 'FINDING' : '').padEnd(9);
    return `${heading} ${each.label.padEnd(width)}  ${putOnOneLine(describeSeries(each))}`;
  });
}

function listTrust(summary: Summary): string[] {
  const checks = checkTrust(summary).map(({ name, verdict, text }) => `[${verdict}] ${name}: ${text}`);
  return [countStates(summary), ...checks].map((line, index) => `${(index === 0 ? 'TRUST' : '').padEnd(9)} ${line}`);
}

function tabulateLevels(series: readonly Series[], unit: TimeUnit): string[] {
  const header = [
    'size',
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
  const recoveries = cells.flatMap(({ recoveryMs }) => (recoveryMs === null ? [] : [recoveryMs]));
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
    recoveries.length === 0 ? NO_NUMBER : formatDuration(Math.max(...recoveries)),
    describeTrust(cells),
  ];
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
function alignColumns(rows: readonly string[][]): string[] {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] as number;
        return column === 0 || column === columns - 1 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  '),
  );
}
