/**
 * What a comparison finds and what it does not, on cells measured from simulated closed-loop services whose speed is never twice
 * the same: 2 % from run to run and cell to cell, beside what a short window adds by chance. 100 comparisons, 3 levels.
 */

import test from 'ava';
import { sampleVariance } from 'simple-statistics';
import { compareResults } from '../../../reports/compare/compare-results.ts';
import type { CellComparison } from '../../../reports/compare/comparison.ts';
import type { CompareInput } from '../../../reports/compare/read-result.ts';
import { isShown } from '../../../reports/compare/words.ts';
import { simulateResult } from './simulated-result.ts';

const COMPARISONS = 100;
const LEVELS = [2, 4, 8];
const NOISE = 0.02;
const SERVICE_US = 4000;

test('two results of one service differ in at most 5 of 100 comparisons, one that is 10 % slower in at least 90', async (t) => {
  const counted = { same: 0, unguarded: 0, slower: 0, faster: 0, cellsFound: 0 };
  const variances: number[] = [];
  for (let index = 0; index < COMPARISONS; index += 1) {
    // Four runs a side, and in every second comparison four against five.
    const runs = 4 + (index % 2);
    const seed = 3 * index + 1;
    const common = { levels: LEVELS, noise: NOISE };
    const first = await simulateResult({ ...common, runs: 4, serviceUs: SERVICE_US, seed });
    const again = await simulateResult({ ...common, runs, serviceUs: SERVICE_US, seed: seed + 1 });
    const slow = await simulateResult({ ...common, runs, serviceUs: SERVICE_US / 0.9, seed: seed + 2 });
    variances.push(...LEVELS.map((level) => varianceOfRates(first, level)));

    const same = cellsOf(first, again);
    if (same.some((cell) => Object.values(cell.figures).some(isShown))) counted.same += 1;
    if (same.some(differsWithoutGuard)) counted.unguarded += 1;

    const slower = cellsOf(first, slow);
    const found = slower.filter(({ figures }) => figures.rate.verdict === 'slower').length;
    counted.cellsFound += found;
    if (found > 0) counted.slower += 1;
    if (slower.some(({ figures }) => Object.values(figures).some(({ verdict }) => verdict === 'faster'))) {
      counted.faster += 1;
    }
  }
  const noise = Math.sqrt(variances.reduce((sum, variance) => sum + variance, 0) / variances.length);
  const cellsFound = counted.cellsFound / (COMPARISONS * LEVELS.length);
  t.log({ ...counted, cellsFound, noise });
  t.true(noise > NOISE, 'the noise is there');
  t.true(counted.same <= 5);
  t.true(counted.slower >= 90);
  t.true(cellsFound >= 0.9, 'not in some cell only: in nine of ten');
  t.is(counted.faster, 0);
  t.true(counted.unguarded > 5, 'each cell tested at 5 % by itself would not do');
});

function cellsOf(baseline: CompareInput, other: CompareInput): CellComparison[] {
  return compareResults(baseline, [other]).pairings[0]?.cells ?? [];
}

function differsWithoutGuard({ figures }: CellComparison): boolean {
  return Object.values(figures).some(({ difference }) => (difference?.p ?? 1) <= 0.05);
}

function varianceOfRates({ summary }: CompareInput, level: number): number {
  const own = summary.cells.filter((cell) => cell.level === level);
  return sampleVariance(own.map(({ ratePerS }) => Math.log(ratePerS ?? 0)));
}
