/** Figures of one or several panels, each with its name above it: below each other, or many of them two beside each other. */

import type { TopLevelSpec } from 'vega-lite';
import type { Scale } from '../charts/chart-scale.ts';
import { spreadApart } from '../charts/place-labels.ts';
import { estimateWidth, shortenTo } from '../charts/text-width.ts';
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

/** Of more series than there is room for: of each target the same number, spread evenly over its sizes, the largest among them. */
export function choosePanels<T extends { target: string }>(series: readonly T[]): T[] {
  if (series.length <= MOST_PANELS) return [...series];
  const targets = chooseSome([...Map.groupBy(series, ({ target }) => target).values()], MOST_PANELS);
  return targets.flatMap((sizes) => chooseSome(sizes, Math.floor(MOST_PANELS / targets.length)));
}

/** Said in a caption. */
export function explainOmitted(panels: number): string {
  return panels <= 0 ? '' : ` ${formatQuantity(panels, 'further panel')} not drawn: the table has all.`;
}

/**
 * What a figure is wide with all that it has: letters are then of one size all over the page. On a phone a drawing takes the
 * screen's width: the narrower it was drawn, the larger are its letters.
 */
const TOTAL_WIDTH = 500;
const PAIR_WIDTH = 620;
/** More stand two beside each other. */
const MOST_IN_A_COLUMN = 3;
const FOR_AXIS = 46;
const BETWEEN_PANELS = 24;
export const LABEL_FONT = 12;
const LABEL_HEIGHT = 15;
const LABEL_WIDTH = 110;
/** From the panel to the names beside it. */
export const LABEL_GAP = 14;

/** Panels with these names beside each. */
export function sizePanels(panels: number, names: readonly string[]): PanelSize {
  const widest = Math.max(0, ...names.map((name) => 1.08 * estimateWidth(name, LABEL_FONT)));
  const forNames = widest === 0 ? 10 : Math.min(LABEL_WIDTH, widest) + LABEL_GAP + 6;
  const forLines = LABEL_HEIGHT * new Set(names).size;
  const total = countColumns(panels) === 1 ? TOTAL_WIDTH : (PAIR_WIDTH - BETWEEN_PANELS) / 2;
  return { width: total - FOR_AXIS - forNames, height: Math.max(panels === 1 ? 230 : 140, forLines) };
}

function countColumns(panels: number): 1 | 2 {
  return panels > MOST_IN_A_COLUMN ? 2 : 1;
}

/** A name that fits beside a panel. */
export function shortenName(name: string): string {
  return shortenTo(putOnOneLine(name), LABEL_WIDTH, LABEL_FONT);
}

/** New heights for names beside a panel, so that they don't touch; in the order given. */
export function spreadNames(middles: readonly number[], height: number): number[] {
  return spreadApart(middles, LABEL_HEIGHT, height);
}

export type Arrangement = { size: PanelSize; description: string; x: string; y: string };

/** Several panels have what is on y written once above them all, and what is on x below the last of each column. */
export function arrangePanels(panels: readonly PanelDrawing[], { size, description, x, y }: Arrangement): TopLevelSpec {
  const columns = countColumns(panels.length);
  const [only] = panels;
  if (panels.length === 1 && only !== undefined) return { description, ...size, layer: only.draw({ x, y }) };
  return {
    description,
    ...(y === '' ? {} : { title: { ...TITLE, text: y, fontWeight: 'normal', offset: 14 } }),
    columns,
    concat: panels.map(({ title, draw }, index) => ({
      ...size,
      title: { ...TITLE, text: shortenTo(putOnOneLine(title ?? ''), size.width + 60, TITLE.fontSize) },
      layer: draw({ x: index + columns < panels.length ? null : x, y: null }),
    })),
    spacing: { row: 18, column: BETWEEN_PANELS },
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

/** How an axis differs from the others. */
export type AxisChange = { grid?: false; tickMinStep?: number; tickCount?: number };

/** An axis with its scale; `field` is what the data call it. */
export function encodeAxis(field: 'x' | 'y', scale: Scale, title: string | null, change: AxisChange = {}) {
  const { type, base, domain, ticks } = scale;
  const ticking = ticks === null ? { tickCount: 6, format: ',~r' } : { values: ticks, format: ',~g' };
  // A y title above the axis reads without turning the head.
  const onTop = { titleAngle: 0, titleAlign: 'left', titleBaseline: 'bottom', titleX: -30, titleY: -10 } as const;
  return {
    field,
    type: 'quantitative' as const,
    scale: { type, domain, nice: false, zero: false, ...(type === 'log' ? { base } : {}) },
    axis: { title, labelOverlap: 'greedy' as const, ...ticking, ...(field === 'y' ? onTop : {}), ...change },
  };
}

/** A place in pixels of the panel, in a layer whose other marks have scales. */
export function encodePixel(field: string) {
  return { field, type: 'quantitative' as const, scale: null };
}
