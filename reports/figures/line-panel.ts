/** A panel of lines with their names at their ends and a point for each run. */

import { type Scale, positionOf } from '../charts/chart-scale.ts';
import { FAILED_SHAPE } from '../charts/chart-style.ts';
import {
  type AxisChange,
  type AxisTitles,
  LABEL_GAP,
  type Layer,
  type PanelSize,
  encodeAxis,
  encodePixel,
  shortenName,
  spreadNames,
} from './panels.ts';

/** `colour` and `shape` say the same, so that neither is needed alone. */
export type LineLook = { colour: string; shape: string; width: number; dash: number[] };

/** For lines that are no series. */
export const INK_LINE: LineLook = { colour: 'currentColor', shape: 'circle', width: 1.2, dash: [] };

/** Points in the order of x; a null breaks the line. Its name stands at the last of them, or at `end` where there are none. */
export type PanelLine = {
  label: string;
  look: LineLook;
  points: ({ x: number; y: number } | null)[];
  end?: { x: number; y: number } | undefined;
};

export type PanelDot = { x: number; y: number; look: LineLook; kind: 'solid' | 'hollow' | 'cross' };

export type LinePanel = {
  x: Scale;
  y: Scale;
  axes?: { x: AxisChange; y: AxisChange };
  lines: PanelLine[];
  dots: PanelDot[];
};

/** A point at each of the lines' points. */
export function markPoints(lines: readonly PanelLine[]): PanelDot[] {
  return lines.flatMap(({ points, look }) =>
    points.flatMap((point) => (point === null ? [] : [{ ...point, look, kind: 'solid' as const }])),
  );
}

/** A label at most this far above or below the end of its line needs no stroke to it. */
const NEAR = 5;

export function drawLinePanel(panel: LinePanel, size: PanelSize, titles: AxisTitles): Layer[] {
  const position = {
    x: encodeAxis('x', panel.x, titles.x, panel.axes?.x),
    y: encodeAxis('y', panel.y, titles.y, panel.axes?.y),
  };
  const dots = (kind: PanelDot['kind']) =>
    panel.dots.filter((dot) => dot.kind === kind).map(({ x, y, look: { colour, shape } }) => ({ x, y, colour, shape }));
  const shape = { field: 'shape', type: 'nominal' as const, scale: null, legend: null };
  return [
    ...panel.lines.map((line): Layer => drawLine(line, position)),
    ...drawLabels(panel, size),
    {
      data: { values: dots('solid') },
      mark: { type: 'point', size: 40, strokeWidth: 1.2, opacity: 1, aria: false },
      encoding: { ...position, stroke: COLOUR, fill: COLOUR, shape, fillOpacity: { value: 0.9 } },
    },
    {
      data: { values: dots('hollow') },
      mark: { type: 'point', size: 40, strokeWidth: 1.5, filled: false, opacity: 1, aria: false },
      encoding: { ...position, stroke: COLOUR, shape },
    },
    {
      data: { values: dots('cross') },
      mark: { type: 'point', size: 70, strokeWidth: 2.5, shape: FAILED_SHAPE, filled: false, opacity: 1, aria: false },
      encoding: { ...position, stroke: COLOUR },
    },
  ];
}

const COLOUR = { field: 'colour', type: 'nominal' as const, scale: null, legend: null };

type Position = { x: ReturnType<typeof encodeAxis>; y: ReturnType<typeof encodeAxis> };

function drawLine({ points, look: { colour, width, dash } }: PanelLine, position: Position): Layer {
  let stretch = 0;
  const values = points.flatMap((point) => {
    if (point === null) stretch += 1;
    return point === null ? [] : [{ ...point, stretch }];
  });
  return {
    data: { values },
    mark: {
      type: 'line',
      stroke: colour,
      strokeWidth: width,
      aria: false,
      ...(dash.length > 0 ? { strokeDash: dash } : {}),
    },
    encoding: { ...position, detail: { field: 'stretch', type: 'nominal' } },
  };
}

/** Names beside the panel in the colour of their lines, moved apart; one that is off the end of its line has a stroke to it. */
function drawLabels({ x, y, lines }: LinePanel, { width, height }: PanelSize): Layer[] {
  const ends = lines.flatMap(({ label, look, points, end }) => {
    const last = points.findLast((point) => point !== null) ?? end;
    if (last === undefined || label === '') return [];
    const fromX = positionOf(x, last.x, width) + 6;
    return [{ text: shortenName(label), colour: look.colour, fromX, fromY: height - positionOf(y, last.y, height) }];
  });
  const middles = spreadNames(
    ends.map(({ fromY }) => fromY),
    height,
  );
  const labels = ends.map((end, index) => ({ ...end, toX: width + LABEL_GAP, toY: middles[index] as number }));
  return [
    {
      data: { values: labels.filter(({ fromY, toY }) => Math.abs(toY - fromY) > NEAR) },
      mark: { type: 'rule', strokeWidth: 0.8, opacity: 0.6, aria: false },
      encoding: {
        x: encodePixel('fromX'),
        x2: { field: 'toX' },
        y: encodePixel('fromY'),
        y2: { field: 'toY' },
        stroke: COLOUR,
      },
    },
    {
      data: { values: labels },
      mark: {
        type: 'text',
        align: 'left',
        baseline: 'middle',
        dx: 3,
        fontWeight: 600,

        aria: false,
      },
      encoding: {
        x: encodePixel('toX'),
        y: encodePixel('toY'),
        text: { field: 'text', type: 'nominal' },
        fill: COLOUR,
      },
    },
  ];
}
