/** How far first sends were from when they were due, by level, against the error of the clocks. */

import { type Scale, createConcurrencyScale, createTimeScale } from '../charts/chart-scale.ts';
import { NO_NUMBER, formatCount, formatNumber } from '../format-number.ts';
import type { ReportView } from '../report-facts.ts';
import { type TimeUnit, timeUnitOf } from '../series.ts';
import type { CellSummary } from '../summary.ts';
import type { Figure, FigureTable } from './figure.ts';
import { INK_LINE, type LineLook, type PanelLine, drawLinePanel, markPoints } from './line-panel.ts';
import { type AxisTitles, type Layer, arrangePanels, encodeAxis, sizePanels } from './panels.ts';
import { formatInUnit, formatTime } from './words.ts';

/** The worst over the cells of a level. */
type SkewLevel = { level: number; cells: number; p50: number; p99: number; max: number; clockErrorMs: number | null };

const LINES: readonly ['max' | 'p99' | 'p50', LineLook][] = [
  ['max', { ...INK_LINE, width: 1, dash: [3, 3], shape: 'triangle-up' }],
  ['p99', { ...INK_LINE, width: 1.8 }],
  ['p50', { ...INK_LINE, width: 1, shape: 'square' }],
];

/** Null when no client started; told without a drawing for one level. */
export function drawStartSkew({ summary }: ReportView): Figure | null {
  const levels = [...Map.groupBy(summary.cells, ({ level }) => level)]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([level, cells]) => worstOf(level, cells));
  if (levels.length === 0) return null;
  const unit = timeUnitOf(Math.max(...levels.map(({ max }) => max)));
  const errorMs = highestOf(levels.map(({ clockErrorMs }) => clockErrorMs));
  const figure = {
    id: 'start-skew',
    title: 'Start skew',
    sentence: describe(levels, unit, errorMs),
    caption:
      'How far the first send of each client was from when it was due, on the coordinator’s clock; the worst cell of each level.',
    table: tabulate(levels, unit),
    isInteractive: false,
  };
  if (levels.length === 1) return { ...figure, spec: null };
  const { panel, band, isBelow } = fillPanel(levels, unit, errorMs);
  const size = sizePanels(
    1,
    panel.lines.map(({ label }) => label),
  );
  const draw = (titles: AxisTitles): Layer[] => [...band(titles.y), ...drawLinePanel(panel, size, titles)];
  return {
    ...figure,
    caption: figure.caption + (isBelow ? ' The error of the clocks lies below the axis.' : ''),
    spec: arrangePanels([{ title: null, draw }], {
      size,
      description: figure.title,
      x: 'level (clients)',
      y: `first send off its due time (${unit.name})`,
    }),
  };
}

function fillPanel(levels: readonly SkewLevel[], unit: TimeUnit, errorMs: number | null) {
  const skews = levels.flatMap(({ p50, p99, max }) => [p50, p99, max]).map((ms) => ms / unit.ms);
  const clients = levels.map(({ level }) => level);
  const [x, y] = [createConcurrencyScale([], clients), createTimeScale(skews)];
  const [low, high] = y.domain;
  // A skew of nothing stands at the foot of the log scale.
  const lines = LINES.map(([label, look]): PanelLine => ({
    label,
    look,
    points: levels.map((each) => ({ x: each.level, y: Math.max(low, each[label] / unit.ms) })),
  }));
  const error = errorMs === null ? 0 : Math.min(high, errorMs / unit.ms);
  const named = {
    label: 'clock error',
    look: INK_LINE,
    points: [],
    end: { x: Math.max(...clients), y: Math.sqrt(low * error) },
  };
  return {
    panel: { x, y, lines: error > low ? [...lines, named] : lines, dots: markPoints(lines) },
    band: (title: string | null): Layer[] => (error > low ? [drawBand(y, error, title)] : []),
    isBelow: errorMs !== null && error <= low,
  };
}

/** From the foot of the axis up to the error. */
function drawBand(scale: Scale, error: number, title: string | null): Layer {
  return {
    data: { values: [{ y: scale.domain[0], to: error }] },
    mark: { type: 'rect', fill: 'currentColor', opacity: 0.12, aria: false },
    encoding: { y: encodeAxis('y', scale, title), y2: { field: 'to' } },
  };
}

function worstOf(level: number, cells: readonly CellSummary[]): SkewLevel[] {
  const highest = (key: keyof CellSummary['startSkewMs']): number | null =>
    highestOf(cells.map(({ startSkewMs }) => startSkewMs[key]));
  const [p50, p99, max] = [highest('p50'), highest('p99'), highest('max')];
  if (p50 === null || p99 === null || max === null) return [];
  const started = cells.filter(({ startSkewMs }) => startSkewMs.max !== null);
  return [{ level, cells: started.length, p50, p99, max, clockErrorMs: highest('clockErrorMs') }];
}

function highestOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function describe(levels: readonly SkewLevel[], unit: TimeUnit, errorMs: number | null): string {
  const worst = levels.reduce((a, b) => (b.max > a.max ? b : a));
  const p99 = Math.max(...levels.map((each) => each.p99));
  const last = `within ${formatTime(worst.max, unit)} of when it was due (level ${formatCount(worst.level)})`;
  const sent =
    p99 === worst.max
      ? `Every first send left ${last}.`
      : `Every first send left ${last}, 99 % of every cell’s within ${formatTime(p99, unit)}.`;
  if (errorMs === null) return `${sent} How well the clocks agree is not known.`;
  const clocks = `The clocks agree to ± ${formatTime(errorMs, unit)}`;
  return worst.max <= errorMs ? `${sent} ${clocks}: the skew may be none.` : `${sent} ${clocks}.`;
}

function tabulate(levels: readonly SkewLevel[], unit: TimeUnit): FigureTable {
  return {
    columns: ['level', 'cells', ...['p50', 'p99', 'max', 'clock error'].map((name) => `${name} (${unit.name})`)],
    rows: levels.map(({ level, cells, p50, p99, max, clockErrorMs }) => [
      formatCount(level),
      formatCount(cells),
      ...[p50, p99, max].map((ms) => formatInUnit(ms, unit)),
      clockErrorMs === null ? NO_NUMBER : `± ${formatNumber(clockErrorMs / unit.ms)}`,
    ]),
  };
}
