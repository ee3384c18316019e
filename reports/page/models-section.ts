/** The models: a block a series with its verdict, the rule that chose it, every estimate, how well it fits, and what is withheld. */

import { formatEstimate } from '../format-estimate.ts';
import { NO_NUMBER, formatCount, formatNumber } from '../format-number.ts';
import type { SeriesModel } from '../models/series-model.ts';
import type { Summary } from '../summary.ts';
import { nameVerdict } from './finding-box.ts';
import { type Html, NOTHING, html } from './html.ts';
import { type NamedModel, nameModels } from './name-models.ts';
import { renderResiduals } from './residual-table.ts';
import { type Section, scrollable } from './section.ts';

/** More blocks than these are folded. */
const OPEN_AT_MOST = 3;

/** Null without a series. */
export function describeModels(summary: Summary): Section | null {
  const models = nameModels(summary);
  if (models.length === 0) return null;
  const areOpen = models.length <= OPEN_AT_MOST;
  const content = html`<p class="hint">
      What fits the rates of the runs that are ok, a series each. Intervals are of 95 %; what each figure is and how it
      is reckoned stands in <cite>docs/models.md</cite>. A fit that the data do not support is not drawn, and is named
      below with the reason.
    </p>
    ${models.map((named) => renderModel(named, areOpen))}`;
  return { id: 'models', title: 'Models', content };
}

function renderModel({ label, series, model }: NamedModel, isOpen: boolean): Html {
  const head = html`<summary>
    <h3>${label}</h3>
    <span class="tag">${nameVerdict(model.verdict)}</span>
  </summary>`;
  const body = html`<p>${model.says}</p>
    ${model.rule === '' ? NOTHING : html`<p class="hint">Chosen by: ${model.rule}</p>`}
    <div class="tables">${renderEstimates(label, model)} ${renderResiduals(label, series, model)}</div>
    ${renderPlateauTest(model)} ${renderWithheld(model)}`;
  return isOpen
    ? html`<details class="model" open>${head} ${body}</details>`
    : html`<details class="model">${head} ${body}</details>`;
}

type Row = { name: string; value: string; over: string; fit: string };

function rowOf(name: string, value: string, fit = ''): Row {
  return { name, value, over: '', fit };
}

function renderEstimates(label: string, model: SeriesModel): Html {
  const rows = [...listSlope(model), ...listPlateau(model), ...listUsl(model), ...listPlaces(model)];
  if (rows.length === 0) return NOTHING;
  return scrollable(
    `${label}: estimates`,
    html`<table>
      <caption>
        Estimates
      </caption>
      <thead>
        <tr>
          <th scope="col" class="text">figure</th>
          <th scope="col" class="text">value (95 % interval)</th>
          <th scope="col" class="text">over</th>
          <th scope="col" class="text">fit</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ name, value, over, fit }) =>
            html`<tr>
              <th scope="row" class="text">${name}</th>
              <td class="text">${value}</td>
              <td class="text">${over}</td>
              <td class="text">${fit}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

function listSlope({ slope }: SeriesModel): Row[] {
  if (slope === null) return [];
  const over = describeSpan(slope);
  return [
    { name: 'slope', value: formatEstimate(slope.hzPerClient, 'Hz per client'), over, fit: describeR2(slope.r2) },
    { name: 'intercept', value: formatEstimate(slope.interceptHz, 'Hz'), over, fit: '' },
  ];
}

function listPlateau({ plateau }: SeriesModel): Row[] {
  if (plateau === null) return [];
  const over = `${describeSpan(plateau)} (${formatCount(plateau.levels)} levels)`;
  const fit = plateau.p === null ? 'not tested' : `p ${describeP(plateau.p)}`;
  return [{ name: 'plateau', value: formatEstimate(plateau.hz, 'Hz'), over, fit }];
}

function listUsl({ usl }: SeriesModel): Row[] {
  if (usl === null) return [];
  const peak =
    usl.peak === null
      ? []
      : [
          rowOf('USL: peak at', formatEstimate(usl.peak.inFlight, 'clients in flight')),
          rowOf('USL: rate at the peak', formatEstimate(usl.peak.hz, 'Hz')),
        ];
  return [
    rowOf('USL γ, one client alone', formatEstimate(usl.gamma, 'Hz'), describeR2(usl.r2)),
    rowOf('USL σ, contention', formatEstimate(usl.sigma)),
    rowOf('USL κ, coherency', formatEstimate(usl.kappa)),
    ...peak,
  ];
}

/** Where something is on the axis of clients. */
function listPlaces({ knee, peak, limit: { lastGood, firstBad } }: SeriesModel): Row[] {
  return [
    ...(knee === null
      ? []
      : [
          rowOf('knee', formatEstimate(knee, 'clients in flight'), describeR2(knee.r2)),
          rowOf('before the knee', formatEstimate(knee.hzPerClient, 'Hz per client')),
          rowOf('from the knee on', formatEstimate(knee.hz, 'Hz')),
        ]),
    ...(peak === null
      ? []
      : [rowOf('highest rate measured', `${formatNumber(peak.hz)} Hz at ${formatNumber(peak.inFlight)} in flight`)]),
    ...(firstBad === null ? [] : [rowOf('limit', describeLimit(lastGood, firstBad))]),
  ];
}

function describeLimit(lastGood: number | null, firstBad: number): string {
  if (lastGood === null) return `at or below level ${formatCount(firstBad)}`;
  return `between levels ${formatCount(lastGood)} and ${formatCount(firstBad)}`;
}

function describeSpan({ from, to }: { from: number; to: number }): string {
  return `${formatNumber(from)} to ${formatNumber(to)} in flight`;
}

/** Rounded down: 1.000 would claim more than any measurement has. */
function describeR2(r2: number): string {
  return `R² ${(Math.floor(r2 * 1000) / 1000).toFixed(3)}`;
}

function describeP(p: number): string {
  return p < 0.0001 ? 'below 0.0001' : formatNumber(p);
}

const NAMES: Record<SeriesModel['withheld'][number]['model'], string> = {
  slope: 'line',
  plateau: 'plateau',
  usl: 'USL',
  knee: 'knee',
};

/** Unless the rule that chose the verdict says it already. */
function renderPlateauTest({ plateau, rule }: SeriesModel): Html {
  if (plateau === null || rule.includes(plateau.test)) return NOTHING;
  return html`<p class="hint">Plateau: ${plateau.test}.</p>`;
}

function renderWithheld({ withheld, drawn }: SeriesModel): Html {
  const drawing = drawn === null ? 'No fit is drawn.' : `Drawn: ${NAMES[drawn.model]}.`;
  if (withheld.length === 0) return html`<p class="hint">${drawing}</p>`;
  return html`<p class="hint">${drawing} Withheld:</p>
    <ul class="withheld">
      ${withheld.map(({ model, why }) => html`<li><b>${NAMES[model]}</b>: ${why === '' ? NO_NUMBER : why}</li>`)}
    </ul>`;
}
