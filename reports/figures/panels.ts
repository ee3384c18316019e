/** Figures of one or several panels, two beside each other, each with its name above it. */

import type { TopLevelSpec } from 'vega-lite';
import type { Scale } from '../charts/chart-scale.ts';
import { CHART } from '../charts/chart-style.ts';
import { shortenTo } from '../charts/text-width.ts';
import { formatQuantity } from '../format-number.ts';
import { putOnOneLine } from '../plain-text.ts';

/** A layer as vega-lite takes it; written as plain data, checked by vega-lite when it compiles. */
export type Layer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];

/** `title` may be of any length: what does not fit is left to the table. Null: the only panel, which needs no name. */
export type PanelDrawing = { title: string | null; layers: Layer[] };

/** Inner size in pixels, without axes and labels. */
export type PanelSize = { width: number; height: number };

/** More are not drawn: the table has all. */
export const MOST_PANELS = 6;

/** Said in a caption. */
export function explainOmitted(panels: number): string {
  return panels <= 0 ? '' : ` ${formatQuantity(panels, 'further panel')} not drawn: the table has all.`;
}

/** One panel is as large as the page's other charts; of several, two fit beside each other with the labels of their lines. */
export function sizePanels(panels: number, labels: number): PanelSize {
  const forLabels = 16 * labels;
  return panels === 1
    ? { width: CHART.width, height: Math.max(CHART.height - 30, forLabels) }
    : { width: 200, height: Math.max(150, forLabels) };
}

export function arrangePanels(panels: readonly PanelDrawing[], size: PanelSize, description: string): TopLevelSpec {
  const [only] = panels;
  if (panels.length === 1 && only !== undefined) return { description, ...drawPanel(only, size) } as TopLevelSpec;
  return {
    description,
    columns: 2,
    concat: panels.map((panel) => drawPanel(panel, size)),
    spacing: { row: 26, column: 26 },
  } as TopLevelSpec;
}

function drawPanel({ title, layers }: PanelDrawing, { width, height }: PanelSize) {
  return { width, height, ...(title === null ? {} : { title: titleOf(title, width) }), layer: layers };
}

/** Above the title of the y axis, which itself stands above the axis. */
function titleOf(text: string, width: number) {
  return {
    text: shortenTo(putOnOneLine(text), width + 60, 12),
    anchor: 'start' as const,
    frame: 'group' as const,
    color: 'currentColor',
    fontSize: 12,
    fontWeight: 600,
    dx: -30,
    offset: 24,
  };
}

/** An axis with its scale; `field` is what the data call it. */
export function encodeAxis(field: 'x' | 'y', scale: Scale, title: string) {
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
