/** A panel of stacked bars, one a level, with the names of their parts beside the last of them. */

import { type Scale, positionOf } from '../charts/chart-scale.ts';
import { estimateWidth } from '../charts/text-width.ts';
import { type AxisTitles, type Layer, type PanelSize, encodeAxis, encodePixel, spreadNames } from './panels.ts';

/** `parts` from the bottom up. `isPale`: it is to be believed less than the others. */
export type Bar = { label: string; above: string; parts: readonly number[]; isPale: boolean };

export type BarPanel = {
  /** What the parts are, from the bottom up. */
  classes: readonly { name: string; colour: string }[];
  bars: readonly Bar[];
  /** Of y, from zero. */
  scale: Scale;
};

const WIDEST_BAR = 44;
const ABOVE_FONT = 11;
const PALE = 0.5;
const SQUARE_GAP = 10;

export function drawBarPanel(panel: BarPanel, size: PanelSize, titles: AxisTitles): Layer[] {
  const { bars, classes, scale } = panel;
  const step = size.width / bars.length;
  const position = {
    x: {
      field: 'bar',
      type: 'ordinal' as const,
      scale: { domain: bars.map((_, index) => index), padding: 0 },
      axis: {
        title: titles.x,
        labelAngle: 0,
        labelOverlap: 'greedy' as const,
        labelExpr: `${JSON.stringify(bars.map(({ label }) => label))}[datum.value]`,
      },
    },
    y: encodeAxis('y', scale, titles.y),
  };
  const segments = bars.flatMap((bar, index) =>
    stackUp(bar).flatMap(({ from, to }, part) =>
      to > from
        ? [{ bar: index, y: from, to, colour: classes[part]?.colour ?? '', opacity: bar.isPale ? PALE : 1 }]
        : [],
    ),
  );
  const tops = bars.map((bar, index) => ({ bar: index, y: stackUp(bar).at(-1)?.to ?? 0, text: bar.above }));
  const fits = tops.every(({ text }) => estimateWidth(text, ABOVE_FONT) < step - 2);
  return [
    {
      data: { values: segments },
      mark: { type: 'bar', size: Math.min(WIDEST_BAR, 0.8 * step), aria: false },
      encoding: {
        ...position,
        y2: { field: 'to' },
        fill: COLOUR,
        fillOpacity: { field: 'opacity', type: 'quantitative', scale: null, legend: null },
      },
    },
    {
      // An empty text would still take room, above the panel too.
      data: { values: fits ? tops.filter(({ text }) => text !== '') : [] },
      mark: { type: 'text', baseline: 'bottom', dy: -3, fontSize: ABOVE_FONT, fill: 'currentColor', aria: false },
      encoding: { ...position, text: { field: 'text', type: 'nominal' } },
    },
    ...drawNames(panel, size),
  ];
}

const COLOUR = { field: 'colour', type: 'nominal' as const, scale: null, legend: null };

function stackUp({ parts }: Bar): { from: number; to: number }[] {
  let top = 0;
  return parts.map((part) => {
    const from = top;
    top += part;
    return { from, to: top };
  });
}

/** A square in its colour and the name of each part, where the last bar has it, in the order of the stack. */
function drawNames({ classes, bars, scale }: BarPanel, { width, height }: PanelSize): Layer[] {
  const last = bars.at(-1);
  if (last === undefined) return [];
  const middles = stackUp(last).map(({ from, to }) => height - positionOf(scale, (from + to) / 2, height));
  // Ascending, so that equal heights keep the order of the stack.
  const spread = spreadNames(middles.toReversed(), height).toReversed();
  const values = classes.map(({ name, colour }, index) => ({
    name,
    colour,
    x: width + SQUARE_GAP,
    y: spread[index] as number,
  }));
  const place = { x: encodePixel('x'), y: encodePixel('y') };
  return [
    {
      data: { values },
      mark: { type: 'point', shape: 'square', size: 90, strokeWidth: 0, opacity: 1, aria: false },
      encoding: { ...place, fill: COLOUR },
    },
    {
      data: { values },
      mark: { type: 'text', align: 'left', baseline: 'middle', dx: 9, fill: 'currentColor', aria: false },
      encoding: { ...place, text: { field: 'name', type: 'nominal' } },
    },
  ];
}
