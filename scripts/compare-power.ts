/**
 * What `glidetester compare` finds of simulated services: the table of docs/compare.md.
 * `node scripts/compare-power.ts [comparisons]`, some minutes.
 */

import { compareResults } from '../reports/compare/compare-results.ts';
import type { CellComparison } from '../reports/compare/comparison.ts';
import { isShown } from '../reports/compare/words.ts';
import { simulateResult } from '../test/reports/compare/simulated-result.ts';

const SERVICE_US = 4000;
const FEW = [2, 4, 8];
const MANY = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const SETTINGS = [
  { noise: 0.01, runs: 4, levels: FEW },
  { noise: 0.02, runs: 4, levels: FEW },
  { noise: 0.03, runs: 4, levels: FEW },
  { noise: 0.03, runs: 6, levels: FEW },
  { noise: 0.05, runs: 4, levels: FEW },
  { noise: 0.05, runs: 10, levels: FEW },
  { noise: 0.02, runs: 4, levels: MANY },
  { noise: 0.02, runs: 6, levels: MANY },
] as const;

const comparisons = Number(process.argv[2] ?? 200);
console.log('| noise | runs a side | cells | same service: differs | 10 % slower: found | in how many of its cells |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const { noise, runs, levels } of SETTINGS) {
  const counted = { same: 0, slower: 0, cells: 0 };
  for (let index = 0; index < comparisons; index += 1) {
    const simulate = (serviceUs: number, seed: number) => simulateResult({ levels, noise, runs, serviceUs, seed });
    const seed = 1_000_000 + 3 * index;
    const first = await simulate(SERVICE_US, seed);
    const cellsOf = async (serviceUs: number, own: number): Promise<CellComparison[]> =>
      compareResults(first, [await simulate(serviceUs, own)]).pairings[0]?.cells ?? [];
    const same = await cellsOf(SERVICE_US, seed + 1);
    if (same.some(({ figures }) => Object.values(figures).some(isShown))) counted.same += 1;
    const slower = await cellsOf(SERVICE_US / 0.9, seed + 2);
    const found = slower.filter(({ figures }) => figures.rate.verdict === 'slower').length;
    counted.cells += found;
    if (found > 0) counted.slower += 1;
  }
  const share = (count: number, of = comparisons): string => `${((100 * count) / of).toFixed(1)} %`;
  const cells = share(counted.cells, comparisons * levels.length);
  console.log(
    `| ${noise * 100} % | ${runs} | ${levels.length} | ${share(counted.same)} | ${share(counted.slower)} | ${cells} |`,
  );
}
