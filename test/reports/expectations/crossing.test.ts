import test from 'ava';
import * as fc from 'fast-check';
import { isProblem } from '../../../reports/expectations/check.ts';
import { measureCrossing } from '../../../reports/expectations/crossing.ts';
import type { CurvePoint } from '../../../reports/expectations/curve-measures.ts';
import { evaluateCheck } from '../../../reports/expectations/evaluate.ts';
import { parseCheck } from '../../../reports/expectations/parse-check.ts';
import { cellAt } from '../../support/summary-cells.ts';

const line =
  (slope: number, offset: number) =>
  (x: number): CurvePoint => [x, slope * x + offset];

test('two straight curves cross where their equations say, wherever they were measured', (t) => {
  const places = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(
      places,
      places,
      fc.integer({ min: 10, max: 90 }),
      fc.double({ min: 0.1, max: 5, noNaN: true }),
      (a, b, at, gain) => {
        const ours = [0, 100, ...a].map(line(1 + gain, -gain * at));
        const theirs = [0, 100, ...b].map(line(1, 0));
        const crossing = measureCrossing(ours, theirs);
        t.true(crossing.isKnown && Math.abs(crossing.value - at) < 1e-6);
        t.false(measureCrossing(theirs, ours).isKnown);
      },
    ),
  );
});

const flat: CurvePoint[] = [10, 20, 30].map(line(0, 5));

/** A curve against one of 5 Hz from 10 to 30 clients. */
const CURVES: [what: string, points: CurvePoint[], expected: number | RegExp][] = [
  [
    'touches and rises',
    [
      [10, 4],
      [15, 5],
      [20, 5],
      [30, 6],
    ],
    15,
  ],
  [
    'touches and falls back',
    [
      [10, 4],
      [20, 5],
      [30, 4],
    ],
    /does not overtake from 10 to 30/,
  ],
  [
    'overtakes again after it fell',
    [
      [10, 6],
      [20, 4],
      [30, 6],
    ],
    25,
  ],
  [
    'is above from the start',
    [
      [10, 6],
      [30, 7],
    ],
    /is not below at first, from 10 to 30/,
  ],
  [
    'was measured in part of the range',
    [
      [20, 4],
      [28, 8],
      [90, 9],
    ],
    22,
  ],
  [
    'was measured elsewhere',
    [
      [40, 4],
      [50, 8],
    ],
    /no clients in flight in common/,
  ],
  ['has one level', [[10, 4]], /two levels/],
];

for (const [what, points, expected] of CURVES) {
  test(`a curve that ${what}`, (t) => {
    const crossing = measureCrossing(points, flat);
    if (crossing.isKnown) t.is(crossing.value, expected as number);
    else t.regex(crossing.why, expected as RegExp);
  });
}

test('a crossing is told for each directory size, or why there is none', (t) => {
  const cells = [20, 100].flatMap((directorySize) => [
    ...[10, 50, 90].map((level) => cellAt(level, level, { target: 'a', directorySize })),
    ...[10, 50, 90].map((level) => cellAt(level, directorySize, { target: 'b', directorySize })),
  ]);
  const verdictOf = (text: string): object => {
    const check = parseCheck(text);
    return isProblem(check) ? check : evaluateCheck(check, { cells });
  };
  t.like(verdictOf('crossing of a and b at 20 files = 20 clients ± 10 %'), { verdict: 'met', measured: '20 clients' });
  t.like(verdictOf('crossing of a and b < 30'), {
    verdict: 'not measured',
    measured: 'it does not overtake from 10 to 90 clients in flight (100 files)',
  });
});
