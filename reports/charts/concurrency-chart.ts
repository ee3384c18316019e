/** The figure that the page is opened for: how rate and service time go with concurrency. */

import type { Figure } from '../figures/figure.ts';
import { formatCount, formatNumber, formatQuantity } from '../format-number.ts';
import { tabulateLevels } from '../level-table.ts';
import type { ReportFacts, ReportView, TimeoutsMs } from '../report-facts.ts';
import type { Summary } from '../summary.ts';
import { type ChartData, RUNS_FOR_INTERVAL, collectChartData } from './chart-data.ts';
import type { Variant } from './chart-panel.ts';
import { chooseConcurrencyAxis, specifyConcurrencyChart } from './concurrency-spec.ts';
import { listFits, listIdeals, listKnees, listLimits, describeLimit } from './curve-marks.ts';

export const CONCURRENCY_ID = 'concurrency';

/** A sentence that names more series than this is no sentence. */
const NAMED_AT_MOST = 4;

/** The figure for a file, and the chart in each variant for the page; null when no cell has a rate. */
export type ConcurrencyChart = {
  figure: Figure;
  /** The axis that suits the levels. */
  x: Variant['x'];
  specify: (variant: Variant) => NonNullable<Figure['spec']>;
};

/** What of a report is in the chart. */
type ChartedView = { summary: Summary; facts: Pick<ReportFacts, 'timeouts'> };

export function createConcurrencyChart({ summary, facts: { timeouts } }: ChartedView): ConcurrencyChart | null {
  const data = collectChartData(summary);
  if (data === null) return null;
  // Lines in the chart are for all that it shows.
  const shared = timeouts.length === 1 ? (timeouts[0]?.timeoutsMs ?? null) : null;
  const specify = (variant: Variant) => specifyConcurrencyChart(data, variant, shared);
  const { head, rows } = tabulateLevels(summary);
  const x = chooseConcurrencyAxis(data);
  return {
    x,
    specify,
    figure: {
      id: CONCURRENCY_ID,
      title: 'Rate and service time against concurrency',
      sentence: describe(data),
      caption: explain(data, timeouts),
      table: { columns: head, rows },
      spec: specify({ size: 'wide', x, rate: 'total' }),
      isInteractive: true,
    },
  };
}

/** First of all figures. */
export function drawConcurrency(view: ReportView): Figure | null {
  return createConcurrencyChart(view)?.figure ?? null;
}

function describe({ curves, lines, runs, unit }: ChartData): string {
  const inFlight = runs.map((run) => run.inFlight);
  const [least, most] = [formatNumber(Math.min(...inFlight)), formatNumber(Math.max(...inFlight))];
  const range = least === most ? `at ${most}` : `from ${least} to ${most}`;
  const told = curves.slice(0, NAMED_AT_MOST).map(({ label }, series) => {
    const own = lines.filter((point) => point.series === series);
    if (own.length === 0) return `${label}: no level with a run that is ok`;
    const peak = own.reduce((best, point) => (point.hz > best.hz ? point : best));
    const p50 = peak.p50 === null ? '' : `, p50 ${formatNumber(peak.p50)} ${unit.name}`;
    return `${label}: at most ${formatNumber(peak.hz)} Hz, with ${formatNumber(peak.inFlight)} in flight${p50}`;
  });
  const rest = curves.length - told.length;
  const others = rest > 0 ? `; and ${formatCount(rest)} more` : '';
  return `${formatQuantity(runs.length, 'run')} ${range} clients in flight. ${told.join('; ')}${others}.`;
}

/** What its marks mean, of those that are there. */
function explain(data: ChartData, timeouts: ReportFacts['timeouts']): string {
  const { runs, undrawn } = data;
  const fits = listFits(data);
  const sentences: [boolean, string][] = [
    [true, 'A point is one run, a line the median of the runs that are ok.'],
    [runs.some(({ isSolid, isFailed }) => !isSolid && !isFailed), 'Hollow: degraded or unsteady.'],
    [runs.some(({ isFailed }) => isFailed), 'Cross: failed.'],
    [runs.some(({ isGeneratorBound }) => isGeneratorBound), 'Ring: generator-bound.'],
    [true, explainSpread(data)],
    [fits.length > 0, 'Dashed: fitted model with the 95 % interval of its mean.'],
    [listIdeals(data).length > 0, 'Grey: the rate of the lowest level times the clients.'],
    [listKnees(data).length > 0, 'Dotted upright: knee with its interval.'],
    [true, explainLimits(data)],
    [undrawn > 0, `${formatQuantity(undrawn, 'cell')} with nothing in flight not drawn.`],
    [true, 'Service times: successful operations that started in the window, a closed loop, not response times.'],
    [true, explainTimeouts(timeouts)],
  ];
  return sentences
    .filter(([isSaid, text]) => isSaid && text !== '')
    .map(([, text]) => text)
    .join(' ');
}

function explainSpread({ intervals, lines }: ChartData): string {
  const ranges = lines.some(({ low, high }) => low !== high);
  if (!ranges) return '';
  if (intervals === 0) return 'Upright: lowest to highest run.';
  const interval = `95 % t interval of the mean`;
  if (intervals === lines.length) return `Upright: ${interval}.`;
  return `Upright: ${interval} from ${RUNS_FOR_INTERVAL} runs on, else lowest to highest run.`;
}

function explainLimits(data: ChartData): string {
  const limits = listLimits(data);
  if (limits.length === 0) return '';
  const named = limits.slice(0, NAMED_AT_MOST).map((limit) => describeLimit(limit, data.curves));
  const more = limits.length > named.length ? ` and ${limits.length - named.length} more` : '';
  return `Shaded, in clients asked for: ${named.join('; ')}${more}.`;
}

function explainTimeouts(timeouts: ReportFacts['timeouts']): string {
  return timeouts
    .map(({ targets, timeoutsMs }) => {
      const of = timeouts.length === 1 ? '' : ` of ${targets.join(', ')}`;
      return `Timeouts${of}: ${writeTimeouts(timeoutsMs)}.`;
    })
    .join(' ');
}

function writeTimeouts({ connect, handshake, answer }: TimeoutsMs): string {
  const [connectS, handshakeS, answerS] = [connect, handshake, answer].map((ms) => `${formatNumber(ms / 1000)} s`);
  return `connect ${connectS}, handshake ${handshakeS}, answer ${answerS}`;
}
