/** Figures of one or several panels, two beside each other, each with its name above it. */

import type { TopLevelSpec } from 'vega-lite';
import type { Scale } from '../charts/chart-scale.ts';
import { CHART } from '../charts/chart-style.ts';
import { shortenTo } from '../charts/text-width.ts';
import { formatQuantity } from '../format-number.ts';
import { putOnOneLine } from '../plain-text.ts';
import { chooseSome } from './words.ts';

/** A layer as vega-lite takes it; written as plain data, checked by vega-lite when it compiles. */
export type Layer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];

/** `title` may be of any length: what does not fit is left to the table. Null: the only panel, which needs no name. */
export type PanelDrawing = { title: string | null; draw(titles: AxisTitles): Layer[] };

/** Null where a neighbour has it. */
export type AxisTitles = { x: string | null; y: string | null };

/** Inner size in pixels, without axes and labels. */
export type PanelSize = { width: number; height: number };

/** More are not drawn: the table has all. */
export const MOST_PANELS = 6;

/** Of more series than there is room for, as many as are drawn: spread evenly, the extremes among them. */
export function choosePanels<T>(panels: readonly T[]): T[] {
  return chooseSome(panels, MOST_PANELS);
}

/** Said in a caption. */
export function explainOmitted(panels: number): string {
  return panels <= 0 ? '' : ` ${formatQuantity(panels, 'further panel')} not drawn: the table has all.`;
}

/** One panel is as large as the page's other charts; of several, two fit beside each other with the labels of their lines. */
export function sizePanels(panels: number, labels: number): PanelSize {
  const forLabels = 16 * labels;
  return panels === 1
    ? { width: CHART.width, height: Math.max(CHART.height - 30, forLabels) }
    : { width: 180, height: Math.max(150, forLabels) };
}

export type Arrangement = { size: PanelSize; description: string; x: string; y: string; columns?: number };

/** Several panels have what is on y written once above them all, and what is on x below the last of each column. */
export function arrangePanels(
  panels: readonly PanelDrawing[],
  { size, description, x, y, columns = 2 }: Arrangement,
): TopLevelSpec {
  const [only] = panels;
  if (panels.length === 1 && only !== undefined)
    return { description, ...size, layer: only.draw({ x, y }) } as TopLevelSpec;
  return {
    description,
    ...(y === '' ? {} : { title: { ...TITLE, text: y, fontWeight: 'normal', offset: 14 } }),
    columns,
    concat: panels.map(({ title, draw }, index) => ({
      ...size,
      title: { ...TITLE, text: shortenTo(putOnOneLine(title ?? ''), size.width + 60, TITLE.fontSize) },
      layer: draw({ x: index + columns < panels.length ? null : x, y: null }),
    })),
    spacing: { row: 18, column: 26 },
  } as TopLevelSpec;
}

const TITLE = {
  anchor: 'start',
  frame: 'group',
  color: 'currentColor',
  fontSize: 12,
  fontWeight: 600,
  dx: -30,
  offset: 10,
};

/** An axis with its scale; `field` is what the data call it. */
export function encodeAxis(field: 'x' | 'y', scale: Scale, title: string | null) {
  const { type, base, domain, ticks } = scale;
  const ticking = ticks === null ? { tickCount: 6, format: ',~r' } : { values: ticks, format: ',~g' };
  // A y title above the axis reads without turning the head.
  const onTop = { titleAngle: 0, titleAlign: 'left', titleBaseline: 'bottom', titleX: -30, titleY: -10 } as const;
  return {
    field,
    type: 'quantitative' as const,
    scale: { type, domain, nice: false, zero: false, ...(type === 'log' ? { base } : {}) },
    axis: { title, labelOverlap: 'greedy' as const, ...ticking, ...(field === 'y' ? onTop : {}) },
  };
}

/** A place in pixels of the panel, in a layer whose other marks have scales. */
export function encodePixel(field: string) {
  return { field, type: 'quantitative' as const, scale: null };
}
