/** The table of finished cells: one line each, and below a cell that is not ok why not. */

import { formatDuration } from '../../foundation/quantity.ts';
import type { CellIdentity } from '../../reports/evidence.ts';
import type { CellSummary } from '../../reports/summary.ts';
import { type Painter, formatCount, paintState } from './text.ts';

type Column = { title: string; width: number };

const POSITION: Column = { title: '#', width: 3 };
const RUN: Column = { title: 'run', width: 3 };
const FILES: Column = { title: 'files', width: 6 };
const LEVEL: Column = { title: 'level', width: 6 };
const MEASURES: readonly Column[] = [
  { title: 'held', width: 7 },
  { title: 'in flight', width: 9 },
  { title: 'rate Hz', width: 8 },
  { title: 'p50', width: 7 },
  { title: 'p95', width: 7 },
  { title: 'failed', width: 6 },
];

const INDENT = ' '.repeat(POSITION.width + 1);

/** The head of the table, for cells such as this one. */
export function cellTableHead(cell: Pick<CellIdentity, 'directorySize'>): string {
  const columns = [...identityColumns(cell), ...MEASURES];
  return `${joinColumns(
    columns,
    columns.map(({ title }) => title),
  )}  state`;
}

/** The first columns of a line: which cell it is. */
export function identifyCell(position: number, cell: CellIdentity): string {
  const { run, directorySize, level } = cell;
  const texts = [position, run, ...(directorySize === null ? [] : [directorySize]), level].map(String);
  return joinColumns(identityColumns(cell), texts);
}

/** A scenario without directories has no column for their sizes. */
function identityColumns({ directorySize }: Pick<CellIdentity, 'directorySize'>): Column[] {
  return [POSITION, RUN, ...(directorySize === null ? [] : [FILES]), LEVEL];
}

/** The line of a finished cell, and the lines below it. */
export function describeCell(position: number, summary: CellSummary, paint: Painter): string[] {
  const { state, marks, reason } = summary;
  const numbers = [
    formatCount(summary.held),
    formatCount(summary.inFlight),
    formatCount(summary.ratePerS),
    formatSpan(summary.serviceTimeMs.p50),
    formatSpan(summary.serviceTimeMs.p95),
    String(summary.operations.failed),
  ];
  const line = `${identifyCell(position, summary)} ${joinColumns(MEASURES, numbers)}  ${paintState(paint, state)}`;
  if (state === 'ok') return [marks.length === 0 ? line : `${line} (${marks.map((mark) => mark.code).join(', ')})`];
  return [
    line,
    `${INDENT}${reason ?? 'no reason was recorded'}`,
    ...marks.map((mark) => `${INDENT}${mark.code}: ${mark.text}`),
  ];
}

function formatSpan(spanMs: number | null): string {
  return spanMs === null ? '–' : formatDuration(spanMs);
}

function joinColumns(columns: readonly Column[], texts: readonly string[]): string {
  return columns.map(({ width }, index) => (texts[index] ?? '').padStart(width)).join(' ');
}
