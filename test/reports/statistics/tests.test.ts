/** Fisher's F and the runs test against other implementations and against counting. */

import test from 'ava';
import { assert, integer, property } from 'fast-check';
import { combinations } from '../../../reports/statistics/binomial.ts';
import { tailOfF } from '../../../reports/statistics/fisher-f.ts';
import { runsTestProbability } from '../../../reports/statistics/runs-test.ts';
import { twoSidedP } from '../../../reports/statistics/student-t.ts';

test('F is as unlikely as scipy.stats.f.sf says', (t) => {
  for (const [f, above, below, expected] of [
    [3.49, 3, 12, 0.05001096647177692],
    [10, 2, 6, 0.012289485662266729],
    [0.3, 7, 4, 0.9211177424221799],
    [0, 2, 3, 1],
    [Infinity, 2, 3, 0],
  ] as const) {
    t.true(Math.abs(tailOfF(f, above, below) - expected) < 1e-12, `F(${above}, ${below}) at ${f}`);
  }
});

test('F with one degree of freedom above is the square of t', (t) => {
  for (const value of [0.1, 1, 2.5, 8]) t.true(Math.abs(tailOfF(value ** 2, 1, 7) - twoSidedP(value, 7)) < 1e-12);
});

/** Every order of so many of each sign. */
function ordersOf(above: number, below: number): number[][] {
  if (above === 0 || below === 0)
    return [[...Array.from({ length: above }, () => 1), ...Array.from({ length: below }, () => -1)]];
  return [
    ...ordersOf(above - 1, below).map((rest) => [1, ...rest]),
    ...ordersOf(above, below - 1).map((rest) => [-1, ...rest]),
  ];
}

function countRuns(signs: readonly number[]): number {
  return 1 + signs.filter((sign, index) => index > 0 && sign !== signs[index - 1]).length;
}

test('so few runs of one sign are as likely as counting all orders says', (t) => {
  for (const [above, below] of [
    [3, 5],
    [4, 4],
    [1, 6],
  ] as const) {
    const orders = ordersOf(above, below);
    t.is(orders.length, combinations(above + below, above));
    for (const signs of orders) {
      const asFew = orders.filter((other) => countRuns(other) <= countRuns(signs)).length / orders.length;
      t.true(Math.abs(runsTestProbability(signs) - asFew) < 1e-12, signs.join(' '));
    }
  }
});

test('zeros have no sign, and signs that are all the same tell nothing', (t) => {
  t.is(runsTestProbability([0, 1, 1, 0, -1, -1]), runsTestProbability([1, 1, -1, -1]));
  t.is(runsTestProbability([2, 3, 0]), 1);
  t.is(runsTestProbability([]), 1);
});

test('binomial coefficients follow Pascal', (t) => {
  assert(
    property(integer({ min: 1, max: 40 }), integer({ min: 0, max: 40 }), (items, chosen) => {
      const [left, right] = [combinations(items - 1, chosen - 1), combinations(items - 1, chosen)];
      t.true(Math.abs(combinations(items, chosen) - left - right) <= 1e-9 * (left + right));
    }),
  );
});
