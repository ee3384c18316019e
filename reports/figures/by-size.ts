/** Fig. 8 and 9 of the paper: rate and time against concurrency, a line for each directory size, axes from zero. */

import { median } from 'simple-statistics';
import { formatShare } from '../../foundation/quantity.ts';
import { createConcurrencyScale, createRateScale } from '../charts/chart-scale.ts';
import { NO_NUMBER, formatCount, formatNumber } from '../format-number.ts';
import type { ReportView } from '../report-facts.ts';
import { type Level, chooseTimeUnit } from '../series.ts';
import type { CellSummary } from '../summary.ts';
import type { Figure, FigureTable } from './figure.ts';
import { type LinePanel, type PanelDot, drawLinePanel } from './line-panel.ts';
import { MOST_PANELS, type PanelSize, arrangePanels, explainOmitted, sizePanels } from './panels.ts';
import {
  type DrawnSeries,
  type TargetGroup,
  explainDots,
  groupTargets,
  kindOfDot,
  nameInGroup,
} from './target-groups.ts';
import { formatPart, joinSentences, nameSize, startSentence } from './words.ts';

/** What stands on y. */
type Quantity = {
  id: string;
  title: string;
  /** For the axis. */
  name: string;
  unit: string;
  /** In the unit. */
  of(cell: CellSummary): number | null;
  /** What two sizes have at a level, as the rest of a sentence. */
  compare(small: SizeValue, large: SizeValue): string;
};

type SizeValue = { size: number; value: number };

export function drawRateBySize({ summary }: ReportView): Figure | null {
  return drawBySize(summary.cells, {
    id: 'rate-by-size',
    title: 'Rate by directory size',
    name: 'operations per second (Hz)',
    unit: 'Hz',
    of: ({ ratePerS }) => ratePerS,
    compare(small, large) {
      const change = large.value / small.value - 1;
      const [at, to] = [small, large].map(({ size, value }) => `${formatNumber(value)} Hz with ${nameSize(size)}`);
      const by = Number.isFinite(change) ? ` (${formatPart(Math.abs(change))} ${change < 0 ? 'less' : 'more'})` : '';
      return `the rate is ${at} and ${to}${by}`;
    },
  });
}

export function drawTimeBySize({ summary }: ReportView): Figure | null {
  const unit = chooseTimeUnit(summary.cells);
  return drawBySize(summary.cells, {
    id: 'time-by-size',
    title: 'Service time by directory size',
    name: `mean service time (${unit.name})`,
    unit: unit.name,
    of: ({ serviceTimeMs: { mean } }) => (mean === null ? null : mean / unit.ms),
    compare(small, large) {
      const ratio = large.value / small.value;
      const [at, to] = [small, large].map(
        ({ size, value }) => `${formatNumber(value)} ${unit.name} on average with ${nameSize(size)}`,
      );
      const times = Number.isFinite(ratio) ? ` (${formatNumber(ratio)} times as long)` : '';
      return `an operation takes ${at} and ${to}${times}`;
    },
  });
}

/** Null unless some target has at least two sizes with something to draw. */
function drawBySize(cells: readonly CellSummary[], quantity: Quantity): Figure | null {
  const groups = groupTargets(cells).filter(
    ({ series }) => series.filter((each) => dotsOf(each, quantity).length > 0).length > 1,
  );
  if (groups.length === 0) return null;
  const drawn = groups.slice(0, MOST_PANELS);
  const dots = drawn.flatMap(({ series }) => series.flatMap((each) => dotsOf(each, quantity)));
  const names = drawn.flatMap(({ series }) => series.map((each) => nameInGroup(each, series)));
  const size = sizePanels(drawn.length, names);
  const { id, title } = quantity;
  const sentence = joinSentences(groups.map((group) => describeGroup(group, quantity)));
  return {
    id,
    title,
    sentence,
    caption: explainDots(dots) + explainOmitted(groups.length - drawn.length),
    table: tabulate(groups, quantity),
    spec: arrangePanels(
      drawn.map((group) => ({
        title: group.name,
        draw: (titles) => drawLinePanel(fillPanel(group, { quantity, dots, size }), size, titles),
      })),
      { size, description: title, x: 'clients in flight', y: quantity.name },
    ),
    isInteractive: false,
  };
}

function dotsOf({ levels, look }: DrawnSeries, { of }: Quantity): PanelDot[] {
  return levels.flatMap((level) =>
    level.cells.flatMap((cell): PanelDot[] => {
      const [x, y] = [cell.inFlight, of(cell)];
      return x === null || x <= 0 || y === null ? [] : [{ x, y, look, kind: kindOfDot(cell) }];
    }),
  );
}

