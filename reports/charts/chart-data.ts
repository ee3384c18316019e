/** What the main chart shows, as numbers: a point a run, a curve a series through the medians of its levels. */

import { mean, sampleStandardDeviation } from 'simple-statistics';
import type { SeriesModel } from '../models/series-model.ts';
import { type Level, type Series, type TimeUnit, chooseTimeUnit, groupSeries } from '../series.ts';
import { criticalT } from '../statistics/student-t.ts';
import type { CellSummary, Summary } from '../summary.ts';
import { describeRun, explainRun } from './describe-run.ts';

/** One run that can be drawn. `series` is its place in `groupSeries`: the key of colour and shape. */
export type RunPoint = {
  series: number;
  inFlight: number;
  hz: number;
  /** In the unit of the chart. */
  p50: number | null;
  isFailed: boolean;
  /** Fully to be believed: ok and steady. */
  isSolid: boolean;
  isGeneratorBound: boolean;
  /** The run's place in the page. */
  href: string;
  /** One line for a screen reader. */
  description: string;
  /** All that is known of it, a line each. */
  tip: string;
};

/**
 * Median over the ok runs of a level; `low` and `high` as `spreadOf` has them. Lines join neighbouring levels only: a level
 * without an ok run begins a new `stretch`.
 */
export type LinePoint = {
  series: number;
  stretch: number;
  inFlight: number;
  hz: number;
  low: number;
  high: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
};

/** A series beside its points. */
export type Curve = {
  label: string;
  /** Null: it has none in the summary. */
  model: SeriesModel | null;
  /** The lowest level with an ok run. */
  lowest: LinePoint | null;
};

export type ChartData = {
  unit: TimeUnit;
  curves: Curve[];
  runs: RunPoint[];
  lines: LinePoint[];
  /** Levels (clients asked for) of the cells with a window. */
  levels: number[];
  /** Levels whose spread is an interval. */
  intervals: number;
  /** Cells with a window that have no place on the axes (nothing in flight, or gauges missing). */
  undrawn: number;
};

/** From this many runs on, the spread of a level is an interval. */
export const RUNS_FOR_INTERVAL = 5;

/** Null when no cell has a rate. */
export function collectChartData({ cells, models }: Pick<Summary, 'cells' | 'models'>): ChartData | null {
  const groups = groupSeries(cells);
  const unit = chooseTimeUnit(cells);
  const runs = groups.flatMap(({ label, levels }, series) =>
    levels.flatMap((level) => level.cells.flatMap((cell) => pointOf(cell, { series, label, unit }))),
  );
  if (runs.length === 0) return null;
  const lines = groups.flatMap(({ levels }, series) => lineThrough(levels, series, unit));
  const measured = cells.filter(({ windowMs }) => windowMs !== null);
  return {
    unit,
    curves: groups.map((group, series) => ({
      label: group.label,
      model: findModel(models, group),
      lowest: lines.find((point) => point.series === series) ?? null,
    })),
    runs,
    lines,
    levels: measured.map(({ level }) => level),
    intervals: groups.flatMap(({ levels }) => levels.filter(hasInterval)).length,
    undrawn: measured.length - runs.length,
  };
}

type Named = { series: number; label: string; unit: TimeUnit };

function pointOf(cell: CellSummary, { series, label, unit }: Named): RunPoint[] {
  const { inFlight, ratePerS, state, marks } = cell;
  if (inFlight === null || inFlight <= 0 || ratePerS === null) return [];
  const isMarked = (code: string): boolean => marks.some((mark) => mark.code === code);
  return [
    {
      series,
      inFlight,
      hz: ratePerS,
      p50: inUnit(cell.serviceTimeMs.p50, unit),
      isFailed: state === 'failed',
      isSolid: state === 'ok' && !isMarked('unsteady'),
      isGeneratorBound: isMarked('generator-bound'),
      href: `#cell-${cell.id}`,
      description: describeRun(label, cell),
      tip: explainRun(label, cell).join('\n'),
    },
  ];
}

function lineThrough(levels: readonly Level[], series: number, unit: TimeUnit): LinePoint[] {
  let stretch = 0;
  return levels.flatMap((level): LinePoint[] => {
    const { typical } = level;
    if (typical === null) {
      stretch += 1;
      return [];
    }
    const { inFlight, ratePerS, p50Ms, p95Ms, p99Ms } = typical;
    const times = { p50: inUnit(p50Ms, unit), p95: inUnit(p95Ms, unit), p99: inUnit(p99Ms, unit) };
    return [{ series, stretch, inFlight, hz: ratePerS, ...spreadOf(level), ...times }];
  });
}

/** Null stays null; a time of zero has no place on a log scale. */
function inUnit(ms: number | null, unit: TimeUnit): number | null {
  return ms === null || ms <= 0 ? null : ms / unit.ms;
}

/** Lowest and highest ok run; from five on the 95 % t interval of their mean. */
function spreadOf(level: Level): { low: number; high: number } {
  const { lowestPerS, highestPerS } = level.typical as NonNullable<Level['typical']>;
  if (!hasInterval(level)) return { low: lowestPerS, high: highestPerS };
  const rates = ratesOf(level);
  const half = (criticalT(0.05, rates.length - 1) * sampleStandardDeviation(rates)) / Math.sqrt(rates.length);
  const middle = mean(rates);
  return { low: Math.max(0, middle - half), high: middle + half };
}

function hasInterval(level: Level): boolean {
  return ratesOf(level).length >= RUNS_FOR_INTERVAL;
}

function ratesOf({ cells }: Level): number[] {
  return cells.flatMap(({ state, ratePerS, inFlight }) =>
    state === 'ok' && ratePerS !== null && inFlight !== null ? [ratePerS] : [],
  );
}

function findModel(models: readonly SeriesModel[], { levels }: Series): SeriesModel | null {
  const cell = levels[0]?.cells[0] as CellSummary;
  const isOf = (model: SeriesModel): boolean =>
    model.target === cell.target && model.scenario === cell.scenario && model.directorySize === cell.directorySize;
  return models.find(isOf) ?? null;
}
