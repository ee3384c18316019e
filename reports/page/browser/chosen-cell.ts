/** Shows the cell that was chosen: its name, figures and notes as text, its two charts, and their numbers. */

import type { Spec, View } from 'vega';
import { listCellRows, tabulateCell } from '../../charts/cell-rows.ts';
import type { CellTable, CellTimes } from '../../charts/cell-rows.ts';
import { unpackDetail } from '../../charts/pack-detail.ts';
import type { PackedDetail } from '../../charts/pack-detail.ts';
import type { CellDetail } from '../../cell-detail.ts';
import { drawView } from './draw-view.ts';

type Cell = CellTimes & { title: string; facts: [string, string][]; notes: string[]; detail: PackedDetail | null };
type Views = { times: Spec; course: Spec; notKept: string };

let views: View[] = [];
/** Which cell is to be shown; a drawing that is late for it is dropped. */
let wanted: string | null = null;

function readJson(name: string): unknown {
  const text = document.querySelector(`#chosen-cell script.${name}`)?.textContent;
  return text == null ? null : JSON.parse(text);
}

function elementOf(name: string, text: string): HTMLElement {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

/** The spec with data in the place of its empty datasets. */
function fill(spec: Spec, datasets: Record<string, readonly object[]>): Spec {
  const data = (spec.data ?? []).map((each) =>
    each.name in datasets ? { ...each, values: [...(datasets[each.name] as object[])] } : each,
  );
  return { ...spec, data };
}

async function drawCharts(id: string, cell: Cell, detail: CellDetail): Promise<void> {
  const { times, course } = readJson('cell-views') as Views;
  const rows = listCellRows(detail, cell);
  const { rates, inFlight, window } = rows;
  const specs = [
    ...(rows.times.length === 0 ? [] : [fill(times, { times: rows.times })]),
    ...(rates.length + inFlight.length === 0 ? [] : [fill(course, { rates, inFlight, window })]),
  ];
  const drawings: HTMLElement[] = [];
  const fresh: View[] = [];
  for (const spec of specs) {
    const drawing = document.createElement('div');
    drawing.className = 'drawing';
    drawing.setAttribute('aria-hidden', 'true');
    fresh.push(await drawView(drawing, spec));
    drawings.push(drawing);
  }
  if (wanted !== id) {
    for (const view of fresh) view.finalize();
    return;
  }
  for (const view of views) view.finalize();
  views = fresh;
  document.querySelector('#chosen-cell .cell-drawings')?.replaceChildren(...drawings);
}

function tableOf({ title, columns, rows }: CellTable): HTMLElement {
  const region = document.createElement('div');
  region.className = 'scroll';
  region.tabIndex = 0;
  region.setAttribute('role', 'region');
  region.setAttribute('aria-label', `${title}: numbers`);
  const table = document.createElement('table');
  const head = table.createTHead().insertRow();
  for (const [index, column] of columns.entries()) {
    const cell = elementOf('th', column);
    cell.setAttribute('scope', 'col');
    if (index === 0) cell.className = 'text';
    head.append(cell);
  }
  const body = table.createTBody();
  for (const [name = '', ...values] of rows) {
    const row = body.insertRow();
    const heading = elementOf('th', name);
    heading.setAttribute('scope', 'row');
    heading.className = 'text';
    row.append(heading, ...values.map((value) => elementOf('td', value)));
  }
  region.append(table);
  return region;
}

function sayInstead(text: string): void {
  for (const place of ['.cell-drawings', '.cell-tables > div']) {
    document.querySelector(`#chosen-cell ${place}`)?.replaceChildren(elementOf('p', text));
  }
}

function show(id: string): void {
  const cell = (readJson('cell-facts') as Record<string, Cell> | null)?.[id];
  const section = document.querySelector('#chosen-cell');
  if (cell === undefined || section === null) return;
  wanted = id;
  const title = section.querySelector('.cell-title');
  if (title !== null) title.textContent = cell.title;
  section
    .querySelector('.cell-facts')
    ?.replaceChildren(...cell.facts.flatMap(([name, text]) => [elementOf('dt', name), elementOf('dd', text)]));
  section.querySelector('.cell-notes')?.replaceChildren(...cell.notes.map((note) => elementOf('li', note)));
  if (cell.detail === null) {
    sayInstead((readJson('cell-views') as Views).notKept);
    return;
  }
  const detail = unpackDetail(cell.detail);
  section.querySelector('.cell-tables > div')?.replaceChildren(...tabulateCell(detail).map(tableOf));
  drawCharts(id, cell, detail).catch(() => {
    if (wanted === id)
      document
        .querySelector('#chosen-cell .cell-drawings')
        ?.replaceChildren(elementOf('p', 'It could not be drawn here; the table has its numbers.'));
  });
}

document.addEventListener('cellchosen', (event) => show((event as CustomEvent<string>).detail));
// A live page has put the cell that it begins with in the place of the chosen one.
document.addEventListener('pagegrown', () => {
  if (wanted !== null) show(wanted);
});
