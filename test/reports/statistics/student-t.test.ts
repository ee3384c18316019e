import test from 'ava';
import { criticalT, twoSidedP } from '../../../reports/statistics/student-t.ts';

/** From the table of Student's distribution in any textbook: two-sided p, degrees of freedom, t. */
const TABLE: [p: number, freedom: number, t: number][] = [
  [0.05, 1, 12.706],
  [0.05, 2, 4.303],
  [0.05, 6, 2.447],
  [0.05, 30, 2.042],
  [0.01, 4, 4.604],
  [0.01, 8, 3.355],
  [0.001, 6, 5.959],
  [0.001, 120, 3.373],
  [0.5, 5, 0.727],
];

for (const [p, freedom, t] of TABLE) {
  test(`P(|T| >= ${t}) is ${p} with ${freedom} degrees of freedom, both ways`, (ava) => {
    ava.true(Math.abs(criticalT(p, freedom) - t) < 0.0006);
    ava.true(Math.abs(twoSidedP(t, freedom) - p) < 0.0002 * Math.max(1, p * 10));
  });
}

test('with 1 and 2 degrees of freedom it is what the closed forms say, in all digits', (t) => {
  for (const value of [0.01, 0.3, 1, 2.5, 40, 1e4]) {
    const cauchy = 1 - (2 / Math.PI) * Math.atan(value);
    t.true(Math.abs(twoSidedP(value, 1) - cauchy) < 1e-12 + 1e-9 * cauchy);
    const second = 1 - value / Math.sqrt(2 + value * value);
    t.true(Math.abs(twoSidedP(value, 2) - second) < 1e-12 + 1e-7 * second);
  }
});

test('a t of 0 is as likely as can be, one without end can not be', (t) => {
  t.is(twoSidedP(0, 6.5), 1);
  t.is(twoSidedP(Infinity, 6.5), 0);
  t.is(twoSidedP(-3, 6.5), twoSidedP(3, 6.5));
});