/** `dots` of all panels: their axes are the same, so that they can be compared. */
function fillPanel(
  { series }: TargetGroup,
  { quantity, dots, size }: { quantity: Quantity; dots: readonly PanelDot[]; size: PanelSize },
): LinePanel {
  const inFlight = dots.map(({ x }) => x);
  return {
    x: createConcurrencyScale(inFlight, inFlight, { width: size.width }),
    y: createRateScale(dots.map(({ y }) => y)),
    lines: series.map((each) => ({
      label: nameInGroup(each, series),
      look: each.look,
      points: each.levels.map((level) => {
        const y = medianOf(level, quantity.of);
        return level.typical === null || y === null ? null : { x: level.typical.inFlight, y };
      }),
    })),
    dots: series.flatMap((each) => dotsOf(each, quantity)),
  };
}

/** Over the runs that are ok. */
function medianOf({ cells }: Level, of: Quantity['of']): number | null {
  const values = valuesOf(cells, of);
  return values.length === 0 ? null : median(values);
}

function valuesOf(cells: readonly CellSummary[], of: Quantity['of']): number[] {
  return cells
    .filter(({ state }) => state === 'ok')
    .map(of)
    .filter((value) => value !== null);
}

/** What the largest size has beside the smallest, at the highest level that both have, and how far a size's levels differ. */
function describeGroup({ name, series }: TargetGroup, { compare, of }: Quantity): string {
  const sized = series.filter(({ levels }) => levels.some((level) => medianOf(level, of) !== null));
  const [first, last] = [sized[0], sized.at(-1)];
  if (first === undefined || last === undefined || first === last)
    return startSentence(name, 'fewer than two sizes have a run that is ok.');
  const pairs = first.levels.flatMap((level) => {
    const other = last.levels.find((each) => each.level === level.level);
    const [small, large] = [medianOf(level, of), other === undefined ? null : medianOf(other, of)];
    return small === null || large === null ? [] : [{ level: level.level, small, large }];
  });
  const highest = pairs.at(-1);
  const sizes = `${nameSize(first.directorySize ?? 0)} and ${nameSize(last.directorySize ?? 0)}`;
  if (highest === undefined) return startSentence(name, `no level has a run that is ok both with ${sizes}.`);
  const compared = compare(
    { size: first.directorySize ?? 0, value: highest.small },
    { size: last.directorySize ?? 0, value: highest.large },
  );
  return startSentence(name, `at level ${formatCount(highest.level)} ${compared}.${describeSpread(sized, of)}`);
}

function describeSpread(series: readonly DrawnSeries[], of: Quantity['of']): string {
  const spreads = series.flatMap(({ directorySize, levels }) => {
    const values = levels.map((level) => medianOf(level, of)).filter((value) => value !== null);
    const ratio = Math.max(...values) / Math.min(...values);
    return values.length > 1 && Number.isFinite(ratio) ? [{ size: directorySize ?? 0, ratio }] : [];
  });
  const [first] = spreads;
  if (first === undefined) return '';
  const worst = spreads.reduce((a, b) => (b.ratio > a.ratio ? b : a), first);
  const by = worst.ratio >= 2 ? `a factor of ${formatNumber(worst.ratio)}` : formatShare(worst.ratio - 1);
  return ` For one size it differs between levels by ${by} at most (${nameSize(worst.size)}).`;
}

function tabulate(groups: readonly TargetGroup[], { of, unit, name }: Quantity): FigureTable {
  const what = unit === 'Hz' ? 'rate' : name.replace(/ \(.*/, '');
  const rows = groups.flatMap(({ series }) =>
    series.flatMap(({ label, levels }) =>
      levels.map((level) => {
        const values = valuesOf(level.cells, of);
        const spread =
          values.length < 2 ? [NO_NUMBER, NO_NUMBER] : [Math.min(...values), Math.max(...values)].map(formatNumber);
        const ok = `${values.length} of ${level.cells.length}`;
        return [
          label,
          formatCount(level.level),
          ok,
          formatNumber(level.typical?.inFlight ?? null),
          formatNumber(medianOf(level, of)),
          ...spread,
        ];
      }),
    ),
  );
  return {
    columns: ['series', 'level', 'runs ok', 'in flight', `${what} (${unit})`, 'lowest run', 'highest run'],
    rows,
  };
}
