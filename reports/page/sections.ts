/** All that comes after the first screen, in its order; a part that has nothing to say is not there. */

import { CONCURRENCY_ID } from '../charts/concurrency-chart.ts';
import { collectFigures } from '../figures/collect-figures.ts';
import type { ReportView } from '../report-facts.ts';
import { renderCellTable } from './cell-table.ts';
import { describeEnvironment } from './environment-section.ts';
import { renderChosenCell } from './chosen-cell.ts';
import { renderFigure } from './figure-block.ts';
import { type Html, html } from './html.ts';
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

async function describeFigures(view: ReportView): Promise<Section | null> {
  const figures: Html[] = [];
  for (const figure of collectFigures(view)) {
    // The main chart stands above, on the first screen.
    if (figure.id !== CONCURRENCY_ID) figures.push(await renderFigure(figure));
  }
  if (figures.length === 0) return null;
  return { id: 'figures', title: 'Figures', content: html`<div class="figures">${figures}</div>` };
}
