/** The report: one HTML file without a script that opens from disk and tells how the service scales and whether to believe it. */

import type { CampaignRecord } from './campaign-record.ts';
import { type ChartData, collectChartData } from './charts/chart-data.ts';
import { drawRateChart } from './charts/rate-chart.ts';
import { type TimeoutsMs, drawServiceTimeChart } from './charts/service-time-chart.ts';
import { describeConnections } from './connection-lines.ts';
import { describeSeries } from './finding.ts';
import { formatNumber, formatQuantity } from './format-number.ts';
import { renderCellTable } from './page/cell-table.ts';
import { type Html, html, trusted } from './page/html.ts';
import { STYLE_SHEET } from './page/style.ts';
import { renderVerdicts } from './page/verdict-table.ts';
import { chooseTimeUnit, groupSeries } from './series.ts';
import type { Summary } from './summary.ts';
import { checkTrust, countStates } from './trust.ts';

/** What the page needs beside the measures. */
export type PageFacts = {
  record: Pick<CampaignRecord, 'config' | 'environment'>;
  /** Client timeouts of the cells that were measured, each set once with its targets. */
  timeouts: readonly { targets: string[]; timeoutsMs: TimeoutsMs }[];
  /** Addresses that the targets had. */
  addresses: string[];
};

/** The whole page as text. */
export async function renderPage(summary: Summary, facts: PageFacts): Promise<string> {
  const charts = await renderCharts(summary, facts.timeouts);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${summary.name} – GlideTester</title>
        <style>
          ${trusted(STYLE_SHEET)}
        </style>
      </head>
      <body>
        ${renderHeader(summary, facts)}
        <main>
          <div class="pair">${renderFindings(summary)}${renderTrust(summary)}</div>
          ${renderVerdicts(summary)} ${charts}
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
          </details>
        </main>
      </body>
    </html> `;
  return page.html;
}

function renderHeader(summary: Summary, { addresses }: PageFacts): Html {
  const targets = [...new Set(summary.cells.map(({ target }) => target))].join(', ');
  const where = addresses.length === 0 ? targets : `${targets} (${addresses.join(', ')})`;
  const state = summary.complete ? '' : ' – incomplete';
  return html`<header>
    <h1>${summary.name}</h1>
    <p>${describeTime(summary)}${state}</p>
    <p>${where}</p>
    <p>${formatQuantity(summary.cells.length, 'cell')}: ${countStates(summary)}</p>
    ${describeConnections(summary).map((line) => html`<p>${line}</p>`)}
  </header>`;
}

/** Start and end in UTC, to the minute; a script-free page can't know the reader's zone. */
function describeTime({ startedAt, finishedAt }: Summary): string {
  const start = minute(startedAt);
  if (finishedAt === null) return `${start} UTC, not finished`;
  const end = minute(finishedAt);
  return `${start} to ${end.slice(0, 10) === start.slice(0, 10) ? end.slice(11) : end} UTC`;
}

function minute(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : time.toISOString().slice(0, 16).replace('T', ' ');
}

function renderFindings(summary: Summary): Html {
  const findings = groupSeries(summary.cells).map(
    (series) =>
      html`<dt>${series.label}</dt>
        <dd>${describeSeries(series)}</dd>`,
  );
  return html`<section class="box">
    <h2>Finding</h2>
    <dl>${findings}</dl>
  </section>`;
}

function renderTrust(summary: Summary): Html {
  const checks = checkTrust(summary).map(
    ({ name, verdict, text }) =>
      html`<dt>${name}</dt>
        <dd class="verdict ${verdict.replace(' ', '-')}">[${verdict}]</dd>
        <dd>${text}</dd>`,
  );
  return html`<section class="box trust">
    <h2>Believe it?</h2>
    <dl>${checks}</dl>
  </section>`;
}

async function renderCharts(summary: Summary, timeouts: PageFacts['timeouts']): Promise<Html> {
  const data = collectChartData(summary.cells);
  if (data === null) return html`<p>No cell has a rate, so there is no curve to draw; the table says why.</p>`;
  // Lines in the chart are for all that it shows.
  const shared = timeouts.length === 1 ? (timeouts[0]?.timeoutsMs ?? null) : null;
  const serviceTimes = await drawServiceTimeChart(data, chooseTimeUnit(summary.cells), shared);
  return html`<div class="pair">
    <figure>
      <h2>Rate against concurrency</h2>
      ${trusted(await drawRateChart(data))}
      <figcaption>${explainMarks(data)}</figcaption>
    </figure>
    <figure>
      <h2>Service time against concurrency</h2>
      ${serviceTimes === null ? html`<p>No level has enough operations for a percentile.</p>` : trusted(serviceTimes)}
      <figcaption>${explainTimeouts(timeouts)}</figcaption>
    </figure>
  </div>`;
}

function explainMarks({ runs, undrawn }: ChartData): string {
  const parts = [
    'A point is one run, a line the median of the runs that are ok.',
    ...(runs.some(({ isSolid, state }) => !isSolid && state !== 'failed') ? ['Hollow: degraded or unsteady.'] : []),
    ...(runs.some(({ state }) => state === 'failed') ? ['Cross: failed.'] : []),
    ...(runs.some(({ isGeneratorBound }) => isGeneratorBound) ? ['Ring: generator-bound.'] : []),
    ...(undrawn > 0 ? [`${formatQuantity(undrawn, 'cell')} with nothing in flight not drawn.`] : []),
  ];
  return parts.join(' ');
}

function explainTimeouts(timeouts: PageFacts['timeouts']): string {
  const served = 'Successful operations that started in the window, a closed loop: not response time.';
  const sets = timeouts.map(({ targets, timeoutsMs }) => {
    const of = timeouts.length === 1 ? '' : ` of ${targets.join(', ')}`;
    return ` Timeouts${of}: ${writeTimeouts(timeoutsMs)}.`;
  });
  return served + sets.join('');
}

function writeTimeouts({ connect, handshake, answer }: TimeoutsMs): string {
  const [connectS, handshakeS, answerS] = [connect, handshake, answer].map((ms) => `${formatNumber(ms / 1000)} s`);
  return `connect ${connectS}, handshake ${handshakeS}, answer ${answerS}`;
}
