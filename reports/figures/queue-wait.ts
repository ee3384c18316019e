/** How long pilots of each site waited, from being asked for to joining. */

import { formatDuration } from '../../foundation/quantity.ts';
import type { SiteAcquisition } from '../acquisition.ts';
import { type Scale, createRateScale } from '../charts/chart-scale.ts';
import { formatCount, formatQuantity } from '../format-number.ts';
import { putOnOneLine } from '../plain-text.ts';
import type { ReportView } from '../report-facts.ts';
import { type TimeUnit, timeUnitOf } from '../series.ts';
import type { Figure, FigureTable } from './figure.ts';
import { type AxisTitles, type Layer, arrangePanels, encodeAxis, shortenName, sizePanels } from './panels.ts';
import { formatInUnit, shortenInSentence } from './words.ts';

const MOST_SITES = 12;
const ROW = 26;

/** Null where nothing is known of it; one site is told without a drawing. */
export function drawQueueWait({ summary: { acquisition } }: ReportView): Figure | null {
  if (acquisition === null || acquisition.every(({ asked }) => asked === 0)) return null;
  const waited = acquisition.filter(({ queueWaitMs }) => queueWaitMs.max !== null);
  const unit = timeUnitOf(Math.max(0, ...waited.map(({ queueWaitMs }) => queueWaitMs.max ?? 0)));
  const slowestFirst = waited.toSorted((a, b) => (b.queueWaitMs.max ?? 0) - (a.queueWaitMs.max ?? 0));
  const drawn = slowestFirst.slice(0, MOST_SITES);
  const left = waited.length - drawn.length;
  const title = 'Wait in the queue, by site';
  const size = {
    ...sizePanels(
      1,
      drawn.map(({ site }) => shortenName(site)),
    ),
    height: ROW * drawn.length,
  };
  return {
    id: 'queue-wait',
    title,
    sentence: describe(acquisition, slowestFirst),
    caption: drawn.length < 2 ? '' : explain(left),
    table: tabulate(acquisition, unit),
    spec:
      drawn.length < 2
        ? null
        : arrangePanels([{ title: null, draw: (titles) => drawSites(drawn, unit, titles) }], {
            size,
            description: title,
            x: `waited (${unit.name})`,
            y: '',
          }),
    isInteractive: false,
  };
}

function explain(left: number): string {
  const marks =
    'From the moment that a pilot was asked for to the moment that it joined: a line to the longest wait; where there are enough pilots, a circle at the p50 and a stroke at the p95.';
  return left === 0
    ? marks
    : `${marks} The ${formatQuantity(left, 'site')} with the shortest waits not drawn: the table has all.`;
}

function drawSites(sites: readonly SiteAcquisition[], unit: TimeUnit, titles: AxisTitles): Layer[] {
  const inUnit = (ms: number | null): number | null => (ms === null ? null : ms / unit.ms);
  const rows = sites.map(({ site, queueWaitMs: { p50, p95, max } }, index) => ({
    row: index,
    site: shortenName(site),
    zero: 0,
    p50: inUnit(p50),
    p95: inUnit(p95),
    max: inUnit(max),
    told: formatDuration(max ?? 0),
  }));
  const scale: Scale = createRateScale(rows.map(({ max }) => max ?? 0));
  const at = (field: string) => ({ ...encodeAxis('x', scale, titles.x), field });
  const y = {
    field: 'row',
    type: 'ordinal' as const,
    scale: { domain: rows.map(({ row }) => row) },
    axis: {
      title: null,
      labelExpr: `${JSON.stringify(rows.map(({ site }) => site))}[datum.value]`,
      labelLimit: 140,
      ticks: false,
      domain: false,
    },
  };
  const ink = { fill: 'currentColor', stroke: 'currentColor', aria: false } as const;
  const having = (field: 'p50' | 'p95') => ({ values: rows.filter((row) => row[field] !== null) });
  return [
    {
      data: { values: rows },
      mark: { type: 'rule', strokeWidth: 1.6, stroke: 'currentColor', opacity: 0.55, aria: false },
      encoding: { x: at('zero'), x2: { field: 'max' }, y },
    },
    { data: having('p50'), mark: { type: 'point', size: 55, opacity: 1, ...ink }, encoding: { x: at('p50'), y } },
    {
      data: having('p95'),
      mark: { type: 'tick', size: 14, thickness: 2, ...ink, opacity: 1 },
      encoding: { x: at('p95'), y },
    },
    {
      data: { values: rows },
      mark: { type: 'text', align: 'left', dx: 6, fill: 'currentColor', aria: false },
      encoding: { x: at('max'), y, text: { field: 'told', type: 'nominal' } },
    },
  ];
}

function describe(sites: readonly SiteAcquisition[], slowestFirst: readonly SiteAcquisition[]): string {
  const none = sites
    .filter(({ asked, joined }) => asked > 0 && joined === 0)
    .map(({ site }) => shortenInSentence(site));
  const [slowest, fastest] = [slowestFirst[0], slowestFirst.at(-1)];
  if (slowest === undefined || fastest === undefined) return 'No pilot joined.';
  const missing = none.length === 0 ? '' : ` No pilot joined at ${none.join(', ')}.`;
  if (slowest === fastest)
    return `${formatQuantity(slowest.joined, 'pilot')} joined at ${tellWait(slowest, 'after ')}.${missing}`;
  return `Pilots waited longest at ${tellWait(slowest)}, and least at ${tellWait(fastest)}.${missing}`;
}

function tellWait({ site, queueWaitMs: { max, p50 } }: SiteAcquisition, before = ''): string {
  const half = p50 === null ? '' : `, half of them within ${formatDuration(p50)}`;
  return `${shortenInSentence(site)}, ${before}${formatDuration(max ?? 0)} at most${half}`;
}

function tabulate(sites: readonly SiteAcquisition[], unit: TimeUnit): FigureTable {
  return {
    columns: [
      'site',
      'asked',
      'joined',
      'refused',
      'lost',
      ...['p50', 'p95', 'max'].map((name) => `${name} (${unit.name})`),
    ],
    rows: sites.map(({ site, asked, joined, refused, lost, queueWaitMs: { p50, p95, max } }) => [
      putOnOneLine(site),
      ...[asked, joined, refused, lost].map(formatCount),
      ...[p50, p95, max].map((ms) => formatInUnit(ms, unit)),
    ]),
  };
}
