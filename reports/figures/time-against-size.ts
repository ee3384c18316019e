/** Mean service time against directory size, a line a level, each checked against a straight line. */

import { formatShare } from '../../foundation/quantity.ts';
import { type Scale, createTimeScale } from '../charts/chart-scale.ts';
import { shapeOfSeries } from '../charts/series-encoding.ts';
import { type SizeFit, fitSizes } from '../expectations/curve-measures.ts';
import { NO_NUMBER, formatCount, formatNumber } from '../format-number.ts';
import type { ReportView } from '../report-facts.ts';
import { type TimeUnit, chooseTimeUnit } from '../series.ts';
import type { CellSummary } from '../summary.ts';
import type { Figure, FigureTable } from './figure.ts';
import { INK_LINE, type LineLook, type LinePanel, type PanelLine, drawLinePanel, markPoints } from './line-panel.ts';
import { MOST_PANELS, arrangePanels, explainOmitted, sizePanels } from './panels.ts';
import { groupTargets } from './target-groups.ts';
import { chooseSome, formatTime, joinSentences, joinWords, nameSize, startSentence } from './words.ts';

type SizedLevel = { level: number; fit: SizeFit };
type SizedTarget = { name: string | null; levels: SizedLevel[] };

/** More lines in a panel would hide each other. */
const MOST_LEVELS = 5;
/** A straight line further off than this is not drawn: it is none. */
const STRAIGHT_WITHIN = 0.2;
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
    caption: explain(targets, panels),
    table: tabulate(targets, unit),
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
    .map(([level, runs]) => ({ level, fit: fitSizes(runs) }))
    .filter(({ fit }) => fit.points.length > 1);
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
  const fromZero = (highest: number): Scale => ({
    type: 'linear',
    base: 10,
    domain: [0, Math.max(highest * 1.05, Number.MIN_VALUE)],
    ticks: null,
  });
  return { x: fromZero(largest), y: fromZero(Math.max(...times)) };
}

function fillPanel({ levels }: SizedTarget, unit: TimeUnit, scales: Scales): LinePanel {
  const curves = levels.map((each, index): PanelLine & { fit: SizeFit } => ({
    label: nameLevel(each),
    look: lookOfLevel(index),
    points: each.fit.points.map(({ size: files, meanMs }) => ({ x: files, y: meanMs / unit.ms })),
    fit: each.fit,
  }));
  const lines = curves.flatMap((curve) => {
    const straight = sampleLine(curve.fit, unit, scales.x);
    if (straight.length === 0) return [curve];
    const points = straight.filter(({ y }) => y >= scales.y.domain[0]);
    const dashed = { label: '', look: { ...curve.look, width: 1, dash: [5, 4] }, points };
    return [{ ...curve, look: { ...curve.look, width: 0 } }, dashed];
  });
  return { ...scales, lines, dots: markPoints(curves) };
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
  if (line === null || line.worst.share > STRAIGHT_WITHIN) return [];
  const [from, to] = [points[0]?.size ?? 0, points.at(-1)?.size ?? 0];
  const steps = type === 'linear' ? 1 : 40;
  return Array.from({ length: steps + 1 }, (_, step) => {
    const x = type === 'linear' ? from + (to - from) * step : from * (to / from) ** (step / steps);
    return { x, y: (line.atZeroMs + line.perFileMs * x) / unit.ms };
  });
}

/** What the highest level tells. */
function describeTarget({ name, levels }: SizedTarget, unit: TimeUnit): string {
  const { level, fit } = levels.at(-1) as SizedLevel;
  return startSentence(name, `at level ${formatCount(level)} the mean service time is ${describeFit(fit, unit)}.`);
}

function describeFit({ points, line }: SizeFit, unit: TimeUnit): string {
  if (line === null) {
    const ends = [points[0], points.at(-1)].filter((point) => point !== undefined);
    const told = ends.map(({ size, meanMs }) => `${formatTime(meanMs, unit)} with ${nameSize(size)}`);
    return `${joinWords(told)}; a straight line needs 4 sizes`;
  }
  const { perFileMs, atZeroMs, worst } = line;
  if (worst.share <= STRAIGHT_WITHIN) {
    const each = `${perFileMs < 1 ? `${formatNumber(perFileMs * 1000)} µs` : `${formatNumber(perFileMs)} ms`} for each file`;
    const sum =
      atZeroMs < 0 ? `${each}, less ${formatTime(-atZeroMs, unit)}` : `${formatTime(atZeroMs, unit)} and ${each}`;
    const within = `no size lies further than ${formatShare(worst.share)} from that straight line (${nameSize(worst.size)})`;
    return `${sum}; ${within}`;
  }
  const off = Number.isFinite(worst.share)
    ? `${nameSize(worst.size)}: ${formatShare(worst.share)} off`
    : 'it would not lie above zero';
  return `no straight line in the size (${off})`;
}

function explain(targets: readonly SizedTarget[], panels: readonly SizedTarget[]): string {
  const all = panels.flatMap(({ levels }) => levels);
  const isStraight = ({ fit }: SizedLevel): boolean => fit.line !== null && fit.line.worst.share <= STRAIGHT_WITHIN;
  const left = targets
    .slice(0, panels.length)
    .some(({ levels }, index) => levels.length > (panels[index]?.levels.length ?? 0));
  return (
    [
      'A point is the mean of the operations that succeeded, the median over runs.',
      ...(all.some(isStraight) ? ['Dashed: the straight line through the points, by least squares.'] : []),
      ...(left
        ? [
            `Of more than ${MOST_LEVELS} levels some are drawn, the lowest and the highest among them: the table has all.`,
          ]
        : []),
    ].join(' ') + explainOmitted(targets.length - panels.length)
  );
}

function tabulate(targets: readonly SizedTarget[], unit: TimeUnit): FigureTable {
  const rows = targets.flatMap(({ name, levels }) =>
    levels.flatMap(({ level, fit: { points, line } }) =>
      points.map(({ size, meanMs }) => {
        const lineMs = line === null ? null : line.atZeroMs + line.perFileMs * size;
        const off = lineMs === null || lineMs <= 0 ? NO_NUMBER : formatShare(meanMs / lineMs - 1);
        return [
          ...(name === null ? [] : [name]),
          formatCount(level),
          formatCount(size),
          formatNumber(meanMs / unit.ms),
          formatNumber(lineMs === null ? null : lineMs / unit.ms),
          off,
        ];
      }),
    ),
  );
  const named = targets.some(({ name }) => name !== null) ? ['target'] : [];
  return {
    columns: [...named, 'level', 'files', `mean (${unit.name})`, `straight line (${unit.name})`, 'off the line'],
    rows,
  };
}
