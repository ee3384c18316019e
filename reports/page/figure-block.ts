/** A figure in the page: title, what it found, drawing, caption, and its numbers as a table that opens. */

import { renderSvg } from '../charts/chart-style.ts';
import type { Figure, FigureTable } from '../figures/figure.ts';
import { type Html, NOTHING, html, trusted } from './html.ts';
import { scrollable } from './section.ts';

export async function renderFigure(figure: Figure): Promise<Html> {
  const { id, title, sentence, caption } = figure;
  return html`<figure id="figure-${id}" aria-labelledby="title-${id}">
    <h3 id="title-${id}">${title}</h3>
    <p id="says-${id}">${sentence}</p>
    ${await renderDrawing(figure)}
    <figcaption>
      ${caption}
      <details>
        <summary>Numbers as a table</summary>
        ${renderTable(title, figure.table)}
      </details>
    </figcaption>
  </figure>`;
}

async function renderDrawing({ id, spec }: Figure): Promise<Html> {
  if (spec === null) return NOTHING;
  return html`<div class="drawing" role="img" aria-labelledby="says-${id}">${trusted(await renderSvg(spec))}</div>`;
}

/** The first column names the row. */
export function renderTable(title: string, { columns, rows }: FigureTable): Html {
  return scrollable(
    `${title}: numbers`,
    html`<table>
      <thead>
        <tr>
          ${columns.map((column, index) => html`<th scope="col" ${index === 0 ? TEXT : NOTHING}>${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name = '', ...values]) =>
            html`<tr>
              <th scope="row" class="text">${name}</th>
              ${values.map((value) => html`<td>${value}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

const TEXT = html` class="text"`;
