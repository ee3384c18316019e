/** One of the chart's panels: its scales, how large it is, and where on it a value lies. */

import type { ChartData } from './chart-data.ts';
import { type Scale, positionOf } from './chart-scale.ts';
import { estimateWidth } from './text-width.ts';

/** How the chart can be asked for: on a phone, with an axis other than the one that suits the levels, and a rate a client. */
export type Variant = { size: 'wide' | 'narrow'; x: Scale['type']; rate: 'total' | 'per-client' };

/** Pixels. `labelColumn` is right of the plot, for the names of the series. */
export type Layout = {
  width: number;
  rateHeight: number;
  timeHeight: number;
  labelColumn: number;
  fontSize: number;
  lineHeight: number;
};

export type Panel = {
  data: ChartData;
  variant: Variant;
  layout: Layout;
  x: Scale;
  y: Scale;
  height: number;
  yTitle: string;
  /** Whether the shared x axis has its labels below this panel. */
  hasXLabels: boolean;
};

/** A piece of a vega-lite spec, written as plain data; vega-lite checks it when it compiles. */
export type Layer = { [key: string]: unknown };

/** What stands before a name in the label column: its symbol. */
export const SYMBOL_ROOM = 14;

const SIZES = {
  wide: { total: 970, axis: 52, column: 190, rateHeight: 200, timeHeight: 100, fontSize: 12, lineHeight: 15 },
  narrow: { total: 366, axis: 44, column: 108, rateHeight: 200, timeHeight: 110, fontSize: 11, lineHeight: 13 },
} as const;

/** Room for the names is taken from the plot; a panel is as high as all names below each other, and a little higher than is usual. */
export function layOut({ curves }: ChartData, size: Variant['size']): Layout {
  const { total, axis, column, rateHeight, timeHeight, fontSize, lineHeight } = SIZES[size];
  const widest = Math.max(...curves.map(({ label }) => estimateWidth(label, fontSize) + SYMBOL_ROOM));
  const labelColumn = Math.ceil(Math.min(widest, column)) + 12;
  const names = curves.length * lineHeight;
  return {
    width: total - axis - labelColumn,
    rateHeight: Math.max(rateHeight, names),
    timeHeight,
    labelColumn,
    fontSize,
    lineHeight,
  };
}

/** Where a value lies in the panel, in pixels from its upper left corner. */
export function placeOn({ x, y, layout, height }: Panel, inFlight: number, value: number): { x: number; y: number } {
  return { x: positionOf(x, inFlight, layout.width), y: height - positionOf(y, value, height) };
}

const X_TITLE = 'clients in flight (time average)';

/** A y title above the axis reads without turning the head. */
const TITLE_ON_TOP = { titleAngle: 0, titleAlign: 'left', titleBaseline: 'bottom', titleX: -36, titleY: -7 } as const;

/** vega-lite's x and y of a panel, with their scales and axes, for these fields. */
export function encodePosition(panel: Panel, { x = 'inFlight', y }: { x?: string; y: string }) {
  return { x: { field: x, ...encodeX(panel) }, y: { field: y, ...encodeY(panel) } };
}

export function encodeX({ x, hasXLabels, layout: { fontSize } }: Panel) {
  const labels = hasXLabels ? { title: X_TITLE } : { title: null, labels: false, ticks: false, domain: false };
  return {
    type: 'quantitative' as const,
    scale: scaleOf(x),
    axis: { ...labels, ...axisOf(x, fontSize < 12 ? 4 : 8), labelFontSize: fontSize, labelOverlap: 'greedy' },
  };
}

export function encodeY({ y, yTitle, height, layout: { fontSize } }: Panel) {
  return {
    type: 'quantitative' as const,
    scale: scaleOf(y),
    axis: {
      title: yTitle,
      ...TITLE_ON_TOP,
      ...axisOf(y, Math.round(height / 40)),
      labelFontSize: fontSize,
      titleFontSize: fontSize,
    },
  };
}

function scaleOf({ type, base, domain }: Scale) {
  return { type, domain, nice: false, zero: false, ...(type === 'log' ? { base } : {}) };
}

function axisOf({ ticks }: Scale, tickCount: number) {
  return ticks === null ? { tickCount, format: ',~r' } : { values: ticks, format: ',~g' };
}
