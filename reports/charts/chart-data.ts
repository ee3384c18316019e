/** What the two charts share: a point a run, a line a series through the medians of its levels. */

import { formatNumber } from '../format-number.ts';
import { type TypicalRun, groupSeries } from '../series.ts';
import type { CellSummary } from '../summary.ts';
import { type Scale, createConcurrencyScale } from './chart-scale.ts';

/** One run that can be drawn. `series` is the label and the key of colour and shape. */
export type RunPoint = {
  series: string;
  inFlight: number;
  ratePerS: number;
  p50Ms: number | null;
  state: CellSummary['state'];
  /** Fully to be believed: ok and steady. */
  isSolid: boolean;
  isGeneratorBound: boolean;
  /** One line for a screen reader. */
  description: string;
};

/** Median over the ok runs of a level. Lines join neighbouring levels only: a level without an ok run begins a new `stretch`. */
export type LinePoint = { series: string; stretch: number } & Omit<TypicalRun, 'runs' | 'p99Ms'>;

export type ChartData = {
  series: string[];
  runs: RunPoint[];
  lines: LinePoint[];
  concurrency: Scale;
  /** Cells with a window that have no place on the axes (nothing in flight, or gauges missing). */
  undrawn: number;
};

/** Null when no cell has a rate. */
export function collectChartData(cells: readonly CellSummary[]): ChartData | null {
  const groups = groupSeries(cells);
  const runs = groups.flatMap(({ label, levels }) =>
    levels.flatMap((level) => level.cells.flatMap((cell) => pointOf(label, cell))),
  );
  if (runs.length === 0) return null;
  const lines = groups.flatMap(({ label, levels }) =>
    levels.flatMap(({ typical }, index): LinePoint[] => {
      if (typical === null) return [];
      const stretch = levels.slice(0, index).filter((before) => before.typical === null).length;
      return [{ series: label, stretch, ...typical }];
    }),
  );
  const levels = cells.filter(({ windowMs }) => windowMs !== null).map(({ level }) => level);
  return {
    series: groups.map(({ label }) => label),
    runs,
    lines,
    concurrency: createConcurrencyScale(
      runs.map(({ inFlight }) => inFlight),
      levels,
    ),
    undrawn: cells.filter(({ windowMs }) => windowMs !== null).length - runs.length,
  };
}

function pointOf(series: string, cell: CellSummary): RunPoint[] {
  const { inFlight, ratePerS, state, marks } = cell;
  if (inFlight === null || inFlight <= 0 || ratePerS === null) return [];
  const isMarked = (code: string): boolean => marks.some((mark) => mark.code === code);
  return [
    {
      series,
      inFlight,
      ratePerS,
      p50Ms: cell.serviceTimeMs.p50,
      state,
      isSolid: state === 'ok' && !isMarked('unsteady'),
      isGeneratorBound: isMarked('generator-bound'),
      description: `${series}, level ${cell.level}, run ${cell.run}: ${formatNumber(ratePerS)} Hz at ${formatNumber(inFlight)} in flight, ${state}`,
    },
  ];
}
