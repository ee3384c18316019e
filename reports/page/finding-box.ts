/** The finding in words, one of each series: those that break first, the others behind a fold when there are many. */

import { formatCount } from '../format-number.ts';
import type { SeriesModel } from '../models/series-model.ts';
import { type NamedModel, nameModels } from './name-models.ts';
import type { Summary } from '../summary.ts';
import { type Html, NOTHING, html } from './html.ts';

/** What leaves the curves their place on the first screen: lines of about this many letters. */
const LINES_AT_MOST = 11;
const LETTERS_A_LINE = 60;

export function renderFindings(summary: Summary): Html {
  const models = nameModels(summary);
  const shown = chooseTelling(models);
  const others = models.filter((model) => !shown.includes(model));
  return html`<section id="finding" class="box" aria-labelledby="finding-title">
    <h2 id="finding-title">Finding</h2>
    ${others.length === 0 ? NOTHING : html`<p class="hint">${countVerdicts(models)}</p>`} ${listFindings(shown)}
    ${
      others.length === 0
        ? NOTHING
        : html`<details>
            <summary>${formatCount(others.length)} more</summary>
            ${listFindings(others)}
          </details>`
    }
  </section>`;
}

function listFindings(models: readonly NamedModel[]): Html {
  return html`<dl class="findings">
    ${models.map(
      ({ label, model }) =>
        html`<dt>${label}</dt>
          <dd>${model.says}</dd>`,
    )}
  </dl>`;
}

/** From what a reader must know at once to what can wait. */
const BY_WEIGHT: readonly SeriesModel['verdict'][] = [
  'collapse',
  'retrograde',
  'none',
  'one-level',
  'plateau',
  'rising',
  'linear',
  'flat',
];

/** All that there is room for: those that fail at the lowest level first, then by verdict; shown in their own order. */
function chooseTelling(models: readonly NamedModel[]): readonly NamedModel[] {
  if (countLines(models) <= LINES_AT_MOST) return models;
  const ordered = models.toSorted(byTrouble);
  let shown = 1;
  // Two lines are for the count of verdicts and the fold.
  while (countLines(ordered.slice(0, shown + 1)) <= LINES_AT_MOST - 2) shown += 1;
  const telling = new Set(ordered.slice(0, shown));
  return models.filter((model) => telling.has(model));
}

function countLines(models: readonly NamedModel[]): number {
  return models.reduce((lines, { model }) => lines + Math.max(1, Math.ceil(model.says.length / LETTERS_A_LINE)), 0);
}

function byTrouble({ model: a }: NamedModel, { model: b }: NamedModel): number {
  const [levelA, levelB] = [a.limit.firstBad ?? Infinity, b.limit.firstBad ?? Infinity];
  return levelA === levelB ? BY_WEIGHT.indexOf(a.verdict) - BY_WEIGHT.indexOf(b.verdict) : levelA - levelB;
}

/** '20 series: 12 linear, 6 plateau, 2 none; 3 fail at some level'. */
function countVerdicts(models: readonly NamedModel[]): string {
  const counts = [...Map.groupBy(models, ({ model }) => model.verdict)].toSorted(([, a], [, b]) => b.length - a.length);
  const verdicts = counts.map(([verdict, alike]) => `${formatCount(alike.length)} ${nameVerdict(verdict)}`);
  const failing = models.filter(({ model }) => model.limit.firstBad !== null).length;
  const limits =
    failing === 0 ? 'none fails' : `${formatCount(failing)} ${failing === 1 ? 'fails' : 'fail'} at a level`;
  return `${formatCount(models.length)} series: ${verdicts.join(', ')}; ${limits}.`;
}

/** A verdict as people say it. */
export function nameVerdict(verdict: SeriesModel['verdict']): string {
  if (verdict === 'none') return 'no verdict';
  return verdict === 'one-level' ? 'one level only' : verdict;
}
