/** How far first sends were from when they were due, by level, against the error of the clocks. */

import { type Scale, createConcurrencyScale, createTimeScale } from '../charts/chart-scale.ts';
import { NO_NUMBER, formatCount, formatNumber } from '../format-number.ts';
import type { ReportView } from '../report-facts.ts';
import { type TimeUnit, timeUnitOf } from '../series.ts';
import type { CellSummary } from '../summary.ts';
import type { Figure, FigureTable } from './figure.ts';
import { type LineLook, type PanelDot, type PanelLine, drawLinePanel } from './line-panel.ts';
import { type Layer, arrangePanels, encodeAxis, encodePixel, sizePanels } from './panels.ts';
import { formatInUnit, formatTime } from './words.ts';

/** The worst over the cells of a level. */
type SkewLevel = { level: number; cells: number; p50: number; p99: number; max: number; clockErrorMs: number | null };

const LINES = [
  ['max', { width: 1, dash: [3, 3], shape: 'triangle-up' }],
  ['p99', { width: 1.8, dash: [], shape: 'circle' }],
  ['p50', { width: 1, dash: [], shape: 'square' }],
] as const;

/** Null when no client started. */
export function drawStartSkew({ summary }: ReportView): Figure | null {
  const levels = [...Map.groupBy(summary.cells, ({ level }) => level)]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([level, cells]) => worstOf(level, cells));
  if (levels.length === 0) return null;
  const unit = timeUnitOf(Math.max(...levels.map(({ max }) => max)));
  const errors = levels.map(({ clockErrorMs }) => clockErrorMs).filter((error) => error !== null);
  const errorMs = errors.length === 0 ? null : Math.max(...errors);
  const title = 'Start skew';
  const size = sizePanels(
    1,
    LINES.map(([name]) => name),
  );
  const scales = chooseScales(levels, unit);
  const panel = {
    ...scales,
    lines: LINES.map(([name, look]) => lineOf(name, lookOf(look), { levels, unit, y: scales.y })),
  };
  const dots = panel.lines.flatMap(({ points, look }) =>
    points.flatMap((point): PanelDot[] => (point === null ? [] : [{ ...point, look, kind: 'solid' }])),
  );
  return {
    id: 'start-skew',
    title,
    sentence: describe(levels, unit, errorMs),
    caption:
      'How far the first send of each client was from when it was due, on the coordinator’s clock; the worst cell of each level.',
    table: tabulate(levels, unit),
    spec: arrangePanels(
      [
        {
          title: null,
          draw: (titles) => [
            ...drawClockError(scales.y, errorMs, { unit, yTitle: titles.y, height: size.height }),
            ...drawLinePanel({ ...panel, dots }, size, titles),
          ],
        },
      ],
      { size, description: title, x: 'level (clients)', y: `first send off its due time (${unit.name})` },
    ),
    isInteractive: false,
  };
}

function worstOf(level: number, cells: readonly CellSummary[]): SkewLevel[] {
  const skews = cells.flatMap(({ startSkewMs: { p50, p99, max, clockErrorMs } }) =>
    p50 === null || p99 === null || max === null ? [] : [{ p50, p99, max, clockErrorMs }],
  );
  if (skews.length === 0) return [];
  const highest = (of: (skew: (typeof skews)[number]) => number): number => Math.max(...skews.map(of));
  const errors = skews.map(({ clockErrorMs }) => clockErrorMs).filter((error) => error !== null);
  return [
    {
      level,
      cells: skews.length,
      p50: highest(({ p50 }) => p50),
      p99: highest(({ p99 }) => p99),
      max: highest(({ max }) => max),
      clockErrorMs: errors.length === 0 ? null : Math.max(...errors),
    },
  ];
}

function chooseScales(levels: readonly SkewLevel[], unit: TimeUnit): { x: Scale; y: Scale } {
  const clients = levels.map(({ level }) => level);
  const skews = levels.flatMap(({ p50, p99, max }) => [p50, p99, max]);
  return { x: createConcurrencyScale([], clients), y: createTimeScale(skews.map((ms) => ms / unit.ms)) };
}

function lookOf(look: { width: number; dash: readonly number[]; shape: string }): LineLook {
  return { ...look, dash: [...look.dash], colour: 'currentColor' };
}

/** A skew of nothing stands at the foot of the log scale. */
function lineOf(
  name: 'p50' | 'p99' | 'max',
  look: LineLook,
  { levels, unit, y }: { levels: readonly SkewLevel[]; unit: TimeUnit; y: Scale },
): PanelLine {
  const points = levels.map((each) => ({ x: each.level, y: Math.max(y.domain[0], each[name] / unit.ms) }));
  return { label: name, look, points };
}

type ErrorDrawing = { unit: TimeUnit; yTitle: string | null; height: number };

/** A band up to the error, named; where it lies below the axis its name stands at the foot. */
function drawClockError(scale: Scale, errorMs: number | null, { unit, yTitle, height }: ErrorDrawing): Layer[] {
  if (errorMs === null) return [];
  const [low, high] = scale.domain;
  const error = errorMs / unit.ms;
  const isSeen = error > low;
  const name = `clock error ± ${formatTime(errorMs, unit)}${isSeen ? '' : ', below this axis'}`;
  const y = encodeAxis('y', scale, yTitle);
  return [
    {
      data: { values: isSeen ? [{ y: low, to: Math.min(high, error) }] : [] },
      mark: { type: 'rect', fill: 'currentColor', opacity: 0.12, aria: false },
      encoding: { y, y2: { field: 'to' } },
    },
    {
      data: { values: [{ name, top: height - 5 }] },
      mark: {
        type: 'text',
        align: 'left',
        baseline: 'bottom',
        fontSize: 11,
        fill: 'currentColor',
        opacity: 0.75,
        aria: false,
      },
      encoding: { x: { value: 5 }, y: encodePixel('top'), text: { field: 'name', type: 'nominal' } },
    },
  ];
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
