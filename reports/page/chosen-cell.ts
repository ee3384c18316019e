/**
 * One cell at a time: how its service times are spread and how it went. The page has the one with the highest rate of the first
 * series, drawn before any script; a script draws any other that is chosen.
 */

import { type CellRows, type CellTimes, type PercentileMark, listCellRows, tabulateCell } from '../charts/cell-rows.ts';
import { specifyCourse, specifyServiceTimes } from '../charts/cell-specs.ts';
import { compileChart, renderSvg } from '../charts/chart-style.ts';
import { packDetail } from '../charts/pack-detail.ts';
import type { CellDetail } from '../cell-detail.ts';
import type { ReportView } from '../report-facts.ts';
import { groupSeries } from '../series.ts';
import type { CellSummary } from '../summary.ts';
import { type CellFacts, describeCell } from './cell-facts.ts';
import { renderCellSteps } from './cell-steps.ts';
import { renderTable } from './figure-block.ts';
import { type Content, type Html, NOTHING, html, trusted } from './html.ts';
import { renderJson } from './live-chart.ts';

type Named = { label: string; cell: CellSummary };

const NOT_KEPT = 'How this cell went was not kept: it was not measured, or its rows can’t be read.';

/** Nothing when there is no cell at all. */
export async function renderChosenCell({ summary, facts: { details } }: ReportView): Promise<Html> {
  const cells = groupSeries(summary.cells).flatMap(({ label, levels }) =>
    levels.flatMap((level) => level.cells.map((cell): Named => ({ label, cell }))),
  );
  const chosen = chooseFirst(cells, details);
  if (chosen === null) return NOTHING;
  const told = describeCell(chosen.label, chosen.cell);
  const detail = details.get(chosen.cell.id) ?? null;
  return html`${renderCellSteps()}
    <div class="one-cell" data-cell="${chosen.cell.id}">
      <h3 class="cell-title">${told.title}</h3>
      ${renderFacts(told)}
      <div class="cell-drawings">${await renderDrawings(chosen.cell, detail)}</div>
      <p class="hint cell-hint">
        Service times: successes and failures that started in the window, the first operation of every client apart.
      </p>
      <details class="cell-tables">
        <summary>Numbers as a table</summary>
        <div>${detail === null ? NOT_KEPT : tabulateCell(detail).map((table) => renderTable(table.title, table))}</div>
      </details>
      ${renderJson('cell-views', {
        times: compileChart(specifyServiceTimes()),
        course: compileChart(specifyCourse()),
        notKept: NOT_KEPT,
      })}
      ${renderJson('cell-facts', Object.fromEntries(cells.map((named) => [named.cell.id, packCell(named, details)])))}
    </div>`;
}

/** What the script needs of a cell. Marks: the percentiles that are supported. */
function packCell({ label, cell }: Named, details: ReadonlyMap<string, CellDetail>) {
  const detail = details.get(cell.id);
  return { ...describeCell(label, cell), ...timesOf(cell), detail: detail === undefined ? null : packDetail(detail) };
}

/** The highest rate of an ok run of the first series; without one the first cell that has something to show. */
function chooseFirst(cells: readonly Named[], details: ReadonlyMap<string, CellDetail>): Named | null {
  const first = cells[0]?.label;
  const ok = cells.filter(({ label, cell }) => label === first && cell.state === 'ok' && cell.ratePerS !== null);
  const fastest = ok.toSorted((a, b) => (b.cell.ratePerS as number) - (a.cell.ratePerS as number))[0];
  return fastest ?? cells.find(({ cell }) => details.has(cell.id)) ?? cells[0] ?? null;
}

function timesOf({ serviceTimeMs, windowMs }: CellSummary): CellTimes {
  const marks = (['p50', 'p95', 'p99'] as const).flatMap((name): PercentileMark[] => {
    const ms = serviceTimeMs[name];
    return ms === null || ms <= 0 ? [] : [[name, ms]];
  });
  return { marks, windowMs: windowMs === null ? null : [windowMs.open, windowMs.close] };
}

function renderFacts({ facts, notes }: CellFacts): Html {
  return html`<dl class="cell-facts">
      ${facts.map(
        ([name, text]) =>
          html`<dt>${name}</dt>
            <dd>${text}</dd>`,
      )}
    </dl>
    <ul class="cell-notes">
      ${notes.map((note) => html`<li>${note}</li>`)}
    </ul>`;
}

async function renderDrawings(cell: CellSummary, detail: CellDetail | null): Promise<Content> {
  if (detail === null) return html`<p>${NOT_KEPT}</p>`;
  const rows = listCellRows(detail, timesOf(cell));
  const drawings = [
    rows.times.length === 0 ? null : { ...specifyServiceTimes(), datasets: { times: rows.times } },
    rows.rates.length + rows.inFlight.length === 0 ? null : { ...specifyCourse(), datasets: courseData(rows) },
  ].filter((spec) => spec !== null);
  return Promise.all(
    drawings.map(async (spec) => {
      const svg = await renderSvg(spec);
      return html`<div class="drawing" aria-hidden="true">${trusted(svg)}</div>`;
    }),
  );
}

function courseData({ rates, inFlight, window }: CellRows) {
  return { rates, inFlight, window };
}
