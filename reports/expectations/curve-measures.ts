/** Measures of a curve: one target, scenario and size over its levels, by the typical run of each level. */

import { linearRegression, linearRegressionLine, rSquared } from 'simple-statistics';
import { formatCount, formatQuantity } from '../format-number.ts';
import { type Level, groupSeries } from '../series.ts';
import type { CellSummary } from '../summary.ts';
import { explainAbsence, measureLevel } from './cell-measures.ts';
import { type Value, known, unknown } from './value.ts';
import type { MeasureName } from './vocabulary.ts';

/** A typical run: clients in flight and Hz. */
export type CurvePoint = [inFlight: number, ratePerS: number];

/** With two points a line fits by arithmetic, which is no evidence. */
const LEAST_POINTS: Partial<Record<MeasureName, number>> = { slope: 2, spread: 2, r2: 3 };
const LEAST_SIZES = 4;

const FORMULAS: Partial<Record<MeasureName, (points: readonly CurvePoint[]) => number>> = {
  slope: (points) => linearRegression(points).m,
  r2: (points) => rSquared(points, linearRegressionLine(linearRegression(points))),
  'highest rate': (points) => Math.max(...ratesOf(points)),
  'lowest rate': (points) => Math.min(...ratesOf(points)),
  spread: (points) => Math.max(...ratesOf(points)) / Math.min(...ratesOf(points)) - 1,
};

function ratesOf(points: readonly CurvePoint[]): number[] {
  return points.map(([, ratePerS]) => ratePerS);
}

/** The figure of the curve through these cells, all of one target, scenario and size. */
export function measureCurve(name: MeasureName, cells: readonly CellSummary[]): Value {
  const absence = explainAbsence(cells);
  if (absence !== null) return unknown(absence);
  const levels = groupSeries(cells)[0]?.levels ?? [];
  if (name === 'limit' || name === 'first bad level') return measureLimit(name, levels);
  const points = pointsOf(levels);
  const least = LEAST_POINTS[name] ?? 1;
  if (points.length < least)
    return unknown(
      `${points.length} of ${formatQuantity(levels.length, 'level')} measured and ok, ${least} are needed`,
    );
  const value = FORMULAS[name]?.(points) ?? Number.NaN;
  if (!Number.isFinite(value)) return unknown('the points do not tell it');
  const note =
    points.length < levels.length ? `over ${points.length} of ${formatQuantity(levels.length, 'level')}` : '';
  return known(value, { note });
}

/** The typical runs of a series' levels, by level. */
export function pointsOf(levels: readonly Level[]): CurvePoint[] {
  return levels.flatMap(({ typical }): CurvePoint[] =>
    typical === null ? [] : [[typical.inFlight, typical.ratePerS]],
  );
}

/** The last level up to which no measured run failed, and the first above it. */
export function findLimit(levels: readonly Level[]): { lastGood: number | null; firstBad: number | null } {
  const measured = levels.filter(({ cells }) => cells.some(wasMeasured));
  const firstBad = measured.findIndex(({ cells }) =>
    cells.some((cell) => wasMeasured(cell) && cell.state === 'failed'),
  );
  const lastGood = firstBad === -1 ? measured.at(-1) : measured[firstBad - 1];
  return { lastGood: lastGood?.level ?? null, firstBad: measured[firstBad]?.level ?? null };
}

/** A cell in which no operation ran tells nothing about the service, whatever its state. */
function wasMeasured({ state, operations: { ok, failed, cut } }: CellSummary): boolean {
  return state !== 'skipped' && ok + failed + cut > 0;
}

function measureLimit(name: 'limit' | 'first bad level', levels: readonly Level[]): Value {
  const { lastGood, firstBad } = findLimit(levels);
  if (lastGood === null && firstBad === null) return unknown('no operation ran at any level');
  if (firstBad === null) {
    const text = `${name}: no level failed up to ${nameClients(lastGood ?? 0)}`;
    return known(lastGood ?? 0, { bound: 'at least', text });
  }
  if (name === 'first bad level') return known(firstBad, { text: `first bad level: ${nameClients(firstBad)}` });
  if (lastGood === null) return known(firstBad, { bound: 'at most', text: `limit: below ${nameClients(firstBad)}` });
  return known(lastGood, { text: `limit: between ${formatCount(lastGood)} and ${nameClients(firstBad)}` });
}

function nameClients(level: number): string {
  return formatQuantity(level, 'client');
}

/** How far the mean service time of a directory size lies from the straight line over all sizes, at worst, as a share of the line. */
export function measureLineDeviation(cells: readonly CellSummary[]): Value {
  const absence = explainAbsence(cells);
  if (absence !== null) return unknown(absence);
  const { points, sizes, line } = fitSizes(cells);
  if (line === null)
    return unknown(`${formatQuantity(points.length, 'directory size')} measured, ${LEAST_SIZES} are needed for a line`);
  const { worst } = line;
  if (!Number.isFinite(worst.share)) return unknown('the line does not lie above zero');
  const at = `${formatCount(worst.size)} ${worst.size === 1 ? 'file' : 'files'}`;
  const over = points.length < sizes ? `, over ${points.length} of ${formatQuantity(sizes, 'size')}` : '';
  return known(worst.share, { note: `at worst, at ${at}${over}` });
}

export type SizeFit = {
  /** Mean service time (median over the runs) of the sizes that have one, by size. */
  points: { size: number; meanMs: number }[];
  /** How many sizes there are, measured or not. */
  sizes: number;
  /** Least squares over the points; null: there are fewer than 4. `worst.share` is infinite where the line is not above zero. */
  line: { perFileMs: number; atZeroMs: number; worst: { size: number; share: number } } | null;
};

/** Service time against directory size, of cells of one target and level. */
export function fitSizes(cells: readonly CellSummary[]): SizeFit {
  const sizes = [...Map.groupBy(cells, ({ directorySize }) => directorySize)];
  const points = sizes
    .flatMap(([size, runs]) => {
      const mean = measureLevel('mean', null, runs);
      return size !== null && mean.isKnown ? [{ size, meanMs: mean.value * 1000 }] : [];
    })
    .toSorted((a, b) => a.size - b.size);
  if (points.length < LEAST_SIZES) return { points, sizes: sizes.length, line: null };
  const { m: perFileMs, b: atZeroMs } = linearRegression(points.map(({ size, meanMs }) => [size, meanMs]));
  const deviations = points.map(({ size, meanMs }) => {
    const lineMs = atZeroMs + perFileMs * size;
    return { size, share: lineMs > 0 ? Math.abs(meanMs / lineMs - 1) : Infinity };
  });
  const worst = deviations.reduce((a, b) => (b.share > a.share ? b : a));
  return { points, sizes: sizes.length, line: { perFileMs, atZeroMs, worst } };
}
