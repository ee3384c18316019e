/** A figure in the page: title, drawing, caption, and its numbers as a table that opens. */

import { renderSvg } from '../charts/chart-style.ts';
import type { Figure, FigureTable } from '../figures/figure.ts';
import { type Content, type Html, html, trusted } from './html.ts';

export async function renderFigure(figure: Figure): Promise<Html> {
  const { id, title, sentence, caption } = figure;
  return html`<figure id="figure-${id}" aria-labelledby="title-${id}">
    <h2 id="title-${id}">${title}</h2>
    <p id="says-${id}">${sentence}</p>
    ${await renderDrawing(figure)}
    <figcaption>${caption}</figcaption>
    <details>
      <summary>Numbers as a table</summary>
      ${renderTable(title, figure.table)}
    </details>
  </figure>`;
}

async function renderDrawing({ id, spec }: Figure): Promise<Content> {
  if (spec === null) return [];
  return html`<div class="drawing" role="img" aria-labelledby="says-${id}">${trusted(await renderSvg(spec))}</div>`;
}

function renderTable(title: string, { columns, rows }: FigureTable): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}: numbers">
    <table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((value) => html`<td>${value}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
