/** A comparison as one HTML file that opens from disk: no script, no request. */

import { formatQuantity } from '../format-number.ts';
import { renderFigure } from '../page/figure-block.ts';
import { type Html, NOTHING, html, trusted } from '../page/html.ts';
import { renderSection, scrollable } from '../page/section.ts';
import { STYLE_SHEET } from '../page/style.ts';
import type { Comparison, Pairing } from './comparison.ts';
import { type FigureRow, type Tone, isAllZero, tabulateFigure } from './figure-rows.ts';
import { type ComparedFigure, FIGURES } from './figures.ts';
import type { FailIfOutcome } from './judge-fail-if.ts';
import { drawRateFigures } from './rate-figures.ts';
import { describeResult, describeTest, listRemarks } from './remarks.ts';
import { summarize } from './words.ts';

/** Each is drawn as SVG of some 20 kB. */
const MOST_CHARTS = 12;
/** More would push the figures off the first screen. */
const MOST_REASONS = 5;

const OWN_STYLE = `
.worse { color: var(--look); font-weight: 600; }
.better { color: var(--ok); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 16px; margin-top: 16px; }
.charts figure { margin: 0; min-width: 0; }
.charts svg { display: block; width: 100%; max-width: 640px; height: auto; }
`;

/** The whole page as text. */
export async function renderComparePage(comparison: Comparison, failIf: readonly FailIfOutcome[]): Promise<string> {
  const { baseline, pairings } = comparison;
  const title = `${[baseline, ...pairings.map(({ other }) => other)].map(({ label }) => label).join(', ')}: ${baseline.name}`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>Comparison ${title} – GlideTester</title>
        <style>
          ${trusted(STYLE_SHEET + OWN_STYLE)}
        </style>
      </head>
      <body>
        <header><h1>Comparison with ${baseline.name}</h1></header>
        <main>
          ${renderResults(comparison)} ${failIf.length === 0 ? NOTHING : renderOutcomes(failIf)}
          ${pairings.map((pairing) => renderPairing(pairing, comparison))} ${await renderCharts(comparison)}
          ${renderTables(comparison)}
          <p class="hint">${describeTest(comparison)}</p>
        </main>
      </body>
    </html> `;
  return page.html;
}

function renderResults({ baseline, pairings }: Comparison): Html {
  const results = [baseline, ...pairings.map(({ other }) => other)];
  return html`<dl>
    ${results.map(
      (result, index) =>
        html`<dt>${result.label}${index === 0 ? ' (baseline)' : ''}</dt>
          <dd>${describeResult(result)}</dd>`,
    )}
  </dl>`;
}

const OUTCOME_CLASSES = { holds: 'look', 'does not hold': 'ok', 'not enough runs': 'not-checked' } as const;

function renderOutcomes(failIf: readonly FailIfOutcome[]): Html {
  const content = failIf.map(
    ({ expression, verdict, reasons }) =>
      html`<p><code>${expression}</code> <span class="${OUTCOME_CLASSES[verdict]}">${verdict}</span></p>
        ${reasons.length === 0 ? NOTHING : renderReasons(reasons)}`,
  );
  return renderSection({ id: 'fail-if', title: '--fail-if', content });
}

function renderReasons(reasons: readonly string[]): Html {
  const list = html`<ul>
    ${reasons.map((reason) => html`<li>${reason}</li>`)}
  </ul>`;
  if (reasons.length <= MOST_REASONS) return list;
  return html`<details>
    <summary>${formatQuantity(reasons.length, 'cell')}</summary>
    ${list}
  </details>`;
}

function renderPairing(pairing: Pairing, { baseline }: Comparison): Html {
  const remarks = listRemarks(pairing, baseline);
  const content = html`<ul>
      ${summarize(pairing).map((line) => html`<li>${line}</li>`)}
    </ul>
    ${
      remarks.length === 0
        ? NOTHING
        : html`<h3>Not the same</h3>
            <ul>
              ${remarks.map((line) => html`<li>${line}</li>`)}
            </ul>`
    }`;
  const { label } = pairing.other;
  return renderSection({ id: `result-${label}`, title: `${label} against ${baseline.label}`, content });
}

async function renderCharts(comparison: Comparison): Promise<Html> {
  const figures = drawRateFigures(comparison);
  if (figures.length === 0) return NOTHING;
  const drawn: Html[] = [];
  for (const figure of figures.slice(0, MOST_CHARTS)) drawn.push(await renderFigure(figure));
  const more = figures.length - drawn.length;
  const left = more <= 0 ? NOTHING : html`<p class="hint">${more} more series are not drawn; the tables have them.</p>`;
  return html`<div class="charts">${drawn}</div>
    ${left}`;
}

function renderTables(comparison: Comparison): Html {
  const cells = comparison.pairings.flatMap((pairing) => pairing.cells);
  const figures = FIGURES.filter((figure) => cells.length > 0 && !isAllZero(figure, cells));
  return html`${figures.map((figure) =>
    renderSection({
      id: figure.name,
      title: `${figure.title} (${figure.unit})`,
      content: renderTable(figure, comparison),
    }),
  )}`;
}

function renderTable(figure: ComparedFigure, comparison: Comparison): Html {
  const { head, rows, words } = tabulateFigure(figure, comparison);
  return scrollable(
    `${figure.title}: all cells`,
    html`<table>
      <thead>
        <tr>
          ${head.map((title, column) => html`<th scope="col" ${words.has(column) ? TEXT : NOTHING}>${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => renderRow(row, words))}
      </tbody>
    </table>`,
  );
}

const TEXT = html` class="text"`;

function renderRow({ cells: [name = '', ...cells], tones: [, ...tones] }: FigureRow, words: ReadonlySet<number>): Html {
  return html`<tr>
    <th scope="row" class="text">${name}</th>
    ${cells.map((cell, index) => html`<td class="${classOf(words.has(index + 1), tones[index])}">${cell}</td>`)}
  </tr>`;
}

function classOf(isText: boolean, tone: Tone = 'plain'): string {
  return [...(isText ? ['text'] : []), ...(tone === 'plain' ? [] : [tone])].join(' ');
}
