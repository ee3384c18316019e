/** All that comes after the first screen, in its order; a part that has nothing to say is not there. */

import { CONCURRENCY_ID } from '../charts/concurrency-chart.ts';
import { collectFigures } from '../figures/collect-figures.ts';
import type { Figure } from '../figures/figure.ts';
import type { ReportView } from '../report-facts.ts';
import { renderCellTable } from './cell-table.ts';
import { describeEnvironment } from './environment-section.ts';
import { renderChosenCell } from './chosen-cell.ts';
import { renderFigure } from './figure-block.ts';
import { type Html, NOTHING, html } from './html.ts';
import { describeModels } from './models-section.ts';
import { describePilots } from './pilots-section.ts';
import type { Section } from './section.ts';
import { describeVerdicts } from './verdict-table.ts';

export async function listSections(view: ReportView): Promise<Section[]> {
  const { summary, facts } = view;
  const sections: (Section | null)[] = [
    describeVerdicts(summary),
    describeModels(summary),
    await describeFigures(view),
    { id: 'chosen-cell', title: 'One cell', content: await renderChosenCell(view) },
    describePilots(facts.pilots),
    { id: 'cells', title: 'All cells', inShort: 'Cells', content: renderCellTable(summary) },
    describeEnvironment(facts),
  ];
  return sections.filter((section) => section !== null);
}

/** Those that a sentence tells as well come after the drawn ones, which then leave no holes between them. */
async function describeFigures(view: ReportView): Promise<Section | null> {
  // The main one stands on the first screen.
  const figures = collectFigures(view).filter(({ id }) => id !== CONCURRENCY_ID);
  if (figures.length === 0) return null;
  const drawn = figures.filter(({ spec }) => spec !== null);
  const told = figures.filter(({ spec }) => spec === null);
  const content = html`${await renderGroup(drawn)}${await renderGroup(told)}`;
  return { id: 'figures', title: 'Figures', content };
}

async function renderGroup(figures: readonly Figure[]): Promise<Html> {
  if (figures.length === 0) return NOTHING;
  const rendered: Html[] = [];
  for (const figure of figures) rendered.push(await renderFigure(figure));
  return html`<div class="figures">${rendered}</div>`;
}
