/** The chart that the page is opened for, beside what its marks mean: still for who runs no script, else alive. */

import type { Variant } from '../charts/chart-panel.ts';
import { renderSvg } from '../charts/chart-style.ts';
import { CONCURRENCY_ID, type ConcurrencyChart, createConcurrencyChart } from '../charts/concurrency-chart.ts';
import type { ReportView } from '../report-facts.ts';
import { renderTable } from './figure-block.ts';
import { type Html, html, trusted } from './html.ts';
import { renderLiveChart } from './live-chart.ts';

const SIZES = ['wide', 'narrow'] as const;
const AXES = ['linear', 'log'] as const;
const RATES = ['total', 'per-client'] as const;

/** Buttons by what they choose. */
const CHOICES: readonly { name: string; key: string; values: readonly (readonly [string, string])[] }[] = [
  {
    name: 'Concurrency',
    key: 'x',
    values: [
      ['linear', 'linear'],
      ['log', 'log'],
    ],
  },
  {
    name: 'Rate',
    key: 'rate',
    values: [
      ['total', 'of all'],
      ['per-client', 'per client'],
    ],
  },
];

export async function renderCharts(view: ReportView): Promise<Html> {
  const chart = createConcurrencyChart(view);
  if (chart === null) return html`<p>No cell has a rate, so there is no curve to draw; the table says why.</p>`;
  const { title, sentence, caption, table } = chart.figure;
  const still = await Promise.all(SIZES.map((size) => drawStill(chart, size)));
  return html`<figure id="figure-${CONCURRENCY_ID}" class="main-chart" aria-labelledby="title-${CONCURRENCY_ID}">
    <div class="drawing" aria-hidden="true">${still}</div>
    <figcaption>
      <h2 id="title-${CONCURRENCY_ID}">${title}</h2>
      <p class="unseen">${sentence}</p>
      ${renderButtons(chart.x)}
      <p class="reading">${caption}</p>
      <details>
        <summary>Numbers as a table</summary>
        ${renderTable(title, table)}
      </details>
    </figcaption>
    ${renderLiveChart({ chosen: { size: 'wide', x: chart.x, rate: 'total' }, variants: listVariants(chart) })}
  </figure>`;
}

/** One of them shows, by the width of the screen. */
async function drawStill({ specify, x }: ConcurrencyChart, size: Variant['size']): Promise<Html> {
  return html`<div class="${size}">${trusted(await renderSvg(specify({ size, x, rate: 'total' })))}</div>`;
}

function listVariants({ specify }: ConcurrencyChart): Parameters<typeof renderLiveChart>[0]['variants'] {
  const variants = SIZES.flatMap((size) => AXES.flatMap((x) => RATES.map((rate) => ({ size, x, rate }))));
  return Object.fromEntries(variants.map((variant) => [Object.values(variant).join(' '), specify(variant)]));
}

/** Shown by the script that they are for. */
function renderButtons(x: Variant['x']): Html {
  const pressed = new Set<string>([x, 'total']);
  const groups = CHOICES.map(
    ({ name, key, values }) =>
      html`<span role="group" aria-label="${name}">
        ${values.map(
          ([value, text]) =>
            html`<button
              type="button"
              data-choice="${key}"
              value="${value}"
              aria-pressed="${String(pressed.has(value))}"
            >
              ${text}
            </button>`,
        )}
      </span>`,
  );
  return html`<p class="choices" hidden>${groups}</p>`;
}
