/** The report: one HTML file that opens from disk and tells how the service scales and whether to believe it. */

import { collectFigures } from './figures/collect-figures.ts';
import { renderCellTable } from './page/cell-table.ts';
import { renderFigure } from './page/figure-block.ts';
import { renderFindings, renderTrust } from './page/finding-box.ts';
import { renderHeader } from './page/header.ts';
import { type Html, html, trusted } from './page/html.ts';
import { renderCharts } from './page/main-charts.ts';
import { renderScripts } from './page/scripts.ts';
import { STYLE_SHEET } from './page/style.ts';
import { renderVerdicts } from './page/verdict-table.ts';
import type { ReportView } from './report-facts.ts';

export type PageOptions = {
  /** Whether the page is served while its campaign runs, and grows with it. */
  isLive?: boolean;
};

/** The whole page as text. What shows without a script comes before the first of them. */
export async function renderPage(view: ReportView, { isLive = false }: PageOptions = {}): Promise<string> {
  const { summary } = view;
  const { scripts, policy } = await renderScripts({ isLive });
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <title>${summary.name} – GlideTester</title>
        <style>
          ${trusted(STYLE_SHEET)}
        </style>
      </head>
      <body>
        ${renderHeader(view)} ${isLive ? html`<p id="live" role="status">The campaign is running.</p>` : html``}
        <main>${await renderSections(view)}</main>
        ${scripts}
      </body>
    </html> `;
  return page.html;
}

async function renderSections(view: ReportView): Promise<Html> {
  const { summary, facts } = view;
  const figures: Html[] = [];
  for (const figure of collectFigures(view)) figures.push(await renderFigure(figure));
  return html`<div class="pair">${renderFindings(summary)}${renderTrust(summary)}</div>
    ${await renderCharts(view)} ${renderVerdicts(summary)} ${figures}
    <section>
      <h2>All cells</h2>
      ${renderCellTable(summary)}
    </section>
    <details>
      <summary>Config, as it was run</summary>
      <pre>${JSON.stringify(facts.record.config, null, 2)}</pre>
    </details>
    <details>
      <summary>Environment</summary>
      <pre>${JSON.stringify(facts.record.environment, null, 2)}</pre>
    </details>`;
}
