/** Layers that both charts draw in the same way: runs as points, series as lines with direct labels. */

import type { TopLevelSpec } from 'vega-lite';
import type { ChartData, LinePoint, RunPoint } from './chart-data.ts';
import { type Scale, positionOf } from './chart-scale.ts';
import { CHART, FAILED_SHAPE, SERIES_COLOURS, SERIES_SHAPES } from './chart-style.ts';
import { type LineEnd, placeLabels } from './place-labels.ts';

/** A layer as vega-lite takes it; written as plain data, checked by vega-lite when it compiles. */
export type Layer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];

/** The numbers of one chart: which value stands on y, on which scale, and the axes' titles. */
export type Panel = { data: ChartData; y: Scale; yTitle: string };

/** What a point or line shows on y; null: not on this chart. */
export type YOf<T> = (point: T) => number | null;

const DESCRIPTION = { field: 'description', type: 'nominal' } as const;
const X_TITLE = 'clients in flight (time average)';

/** A y title above the axis reads without turning the head. */
const TITLE_ON_TOP = { titleAngle: 0, titleAlign: 'left', titleBaseline: 'bottom', titleX: -30, titleY: -10 } as const;

/** x and y encodings with their scales and axes. */
export function encodePosition({ data, y, yTitle }: Panel) {
  const { concurrency } = data;
  return {
    x: {
      field: 'inFlight',
      type: 'quantitative' as const,
      scale: scaleOf(concurrency),
      axis: { title: X_TITLE, ...axisOf(concurrency) },
    },
    y: {
      field: 'y',
      type: 'quantitative' as const,
      scale: scaleOf(y),
      axis: { title: yTitle, ...TITLE_ON_TOP, ...axisOf(y) },
    },
  };
}

function scaleOf({ type, base, domain }: Scale) {
  return { type, domain, nice: false, zero: false, ...(type === 'log' ? { base } : {}) };
}

function axisOf({ ticks }: Scale) {
  return ticks === null ? { tickCount: 6, format: ',~r' } : { values: ticks, format: ',~g' };
}

/** Colour and shape say the same, so that neither is needed alone. */
export function encodeSeries({ series }: ChartData) {
  const pick = <T>(choices: readonly T[]): T[] => series.map((_, index) => choices[index % choices.length] as T);
  return {
    color: {
      field: 'series',
      type: 'nominal' as const,
      scale: { domain: series, range: pick(SERIES_COLOURS) },
      legend: null,
    },
    shape: {
      field: 'series',
      type: 'nominal' as const,
      scale: { domain: series, range: pick(SERIES_SHAPES) },
      legend: null,
    },
  };
}

/** Every run: filled when it can be believed, hollow when degraded or unsteady, crossed when failed, ringed when generator-bound. */
export function drawRuns(panel: Panel, yOf: YOf<RunPoint>): Layer[] {
  const position = encodePosition(panel);
  const { color, shape } = encodeSeries(panel.data);
  const runs = withY(panel.data.runs, yOf);
  return [
    {
      data: { values: runs.filter(({ isGeneratorBound }) => isGeneratorBound) },
      mark: { type: 'point', size: 190, strokeWidth: 1.5, stroke: '#888888', filled: false, aria: false },
      encoding: position,
    },
    {
      data: { values: runs.filter(({ state }) => state !== 'failed') },
      mark: { type: 'point', size: 50, strokeWidth: 1.5 },
      encoding: {
        ...position,
        stroke: color,
        fill: color,
        shape,
        description: DESCRIPTION,
        fillOpacity: { condition: { test: 'datum.isSolid', value: 0.9 }, value: 0 },
      },
    },
    {
      data: { values: runs.filter(({ state }) => state === 'failed') },
      mark: { type: 'point', size: 110, strokeWidth: 2.5, shape: FAILED_SHAPE, filled: false },
      encoding: { ...position, stroke: color, description: DESCRIPTION },
    },
  ];
}

/** A line a series, broken where a level has no ok run. */
export function drawLines(panel: Panel, yOf: YOf<LinePoint>, strokeWidth: number): Layer {
  const { color } = encodeSeries(panel.data);
  return {
    data: { values: withY(panel.data.lines, yOf) },
    mark: { type: 'line', strokeWidth, aria: false },
    encoding: { ...encodePosition(panel), stroke: color, detail: { field: 'stretch', type: 'nominal' } },
  };
}

/** The name of each series at the end of its line, in its colour. */
export function drawLabels(panel: Panel, yOf: YOf<LinePoint>): Layer {
  const lines = withY(panel.data.lines, yOf);
  const ends = panel.data.series.flatMap((series): LineEnd[] => {
    const last = lines.findLast((point) => point.series === series);
    if (last === undefined) return [];
    const x = positionOf(panel.data.concurrency, last.inFlight, CHART.width);
    return [{ text: series, x, y: CHART.height - positionOf(panel.y, last.y, CHART.height) }];
  });
  const { color } = encodeSeries(panel.data);
  return {
    data: { values: placeLabels(ends, CHART.height).map((end) => ({ ...end, series: end.text })) },
    mark: { type: 'text', align: 'left', baseline: 'middle', dx: 9, fontWeight: 600, aria: false },
    encoding: {
      x: { field: 'x', type: 'quantitative', scale: null },
      y: { field: 'y', type: 'quantitative', scale: null },
      text: { field: 'text', type: 'nominal' },
      fill: color,
    },
  };
}

/** The points that have a y, with it. */
export function withY<T>(points: readonly T[], yOf: YOf<T>): (T & { y: number })[] {
  return points.flatMap((point) => {
    const y = yOf(point);
    return y === null ? [] : [{ ...point, y }];
  });
}
