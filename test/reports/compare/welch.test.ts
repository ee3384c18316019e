import test from 'ava';
import { adjustByHolm } from '../../../reports/compare/holm.ts';
import { compareMeans } from '../../../reports/compare/welch.ts';

const near = (value: number, expected: number, within: number): boolean => Math.abs(value - expected) < within;

test('Welch’s test says of Student’s sleep data what R’s t.test(extra ~ group, sleep) says', (t) => {
  const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
  const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
  const found = compareMeans({ values: second, leastVariance: 0 }, { values: first, leastVariance: 0 });
  t.true(near(found.difference, 0.75 - 2.33, 1e-12));
  t.true(near(found.p, 0.07939, 5e-6));
  t.true(near(found.low, -3.3654832, 5e-7));
  t.true(near(found.high, 0.2054832, 5e-7));
});

test('runs that agree by chance are not taken to be surer than the least variance', (t) => {
  const [a, b] = [
    [1, 1, 1, 1],
    [1.001, 1.001, 1.001, 1.001],
  ];
  t.is(compareMeans({ values: a, leastVariance: 0 }, { values: b, leastVariance: 0 }).p, 0);
  t.true(compareMeans({ values: a, leastVariance: 1e-4 }, { values: b, leastVariance: 1e-4 }).p > 0.8);
});

test('the same means without any spread do not differ', (t) => {
  const values = [2, 2, 2, 2];
  const found = compareMeans({ values, leastVariance: 0 }, { values, leastVariance: 0 });
  t.deepEqual(found, { difference: 0, low: 0, high: 0, p: 1 });
});

test('Holm: the smallest times how many there are, the next times one less, never below the one before', (t) => {
  const rounded = adjustByHolm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(6)));
  t.deepEqual(rounded, [0.03, 0.06, 0.06, 0.02]);
  t.deepEqual(adjustByHolm([0.9, 0.8]), [1, 1]);
  t.deepEqual(adjustByHolm([]), []);
});
