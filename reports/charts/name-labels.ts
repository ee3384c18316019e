/**
 * The name of each series at the end of its line, with its symbol. Lines that end near the right edge have theirs in the column
 * beside the plot; others where their line ends, if that covers nothing, or in the column too with a thin line to it.
 */

import type { LinePoint, RunPoint } from './chart-data.ts';
import { type Panel, SYMBOL_ROOM, placeOn } from './chart-panel.ts';
import { type Box, type Obstacle, type Place, boxOf, placeLabels, spreadApart } from './place-labels.ts';
import { shortenNames } from './shorten-names.ts';
import { estimateWidth } from './text-width.ts';

/** Pixels in the panel; the symbol stands at `symbol`, the text begins at `left`. */
export type NameLabel = { series: number; text: string; symbol: number; left: number; middle: number };

/** From the end of a line to its name, where they are apart. */
export type Leader = { series: number; x1: number; y1: number; x2: number; y2: number };

/** A line that ends this near to the right edge has its name in the column. */
const NEAR_EDGE = 70;
const FROM_PLOT = 8;
const FROM_END = 10;
/** A name that is further from its line's end than this has a line to it, which begins clear of the point and ends clear of the text. */
const APART = 18;
const FROM_POINT = 7;
const UNDER_TEXT = 8;
/** A name that would cover more than this inside the plot is better off in the column. */
const COST_AT_MOST = 40;

type End = { series: number; text: string; width: number; x: number; y: number };

export function placeNames(
  panel: Panel,
  yOf: (point: RunPoint | LinePoint) => number | null,
  obstacles: readonly Obstacle[],
): { names: NameLabel[]; leaders: Leader[] } {
  const ends = findEnds(panel, yOf);
  const { width, lineHeight, labelColumn } = panel.layout;
  const bounds: Box = { left: 0, top: -2, right: width + labelColumn, bottom: panel.height };
  let inColumn = ends.filter(({ x }) => x > width - NEAR_EDGE);
  for (;;) {
    const column = stackUp(inColumn, panel);
    const free = ends.filter((end) => !inColumn.includes(end));
    const taken = column.map((place, index) =>
      boxOf(place, { width: (inColumn[index] as End).width, height: lineHeight }),
    );
    const wishes = free.map((end) => ({ width: end.width, height: lineHeight, places: listPlaces(end, lineHeight) }));
    const inPlot = placeLabels(wishes, { bounds, obstacles, taken, costAtMost: COST_AT_MOST });
    const homeless = free.filter((_, index) => inPlot[index] === null);
    if (homeless.length === 0) {
      const places = [...column, ...(inPlot as Place[])];
      return drawNames([...inColumn, ...free], places);
    }
    inColumn = [...inColumn, ...homeless];
  }
}

/** Where each line ends; a series without a line has its last point instead. */
function findEnds(panel: Panel, yOf: (point: RunPoint | LinePoint) => number | null): End[] {
  const { data, layout } = panel;
  const labels = data.curves.map(({ label }) => label);
  const texts = shortenNames(labels, layout.labelColumn - FROM_PLOT - SYMBOL_ROOM, layout.fontSize);
  return texts.flatMap((text, series): End[] => {
    const isDrawn = (point: RunPoint | LinePoint): boolean => point.series === series && yOf(point) !== null;
    const last = data.lines.findLast(isDrawn) ?? data.runs.findLast(isDrawn);
    if (last === undefined) return [];
    const width = estimateWidth(text, layout.fontSize) + SYMBOL_ROOM;
    return [{ series, text, width, ...placeOn(panel, last.inFlight, yOf(last) as number) }];
  });
}

function stackUp(ends: readonly End[], { layout: { width, lineHeight }, height }: Panel): Place[] {
  const middles = spreadApart(
    ends.map(({ y }) => y),
    lineHeight + 0.5,
    height,
  );
  return middles.map((middle) => ({ left: width + FROM_PLOT, middle, cost: 0 }));
}

/** Right of the end, then above and below it, then left. */
function listPlaces({ x, y, width }: End, lineHeight: number): Place[] {
  const steps = Array.from({ length: 13 }, (_, index) => (index % 2 === 0 ? -1 : 1) * Math.ceil(index / 2) * 6);
  return steps.flatMap((step) => [
    { left: x + FROM_END, middle: y + step, cost: Math.abs(step) * 0.4 },
    ...(Math.abs(step) < lineHeight
      ? []
      : [
          { left: x - width / 2, middle: y + step, cost: 5 + Math.abs(step) * 0.4 },
          { left: x - width, middle: y + step, cost: 7 + Math.abs(step) * 0.4 },
        ]),
    { left: x - FROM_END - width, middle: y + step, cost: 8 + Math.abs(step) * 0.4 },
  ]);
}

function drawNames(ends: readonly End[], places: readonly Place[]): { names: NameLabel[]; leaders: Leader[] } {
  const names = ends.map(({ series, text }, index) => {
    const { left, middle } = places[index] as Place;
    return { series, text, symbol: left + 5, left: left + SYMBOL_ROOM, middle };
  });
  const leaders = ends.flatMap((end, index) =>
    lead(end, boxOf(places[index] as Place, { width: end.width, height: 0 })),
  );
  return { names, leaders };
}

/** From the end of the line to the near side of its name; none where they are side by side. */
function lead({ series, x, y }: End, { left, right, top: middle }: Box): Leader[] {
  const x2 = x < left ? left - 2 : x > right ? right + 2 : x;
  const y2 = x2 === x ? middle + Math.sign(y - middle) * UNDER_TEXT : middle;
  const distance = Math.hypot(x2 - x, y2 - y);
  if (distance < APART) return [];
  const [x1, y1] = [x + ((x2 - x) / distance) * FROM_POINT, y + ((y2 - y) / distance) * FROM_POINT];
  return [{ series, x1, y1, x2, y2 }];
}
