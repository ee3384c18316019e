import test from 'ava';
import { findCrossed } from '../../../coordinator/thresholds/after-cell.ts';
import { stopForCrossing } from '../../../coordinator/thresholds/crossing.ts';
import type { CellIdentity } from '../../../reports/evidence.ts';
import type { CellSummary } from '../../../reports/summary.ts';
import { cellAt } from '../../support/summary-cells.ts';

const CURVE = [cellAt(2, 20), cellAt(4, 40), cellAt(8, 80)];
const OTHER = [2, 4, 8].map((level) => cellAt(level, 50, { target: 'other' }));

const abort = (check: string, measured: readonly CellSummary[], left: readonly CellIdentity[] = []): string | null =>
  findCrossed({ [check]: 'abort' }, { measured, left })?.text ?? null;

const FAILING = cellAt(4, 40, { inWindow: { ok: 90, failed: 10, local: 0 } });
const HUNG = cellAt(8, 80, { recoveryMs: null, hung: true });

type Case = [check: string, measured: CellSummary[], left: CellSummary[], isCrossed: boolean];

const CASES: Case[] = [
  ['failed < 1 %', CURVE, [], false],
  ['failed < 1 %', [...CURVE, FAILING], OTHER, true],
  ['failed at level 2 < 1 %', [...CURVE, FAILING], [], false],
  ['rate at level 8 >= 70 Hz', CURVE.slice(0, 2), CURVE.slice(2), false],
  ['rate at level 8 >= 70 Hz', CURVE, OTHER, false],
  ['rate at level 8 >= 90 Hz', CURVE, OTHER, true],
  ['recovered', [...CURVE, HUNG], OTHER, true],
  ['hung at level 8', [cellAt(8, 80, { hung: false })], OTHER, true],
  ['hung at level 8', [HUNG], OTHER, false],
  ['not hung', [...CURVE, HUNG], OTHER, true],
  // Counts are added up over the runs: more can only be too many.
  ['operations < 1500', CURVE, OTHER, false],
  ['operations at level 2 < 500', CURVE, OTHER, true],
  ['operations at level 2 > 1500', CURVE, [cellAt(2, 20, { run: 2 })], false],
  ['operations at level 2 > 1500', CURVE, [cellAt(4, 40, { run: 2 })], true],
  // A curve is judged when it is whole.
  ['highest rate >= 90 Hz', CURVE.slice(0, 2), CURVE.slice(2), false],
  ['highest rate >= 90 Hz', CURVE, [], true],
  ['highest rate of http://t >= 90 Hz', CURVE, OTHER, true],
  ['highest rate from level 2 to level 4 >= 90 Hz', CURVE.slice(0, 2), CURVE.slice(2), true],
  ['crossing of http://t and other > 6', [...CURVE, ...OTHER.slice(0, 2)], OTHER.slice(2), false],
  ['crossing of http://t and other > 6', [...CURVE, ...OTHER], [], true],
];

for (const [check, measured, left, isCrossed] of CASES) {
  const text = check.replace('http://t', '"http://t"');
  test(`${check}, ${measured.length} cells measured and ${left.length} left: ${isCrossed ? '' : 'not '}crossed`, (t) => {
    t.is(abort(text, measured, left) !== null, isCrossed, abort(text, measured, left) ?? 'not crossed');
  });
}

test('what was not measured is no reason to stop', (t) => {
  t.is(abort('failed < 1 %', []), null);
  t.is(abort('call-outs > 5', CURVE), null);
});

test('the first of those with abort that is not met is named, with what was measured', (t) => {
  const thresholds = {
    'rate > 90 Hz': 'fail',
    'ok at level 2': 'abort',
    'rate < 50 Hz': 'abort',
    'p50 < 1 ms': 'abort',
  } as const;
  const crossing = findCrossed(thresholds, { measured: CURVE, left: [] });
  t.is(crossing?.check, 'rate < 50 Hz');
  t.deepEqual(crossing && stopForCrossing(crossing, 'd20-c8-r1'), {
    exitCode: 99,
    reason: "the threshold 'rate < 50 Hz' was crossed in cell d20-c8-r1: measured: 80 Hz (level 8)",
  });
  t.is(findCrossed({ 'no check': 'abort' }, { measured: CURVE, left: [] }), null);
});
