/** Rate and service time against concurrency: what the page is opened for. */

import { type ChartData, collectChartData } from '../charts/chart-data.ts';
import { drawRateChart } from '../charts/rate-chart.ts';
import { drawServiceTimeChart } from '../charts/service-time-chart.ts';
import { formatNumber, formatQuantity } from '../format-number.ts';
import type { ReportFacts, ReportView, TimeoutsMs } from '../report-facts.ts';
import { chooseTimeUnit } from '../series.ts';
import { type Html, html, trusted } from './html.ts';

export async function renderCharts({ summary, facts: { timeouts } }: ReportView): Promise<Html> {
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

function explainTimeouts(timeouts: ReportFacts['timeouts']): string {
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
