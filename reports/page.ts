/** The report: one HTML file that opens from disk and tells how the service scales and whether to believe it. */

import { renderFindings } from './page/finding-box.ts';
import { renderHeader } from './page/header.ts';
import { type Html, NOTHING, html, trusted } from './page/html.ts';
import { PAGE_DATA } from './page/live-chart.ts';
import { renderCharts } from './page/main-charts.ts';
import { renderNavigation } from './page/navigation.ts';
import { tidyDrawings } from './page/tidy-drawings.ts';
import { renderScripts } from './page/scripts.ts';
import { renderSection } from './page/section.ts';
import { listSections } from './page/sections.ts';
import { STYLE_SHEET } from './page/style.ts';
import { renderTrust } from './page/trust-box.ts';
import type { ReportView } from './report-facts.ts';

export type PageOptions = {
  /** Whether the page is served while its campaign runs, and grows with it. */
  isLive?: boolean;
};

/** The whole page as text. What shows without a script comes before the first of them. */
export async function renderPage(view: ReportView, { isLive = false }: PageOptions = {}): Promise<string> {
  const { summary } = view;
  const body = trusted(tidyDrawings((await renderBody(view)).html));
  const { scripts, policy } = await renderScripts({ isLive, hasCharts: body.html.includes(PAGE_DATA) });
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
        <a class="skip" href="#finding">To the finding</a>
        ${renderHeader(view)} ${isLive ? html`<p id="live" role="status">The campaign is running.</p>` : NOTHING}
        ${body} ${scripts}
      </body>
    </html> `;
  return page.html;
}

async function renderBody(view: ReportView): Promise<Html> {
  const { summary } = view;
  const sections = await listSections(view);
  return html`${renderNavigation(sections)}
    <main>
      <div id="first-look" class="pair">${renderFindings(summary)}${renderTrust(summary)}</div>
      <div id="charts">${await renderCharts(view)}</div>
      ${sections.map(renderSection)}
    </main>`;
}
