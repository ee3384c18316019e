/** The table of all cells: every number with its unit, marks and reasons as sentences below their cell. */

import { formatDuration } from '../../foundation/quantity.ts';
import { NO_NUMBER, formatCount, formatNumber } from '../format-number.ts';
import { type TimeUnit, chooseTimeUnit, groupSeries, titleSeries } from '../series.ts';
import { describeSites } from '../site-lines.ts';
import type { CellSummary, Summary } from '../summary.ts';
import { type Html, html } from './html.ts';

const COLUMNS = 14;

/** A table in the order of the charts: by series, level and run. */
export function renderCellTable(summary: Summary): Html {
  const unit = chooseTimeUnit(summary.cells);
  const series = groupSeries(summary.cells);
  const rows = series.flatMap(({ label, levels }) =>
    levels.flatMap(({ cells }) => cells.map((cell) => renderCell(label, cell, unit))),
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="All cells">
    <table>
      <caption>
        A row is one run. Held and in flight are clients, averaged over the window; service times are of successful
        operations that started in it, and a percentile with fewer than five of them beyond it is left out; failed
        counts operations from T0 to drained.
      </caption>
      <thead>
        <tr>
          <th scope="col" class="text">${titleSeries(series)}</th>
          <th scope="col">level</th>
          <th scope="col">run</th>
          <th scope="col">held</th>
          <th scope="col">in flight</th>
          <th scope="col">rate (Hz)</th>
          <th scope="col">p50 (${unit.name})</th>
          <th scope="col">p95 (${unit.name})</th>
          <th scope="col">p99 (${unit.name})</th>
          <th scope="col">failed</th>
          <th scope="col">start skew p99 (ms)</th>
          <th scope="col">recovery</th>
          <th scope="col" class="text">state</th>
          <th scope="col" class="text">marks</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function renderCell(label: string, cell: CellSummary, unit: TimeUnit): Html {
  const { serviceTimeMs, state } = cell;
  const inUnit = (ms: number | null): string => formatNumber(ms === null ? null : ms / unit.ms);
  const isMeasured = cell.windowMs !== null;
  return html`<tr id="cell-${cell.id}">
      <th scope="row" class="text">${label}</th>
      <td>${formatCount(cell.level)}</td>
      <td>${cell.run}</td>
      <td>${isMeasured ? formatNumber(cell.held) : NO_NUMBER}</td>
      <td>${formatNumber(cell.inFlight)}</td>
      <td>${formatNumber(cell.ratePerS)}</td>
      <td>${inUnit(serviceTimeMs.p50)}</td>
      <td>${inUnit(serviceTimeMs.p95)}</td>
      <td>${inUnit(serviceTimeMs.p99)}</td>
      <td>${state === 'skipped' ? NO_NUMBER : formatCount(cell.operations.failed)}</td>
      <td>${describeSkew(cell)}</td>
      <td>${describeRecovery(cell)}</td>
      <td class="text state-${state}">${state}</td>
      <td class="text">${cell.marks.map(({ code }) => code).join(', ')}</td>
    </tr>
    ${renderNotes(cell)}`;
}

function describeRecovery({ recoveryMs, hung }: CellSummary): string {
  if (recoveryMs !== null) return formatDuration(recoveryMs);
  return hung === null ? NO_NUMBER : 'never';
}

function describeSkew({ startSkewMs: { p99, clockErrorMs } }: CellSummary): string {
  if (p99 === null) return NO_NUMBER;
  return clockErrorMs === null ? formatNumber(p99) : `${formatNumber(p99)} ± ${formatNumber(clockErrorMs)}`;
}

/** Why the cell is not ok, what failed, and what its marks say. */
function renderNotes(cell: CellSummary): Html {
  const failures = Object.entries(cell.operations.byOutcome).filter(([outcome]) => outcome !== 'ok');
  const notes = [
    ...(cell.reason === null ? [] : [cell.reason]),
    ...(failures.length === 0
      ? []
      : [`From T0 to drained: ${failures.map(([outcome, count]) => `${formatCount(count)} ${outcome}`).join(', ')}.`]),
    ...describeSites(cell),
    ...cell.marks.map(({ code, text }) => `${code}: ${text}`),
  ];
  if (notes.length === 0) return html``;
  return html`<tr class="note">
    <td colspan="${COLUMNS}">${notes.map((note) => html`<div>${note}</div>`)}</td>
  </tr>`;
}
