/** The parts of which models are made: line, sameness of levels, plateau, judgement of residuals. */

import test, { type ExecutionContext } from 'ava';
import { type CurveLevel, countLoads } from '../../../reports/models/curve-levels.ts';
import { judgeNumber, judgeResiduals, measureGoodness } from '../../../reports/models/goodness.ts';
import { fitKnee } from '../../../reports/models/knee-fit.ts';
import { fitLine } from '../../../reports/models/line-fit.ts';
import { findFlatEnd, measurePlateau } from '../../../reports/models/plateau.ts';
import { compareRates } from '../../../reports/models/same-rates.ts';
import type { Estimate } from '../../../reports/models/series-model.ts';

/** One level each, of the median of its runs. */
function levelsOf(...levels: readonly (readonly [inFlight: number, ...runsPerS: number[]])[]): CurveLevel[] {
  return levels.map(([inFlight, ...runsPerS]) => {
    const ratePerS = runsPerS.toSorted((a, b) => a - b)[Math.floor(runsPerS.length / 2)] as number;
    return { level: inFlight, inFlight, ratePerS, runsPerS };
  });
}

function isEstimate(
  t: ExecutionContext,
  estimate: Estimate | undefined,
  [value, low, high]: [number, number, number],
): void {
  for (const [name, expected] of Object.entries({ value, low, high })) {
    t.true(
      Math.abs((estimate?.[name as keyof Estimate] ?? NaN) - expected) < 1e-9,
      `${name}: ${JSON.stringify(estimate)}`,
    );
  }
}

test('the line is what numpy and scipy make of the same formulas', (t) => {
  const fit = fitLine(levelsOf([1, 3.1], [2, 5.8], [4, 12.3], [8, 23.5], [16, 49.2], [32, 95.1]));
  isEstimate(t, fit?.hzPerClient, [2.9959531416400416, 2.802128638620142, 3.1897776446599417]);
  isEstimate(t, fit?.interceptHz, [0.04249201277955894, -0.6055715782649819, 0.6905556038240998]);
  isEstimate(t, fit?.at(10), [30.002023429179975, 28.641617436178787, 31.36242942218116]);
});

test('a line needs three levels, of different loads', (t) => {
  t.is(fitLine(levelsOf([1, 1], [2, 2])), null);
  t.is(fitLine(levelsOf([5, 1], [5, 2], [5, 3])), null);
  isEstimate(t, fitLine(levelsOf([1, 2], [2, 4], [3, 6]))?.hzPerClient, [2, 2, 2]);
});

test('levels differ when their runs say so, as scipy.stats.f_oneway does', (t) => {
  const same = compareRates(levelsOf([1, 50.1, 49.8, 50.4], [2, 51.2, 50.9, 51.5], [3, 49.9, 50.3, 50]));
  t.true(Math.abs((same.p ?? NaN) - 0.0034988410800191223) < 1e-12);
  t.false(same.isSame, 'a spread of 2.5 % beyond the noise');
  t.true(compareRates(levelsOf([1, 50, 50.01, 50.02], [2, 50.5, 50.51, 50.52])).isSame, 'too little to matter');
  t.true(compareRates(levelsOf([1, 48, 52], [2, 50, 46])).isSame, 'within the noise');
  t.false(compareRates(levelsOf([1, 20, 60], [2, 50, 80])).isSame, 'too wide a spread for any noise');
});

test('with one run a level there is no probability, and the spread decides', (t) => {
  t.like(compareRates(levelsOf([1, 50], [2, 46])), { isSame: true, p: null });
  t.like(compareRates(levelsOf([1, 50], [2, 44])), { isSame: false, p: null });
  t.like(compareRates(levelsOf([1, 50, 50], [2, 49])), { isSame: true, p: null });
});

test('a plateau is the longest flat end, and needs clients that would have made a difference', (t) => {
  const rising = levelsOf([10, 10], [20, 20], [40, 38], [60, 40], [80, 39]);
  t.deepEqual(
    findFlatEnd(rising).map(({ level }) => level),
    [40, 60, 80],
  );
  t.deepEqual(findFlatEnd(levelsOf([10, 10], [25, 25], [26, 25])), []);
  t.deepEqual(findFlatEnd(levelsOf([90, 90], [100, 98])), [], 'as near to growth as to a plateau');
});

test('a plateau is the mean of all runs where they are one sample, else of the levels', (t) => {
  // Student's t: 4.303 for 2 degrees of freedom, 2.571 for 5.
  const single = measurePlateau(levelsOf([1, 9], [2, 10], [4, 11]));
  isEstimate(t, single.hz, [10, 10 - 4.302652729749464 / Math.sqrt(3), 10 + 4.302652729749464 / Math.sqrt(3)]);
  const { hz } = measurePlateau(levelsOf([1, 9, 11], [2, 10, 10], [4, 11, 9]));
  const half = (2.5705818356363155 * Math.sqrt(4 / 5)) / Math.sqrt(6);
  isEstimate(t, hz, [10, 10 - half, 10 + half]);
});

test('a knee without noise is found where it is, between levels or at one', (t) => {
  for (const knee of [20, 24, 30, 32]) {
    const fit = fitKnee(levelsOf(...[4, 8, 16, 32, 64, 96].map((x): [number, number] => [x, 2.5 * Math.min(x, knee)])));
    t.true(Math.abs((fit?.inFlight.value ?? NaN) - knee) < 1e-9, `${knee}: ${fit?.inFlight.value}`);
    t.true(Math.abs((fit?.hz.value ?? NaN) - 2.5 * knee) < 1e-9);
  }
  t.is(fitKnee(levelsOf([1, 1], [2, 2], [4, 4], [8, 8], [16, 16], [32, 20])), null, 'one level beyond the knee');
});

test('how far a fit lies from the rates', (t) => {
  t.deepEqual(measureGoodness([1, 2, 3], [1, 2.5, 3]), { r2: 1 - 0.25 / 2, residualsHz: [0, -0.5, 0] });
  t.is(measureGoodness([2, 2], [2, 2]).r2, 0);
});

test('too few levels, wide residuals and residuals with a pattern speak against a fit', (t) => {
  t.is(judgeNumber(6, 3), null);
  t.is(judgeNumber(5, 2), '5 of the 6 different levels that it needs');
  t.is(judgeNumber(6, 4), '2 of the 3 residual degrees of freedom that it needs');
  t.is(countLoads(levelsOf([10, 1], [10.05, 1], [20, 1])), 2, 'two levels that felt the same load are one');
  const rates = Array.from({ length: 12 }, () => 100);
  t.is(
    judgeResiduals(
      rates.map((_, index) => (index % 2 === 0 ? 3 : -3)),
      rates,
      2,
    ),
    null,
  );
  t.regex(
    judgeResiduals(
      rates.map((_, index) => (index % 2 === 0 ? 30 : -30)),
      rates,
      2,
    ) ?? '',
    /33 % of the mean rate/,
  );
  const waves = rates.map((_, index) => (index < 6 ? 3 : -3));
  t.regex(judgeResiduals(waves, rates, 2) ?? '', /a pattern that chance has in 0\.2 % of cases only/);
  t.is(
    judgeResiduals(
      waves.map((residual) => residual / 100),
      rates,
      2,
    ),
    null,
    'too small to be seen',
  );
});
