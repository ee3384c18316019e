/** Mean service time against directory size, a line a level, each checked against a straight line. */

import { type Scale, createTimeScale } from '../charts/chart-scale.ts';
import { shapeOfSeries } from '../charts/series-encoding.ts';
import { type SizeFit, fitSizes } from '../expectations/curve-measures.ts';
import { formatCount } from '../format-number.ts';
import type { ReportView } from '../report-facts.ts';
import { type TimeUnit, chooseTimeUnit } from '../series.ts';
import type { CellSummary } from '../summary.ts';
import {
  type SizedLevel,
  type SizedTarget,
  describeTarget,
  explainSizes,
  isStraight,
  tabulateSizes,
} from './describe-sizes.ts';
import type { Figure } from './figure.ts';
import { INK_LINE, type LineLook, type LinePanel, type PanelDot, type PanelLine, drawLinePanel } from './line-panel.ts';
import { MOST_PANELS, arrangePanels, sizePanels } from './panels.ts';
import { groupTargets } from './target-groups.ts';
import { chooseSome, joinSentences } from './words.ts';

/** More lines in a panel would hide each other. */
const MOST_LEVELS = 5;
/** Sizes over more than this are drawn on log scales, on which a straight line is a curve. */
const LOG_FROM_RATIO = 200;

/** Null unless some target has at least two sizes measured at one level. */
export function drawTimeAgainstSize({ summary }: ReportView): Figure | null {
  const unit = chooseTimeUnit(summary.cells);
  const targets = groupTargets(summary.cells)
    .map(({ name, series }) => ({
      name,
      levels: fitLevels(series.flatMap(({ levels }) => levels.flatMap(({ cells }) => cells))),
    }))
    .filter(({ levels }) => levels.length > 0);
  if (targets.length === 0) return null;
  const panels = targets
    .slice(0, MOST_PANELS)
    .map((target) => ({ ...target, levels: chooseSome(target.levels, MOST_LEVELS) }));
  const names = panels.flatMap(({ levels }) => levels.map(nameLevel));
  const size = sizePanels(panels.length, names);
  const scales = chooseScales(panels, unit);
  const title = 'Service time against directory size';
  return {
    id: 'time-against-size',
    title,
    sentence: joinSentences(targets.map((target) => describeTarget(target, unit))),
    caption: explainSizes(targets, panels),
    table: tabulateSizes(targets, unit),
    spec: arrangePanels(
      panels.map((target) => ({
        title: target.name,
        draw: (titles) => drawLinePanel(fillPanel(target, unit, scales), size, titles),
      })),
      { size, description: title, x: 'files in the directory', y: `mean service time (${unit.name})` },
    ),
    isInteractive: false,
  };
}

function fitLevels(cells: readonly CellSummary[]): SizedLevel[] {
  return [...Map.groupBy(cells, ({ level }) => level)]
    .toSorted(([a], [b]) => a - b)
    .map(([level, runs]) => ({ level, fit: fitSizes(runs), doubtful: findDoubtful(runs) }))
    .filter(({ fit }) => fit.points.length > 1);
}

function findDoubtful(runs: readonly CellSummary[]): Set<number> {
  const notOk = runs.filter(({ state }) => state === 'degraded' || state === 'failed');
  return new Set(notOk.flatMap(({ directorySize }) => (directorySize === null ? [] : [directorySize])));
}

type Scales = { x: Scale; y: Scale };

/** From zero on both axes, so that a straight line and what it has at zero can be seen. */
function chooseScales(targets: readonly SizedTarget[], unit: TimeUnit): Scales {
  const points = targets.flatMap(({ levels }) => levels.flatMap(({ fit }) => fit.points));
  const sizes = points.map(({ size }) => size);
  const times = points.map(({ meanMs }) => meanMs / unit.ms);
  const [smallest, largest] = [Math.min(...sizes.filter((size) => size > 0)), Math.max(...sizes)];
  if (smallest > 0 && largest / smallest > LOG_FROM_RATIO && !sizes.includes(0)) {
    return { x: createTimeScale(sizes), y: createTimeScale(times) };
  }
  return { x: fromZero(largest), y: fromZero(Math.max(...times)) };
}

function fromZero(highest: number): Scale {
  return { type: 'linear', base: 10, domain: [0, Math.max(highest * 1.05, Number.MIN_VALUE)], ticks: null };
}

function fillPanel({ levels }: SizedTarget, unit: TimeUnit, scales: Scales): LinePanel {
  const places = levels.map(({ fit }) => fit.points.map(({ size, meanMs }) => ({ x: size, y: meanMs / unit.ms })));
  const lines = levels.flatMap((level, index): PanelLine[] => {
    const curve = { label: nameLevel(level), look: lookOfLevel(index), points: places[index] ?? [] };
    const straight = sampleLine(level.fit, unit, scales.x).filter(({ y }) => y >= scales.y.domain[0]);
    if (straight.length === 0) return [curve];
    // The points alone, and the line that they are near: two lines would hide each other.
    const dashed = { label: '', look: { ...curve.look, width: 1, dash: [5, 4] }, points: straight };
    return [{ ...curve, points: [], end: curve.points.at(-1) }, dashed];
  });
  const dots = levels.flatMap(({ doubtful }, index) =>
    (places[index] ?? []).map((place): PanelDot => ({
      ...place,
      look: lookOfLevel(index),
      kind: doubtful.has(place.x) ? 'hollow' : 'solid',
    })),
  );
  return { ...scales, lines, dots };
}

function nameLevel({ level }: SizedLevel): string {
  return `level ${formatCount(level)}`;
}

/** Levels are no series: in ink, told apart by shape and name. */
function lookOfLevel(index: number): LineLook {
  return { ...INK_LINE, shape: shapeOfSeries(index) };
}

/** The straight line between the smallest and the largest size, which is a curve on log scales; empty where it is none. */
function sampleLine({ points, line }: SizeFit, unit: TimeUnit, { type }: Scale): { x: number; y: number }[] {
  if (line === null || !isStraight({ line })) return [];
  const [from, to] = [points[0]?.size ?? 0, points.at(-1)?.size ?? 0];
  const steps = type === 'linear' ? 1 : 40;
  return Array.from({ length: steps + 1 }, (_, step) => {
    const x = type === 'linear' ? from + (to - from) * step : from * (to / from) ** (step / steps);
    return { x, y: (line.atZeroMs + line.perFileMs * x) / unit.ms };
  });
}
