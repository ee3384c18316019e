/**
 * Two or more results, each against the first: Welch's test on the runs of every cell and figure, with the chance of any false
 * alarm held over all of them. Definitions and assumptions: docs/compare.md.
 */

import type { CellSummary } from '../summary.ts';
import {
  type CellComparison,
  type CompareVerdict,
  type ComparedResult,
  type Comparison,
  type Difference,
  type FigureComparison,
  type FigureName,
  type Pairing,
  type SideFigure,
} from './comparison.ts';
import { type ComparedFigure, FIGURES } from './figures.ts';
import { adjustByHolm } from './holm.ts';
import { type PairedCell, pairCells } from './pair-cells.ts';
import type { CompareInput } from './read-result.ts';
import { sayDifferences } from './say-differences.ts';
import { describeSide, usableRuns } from './usable-runs.ts';
import { INTERVAL_LEVEL, type Sample, compareMeans, meanOf } from './welch.ts';

/** With fewer runs a spread is hardly known, and a test of all cells at once finds nothing. */
export const RUNS_NEEDED = 4;
const FAMILY_LEVEL = 0.05;
const TEST_NAME = 'Welch’s t-test over runs (rate, p50 and p95 by their logarithms), Holm over all cells';

/**
 * @param baseline what all others are compared with
 * @param others at least one
 */
export function compareResults(baseline: CompareInput, others: readonly CompareInput[]): Comparison {
  const first = nameResult(baseline, 0);
  const pairings = others.map((other, index): Pairing => {
    const paired = pairCells(baseline.summary, other.summary);
    const named = nameResult(other, index + 1);
    return {
      other: named,
      ...sayDifferences({ baseline, other, paired, labels: { baseline: first.label, other: named.label } }),
      cells: paired.pairs.map(compareCell),
    };
  });
  return {
    version: 1,
    test: {
      name: TEST_NAME,
      runsNeeded: RUNS_NEEDED,
      familyLevel: FAMILY_LEVEL,
      intervalLevel: INTERVAL_LEVEL,
      tested: decideVerdicts(pairings.flatMap(({ cells }) => cells)),
    },
    baseline: first,
    pairings,
  };
}

/** A to Z, then A2. */
function nameResult({ path, summary: { name, startedAt } }: CompareInput, index: number): ComparedResult {
  const letter = String.fromCodePoint(65 + (index % 26));
  return { label: index < 26 ? letter : `${letter}${Math.floor(index / 26) + 1}`, path, name, startedAt };
}

function compareCell({ place, baseline, other }: PairedCell): CellComparison {
  const figures = FIGURES.map((figure) => [figure.name, compareFigure(figure, baseline, other)] as const);
  return {
    ...place,
    baseline: describeSide(baseline),
    other: describeSide(other),
    figures: Object.fromEntries(figures) as Record<FigureName, FigureComparison>,
  };
}

/** Without a verdict where there is a difference to be tested: that depends on all the others. */
function compareFigure(
  figure: ComparedFigure,
  baseline: readonly CellSummary[],
  other: readonly CellSummary[],
): FigureComparison {
  const [a, b] = [baseline, other].map((cells) => takeRuns(figure, cells)) as [Runs, Runs];
  const sides = { baseline: describeRuns(figure, a), other: describeRuns(figure, b) };
  if (a.values.length === 0 || b.values.length === 0) return { ...sides, difference: null, verdict: 'not enough runs' };
  const samples = [a, b].map((runs) => sampleOf(figure, runs, [a, b])) as [Sample, Sample];
  const shown = (value: number): number => (figure.isRelative ? Math.expm1(value) : value);
  if (Math.min(a.values.length, b.values.length) < RUNS_NEEDED) {
    const value = shown(meanOf(samples[1].values) - meanOf(samples[0].values));
    const difference = { value, low: null, high: null, p: null, adjustedP: null };
    return { ...sides, difference, verdict: 'not enough runs' };
  }
  const { difference, low, high, p } = compareMeans(...samples);
  return {
    ...sides,
    difference: { value: shown(difference), low: shown(low), high: shown(high), p, adjustedP: null },
    verdict: 'no difference shown',
  };
}

/** A figure of the runs that have it, and its steps. */
type Runs = { values: number[]; steps: number[] };

function takeRuns(figure: ComparedFigure, cells: readonly CellSummary[]): Runs {
  const runs = usableRuns(figure.name, cells).flatMap((cell) => {
    const value = figure.read(cell);
    return value === null ? [] : [{ value, step: figure.stepOf(cell) }];
  });
  return { values: runs.map(({ value }) => value), steps: runs.map(({ step }) => step) };
}

function describeRuns({ isRelative }: ComparedFigure, { values }: Runs): SideFigure {
  if (values.length === 0) return { runs: 0, value: null, values: [] };
  return {
    runs: values.length,
    value: isRelative ? Math.exp(meanOf(values.map((value) => Math.log(value)))) : meanOf(values),
    values: values.toSorted((a, b) => a - b),
  };
}

/**
 * The least variance of a ratio is that of rounding to a step (step² / 12); that of a share is what counting so many operations
 * makes (binomial, at the share of both sides together).
 */
function sampleOf({ isRelative }: ComparedFigure, { values, steps }: Runs, both: readonly Runs[]): Sample {
  const step = meanOf(steps);
  if (isRelative) {
    return { values: values.map((value) => Math.log(value)), leastVariance: (step / meanOf(values)) ** 2 / 12 };
  }
  const share = meanOf(both.flatMap((runs) => runs.values));
  return { values, leastVariance: share * (1 - share) * step };
}

/**
 * Holm's procedure within each figure over the cells of all pairings, at the figure's share of the level (Bonferroni between
 * figures). Returns how many were tested.
 */
function decideVerdicts(cells: readonly CellComparison[]): number {
  let tested = 0;
  for (const { name, weight, verdicts } of FIGURES) {
    const family = cells.map(({ figures }) => figures[name]).filter(isTestable);
    const adjusted = adjustByHolm(family.map(({ difference }) => difference.p));
    tested += family.length;
    family.forEach((comparison, index) => {
      const adjustedP = Math.min(1, (adjusted[index] as number) / weight);
      comparison.difference.adjustedP = adjustedP;
      comparison.verdict = nameVerdict(adjustedP, comparison.difference.value, verdicts);
    });
  }
  return tested;
}

type Testable = FigureComparison & { difference: Difference & { p: number } };

/** Where neither side has a failure there is nothing that could be found, and it takes no share of the level. */
function isTestable(comparison: FigureComparison): comparison is Testable {
  const { difference, baseline, other } = comparison;
  return difference !== null && difference.p !== null && !(baseline.value === 0 && other.value === 0);
}

function nameVerdict(adjustedP: number, value: number, verdicts: ComparedFigure['verdicts']): CompareVerdict {
  if (adjustedP > FAMILY_LEVEL || value === 0) return 'no difference shown';
  return value > 0 ? verdicts.higher : verdicts.lower;
}
