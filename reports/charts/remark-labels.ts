/** Words at what is drawn around the curves: limit, knee, ideal growth, timeouts. They are left out where they would cover a curve. */

import { type Panel, placeOn } from './chart-panel.ts';
import { type IdealPoint, type Knee, type Limit, nameKnee, nameLimit } from './curve-marks.ts';
import { type Box, type Obstacle, type Place, type Wish, placeLabels } from './place-labels.ts';
import { shortenNames } from './shorten-names.ts';
import type { TimeoutLine } from './time-panel.ts';
import { estimateWidth } from './text-width.ts';

export type Remark = { text: string; left: number; middle: number };

/** Covering one faint line is bearable, a curve is not. */
const COST_AT_MOST = 30;
const ROWS = 4;
/** Rather below than beside what it is about. */
const BESIDE = 6;
/** How bad it is to cover the rule of a knee. */
const RULE_WEIGHT = 16;

type Wanted = Wish & { text: string };

/** Those of the rates' panel; `taken` are its names. */
export function remarkOnRates(
  panel: Panel,
  marks: { limits: readonly Limit[]; knees: readonly Knee[]; ideals: readonly IdealPoint[] },
  { obstacles, taken }: { obstacles: readonly Obstacle[]; taken: readonly Box[] },
): Remark[] {
  const { fontSize, labelColumn } = panel.layout;
  const short = shortenNames(
    panel.data.curves.map(({ label }) => label),
    labelColumn,
    fontSize,
  );
  const curves = panel.data.curves.map((curve, series) => ({ ...curve, label: short[series] as string }));
  const wanted = [
    ...marks.limits.map((limit) => {
      const others = marks.limits.filter((other) => other !== limit).map((other) => rangeOf(panel, other));
      return atTop(panel, nameLimit(limit, curves), { range: rangeOf(panel, limit), others });
    }),
    ...marks.knees.map((knee) => {
      const { x } = placeOn(panel, knee.inFlight, 0);
      return atTop(panel, nameKnee(knee, curves), { range: [x, x], others: [] });
    }),
    ...alongIdeal(panel, marks.ideals),
  ];
  const rules = marks.knees.map(({ inFlight }): Obstacle => {
    const { x } = placeOn(panel, inFlight, 0);
    return { x1: x, x2: x, y1: 0, y2: panel.height, weight: RULE_WEIGHT };
  });
  return place(wanted, panel, { obstacles: [...obstacles, ...rules], taken });
}

/** A timeout's words stand on its line, at its left end or wherever nothing else is. */
export function remarkOnTimes(
  panel: Panel,
  timeouts: readonly TimeoutLine[],
  { obstacles, taken }: { obstacles: readonly Obstacle[]; taken: readonly Box[] },
): Remark[] {
  const { width, lineHeight } = panel.layout;
  const wanted = timeouts.map(({ time, text }) => {
    const { y } = placeOn(panel, panel.x.domain[1], time);
    const room = width - estimateWidth(text, panel.layout.fontSize) - 8;
    const places = Array.from({ length: 12 }, (_, index) => (room * index) / 11).flatMap((left) => [
      { left: left + 4, middle: y - lineHeight / 2, cost: left / 100 },
      { left: left + 4, middle: y + lineHeight / 2 + 1, cost: 2 + left / 100 },
    ]);
    return size(panel, text, places);
  });
  return place(wanted, panel, { obstacles, taken });
}

function place(
  wanted: readonly Wanted[],
  panel: Panel,
  around: { obstacles: readonly Obstacle[]; taken: readonly Box[] },
): Remark[] {
  const bounds = { left: 2, top: -4, right: panel.layout.width + panel.layout.labelColumn, bottom: panel.height };
  const places = placeLabels(wanted, { bounds, ...around, costAtMost: COST_AT_MOST });
  return wanted.flatMap(({ text }, index) => {
    const found = places[index];
    return found == null ? [] : [{ text, left: found.left, middle: found.middle }];
  });
}

type Range = readonly [from: number, to: number];

function rangeOf(panel: Panel, { from, to }: Limit): Range {
  return [placeOn(panel, from ?? panel.x.domain[0], 0).x, placeOn(panel, to, 0).x];
}

/** In one of the upper rows, in the middle of its range or beside it, rather not over the range of another. */
function atTop(panel: Panel, text: string, { range, others }: { range: Range; others: readonly Range[] }): Wanted {
  const { lineHeight, fontSize } = panel.layout;
  const [from, to] = range;
  const width = estimateWidth(text, fontSize);
  const isOverOther = (left: number): boolean => others.some((other) => left < other[1] && left + width > other[0]);
  const places = Array.from({ length: ROWS }, (_, row) => row).flatMap((row): Place[] => {
    const middle = lineHeight / 2 - 2 + row * (lineHeight + 1);
    const across: [left: number, cost: number][] = [
      [(from + to - width) / 2, 0],
      [from - width - 5, BESIDE],
      [to + 5, BESIDE],
    ];
    return across.map(([left, cost]) => ({
      left,
      middle,
      cost: cost + row * 2 + (isOverOther(left) ? BESIDE * 2 : 0),
    }));
  });
  return size(panel, text, places);
}

/** Beside one of the lines of ideal growth, as high as there is room. */
function alongIdeal(panel: Panel, ideals: readonly IdealPoint[]): Wanted[] {
  if (panel.variant.rate === 'per-client') return [];
  const text = 'ideal';
  const width = estimateWidth(text, panel.layout.fontSize);
  const inPlot = ideals
    .map(({ inFlight, hz }) => placeOn(panel, inFlight, hz))
    .filter(({ x, y }) => y > 4 && y < panel.height * 0.8 && x + width < panel.layout.width);
  if (inPlot.length === 0) return [];
  const places = inPlot.flatMap(({ x, y }) => [
    { left: x - width - 6, middle: y, cost: y / 20 },
    { left: x + 6, middle: y, cost: 1 + y / 20 },
  ]);
  return [size(panel, text, places)];
}

function size({ layout: { fontSize, lineHeight } }: Panel, text: string, places: readonly Place[]): Wanted {
  return { text, width: estimateWidth(text, fontSize), height: lineHeight, places };
}
