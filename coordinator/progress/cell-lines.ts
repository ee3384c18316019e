/** The table of finished cells: one line each, and below a cell that is not ok why not. */

import { formatDuration } from '../../foundation/quantity.ts';
import type { CellIdentity } from '../../reports/evidence.ts';
import type { CellSummary } from '../../reports/summary.ts';
import { type Painter, formatCount, paintState } from './text.ts';

const COLUMNS = [
  { title: '#', width: 3 },
  { title: 'run', width: 3 },
  { title: 'files', width: 6 },
  { title: 'level', width: 6 },
  { title: 'held', width: 7 },
  { title: 'in flight', width: 9 },
  { title: 'rate Hz', width: 8 },
  { title: 'p50', width: 7 },
  { title: 'p95', width: 7 },
  { title: 'failed', width: 6 },
] as const;

const INDENT = ' '.repeat(COLUMNS[0].width + 1);

/** The head of the table. */
export function cellTableHead(): string {
  return `${joinColumns(COLUMNS.map(({ title }) => title))}  state`;
}

/** The first columns of a line: which cell it is. */
export function identifyCell(position: number, { run, directorySize, level }: CellIdentity): string {
  return joinColumns([position, run, directorySize ?? '–', level].map(String));
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
  const line = `${identifyCell(position, summary)} ${joinColumns(numbers, 4)}  ${paintState(paint, state)}`;
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

function joinColumns(texts: readonly string[], first = 0): string {
  return texts.map((text, index) => text.padStart(COLUMNS[first + index]?.width ?? 0)).join(' ');
}
