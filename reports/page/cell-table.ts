/** The table of all cells: every number with its unit, exact in `data-value` for who sorts; what is special about a cell below it. */

import { formatDuration } from '../../foundation/quantity.ts';
import { NO_NUMBER, formatCount, formatNumber } from '../format-number.ts';
import { type TimeUnit, chooseTimeUnit, groupSeries, titleSeries } from '../series.ts';
import type { CellSummary, Summary } from '../summary.ts';
import { listNotes } from './cell-notes.ts';
import { type Html, NOTHING, html } from './html.ts';
import { scrollable } from './section.ts';

/** By weight: sorting by state brings what failed together. */
const STATES: readonly CellSummary['state'][] = ['ok', 'degraded', 'failed', 'skipped'];

/** A table in the order of the charts: by series, level and run. */
export function renderCellTable(summary: Summary): Html {
  const unit = chooseTimeUnit(summary.cells);
  const series = groupSeries(summary.cells);
  const cells = series.flatMap(({ label, levels }) =>
    levels.flatMap((level) => level.cells.map((cell) => ({ label, cell }))),
  );
  const columns = listColumns(unit);
  const table = html`<table class="sortable" id="cell-table">
    <caption class="unseen">
      All cells
    </caption>
    <thead>
      <tr>
        <th scope="col" class="text">${titleSeries(series)}</th>
        <th scope="col">level</th>
        ${columns.map(({ title }) => html`<th scope="col">${title}</th>`)}
        <th scope="col" class="text">state</th>
        <th scope="col" class="text">marks</th>
      </tr>
    </thead>
    <tbody>
      ${cells.map(({ label, cell }, index) => renderCell({ label, cell, index }, columns))}
    </tbody>
  </table>`;
  return html`<p class="hint">
      A row is one run; the link on its level shows the cell. Held and in flight are clients, averaged over the window;
      service times are of successful operations that started in it, and a percentile with fewer than five of them
      beyond it is left out; failed counts operations from T0 to drained.
    </p>
    ${scrollable('All cells: table', table)}`;
}

/** A number of a cell as `summary.json` has it, and as people read it. */
type Column = {
  title: string;
  of: (cell: CellSummary) => number | null;
  write: (value: number, cell: CellSummary) => string;
};

function listColumns(unit: TimeUnit): Column[] {
  const serviceTime = (percentile: 'p50' | 'p95' | 'p99'): Column => ({
    title: `${percentile} (${unit.name})`,
    of: ({ serviceTimeMs }) => serviceTimeMs[percentile],
    write: (ms) => formatNumber(ms / unit.ms),
  });
  return [
    { title: 'run', of: ({ run }) => run, write: formatCount },
    { title: 'held', of: (cell) => (cell.windowMs === null ? null : cell.held), write: formatNumber },
    { title: 'in flight', of: ({ inFlight }) => inFlight, write: formatNumber },
    { title: 'rate (Hz)', of: ({ ratePerS }) => ratePerS, write: formatNumber },
    ...(['p50', 'p95', 'p99'] as const).map(serviceTime),
    {
      title: 'failed',
      of: ({ state, operations }) => (state === 'skipped' ? null : operations.failed),
      write: formatCount,
    },
    { title: 'start skew p99 (ms)', of: ({ startSkewMs }) => startSkewMs.p99, write: writeSkew },
    // A service that never came back sorts after every one that did.
    {
      title: 'recovery',
      of: ({ recoveryMs, hung }) => recoveryMs ?? (hung === null ? null : Infinity),
      write: writeRecovery,
    },
  ];
}

function writeSkew(p99Ms: number, { startSkewMs: { clockErrorMs } }: CellSummary): string {
  return clockErrorMs === null ? formatNumber(p99Ms) : `${formatNumber(p99Ms)} ± ${formatNumber(clockErrorMs)}`;
}

function writeRecovery(recoveryMs: number): string {
  return Number.isFinite(recoveryMs) ? formatDuration(recoveryMs) : 'never';
}

type Row = { label: string; cell: CellSummary; index: number };

function renderCell({ label, cell, index }: Row, columns: readonly Column[]): Html {
  const { id, level, state, marks } = cell;
  const numbers = columns.map(({ of, write }) => {
    const value = of(cell);
    return value === null ? html`<td>${NO_NUMBER}</td>` : html`<td data-value="${value}">${write(value, cell)}</td>`;
  });
  return html`<tr id="cell-${id}">
      <th scope="row" class="text" data-value="${index}">${label}</th>
      <td data-value="${level}"><a href="#cell-${id}">${formatCount(level)}</a></td>
      ${numbers}
      <td class="text state-${state}" data-value="${STATES.indexOf(state)}">${state}</td>
      <td class="text" data-value="${marks.length}">${marks.map(({ code }) => code).join(', ')}</td>
    </tr>
    ${renderNotes(cell, columns.length + 4)}`;
}

function renderNotes(cell: CellSummary, columns: number): Html {
  const notes = listNotes(cell);
  if (notes.length === 0) return NOTHING;
  return html`<tr class="note">
    <td colspan="${columns}">${notes.map((note) => html`<div>${note}</div>`)}</td>
  </tr>`;
}
