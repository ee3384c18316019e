import test from 'ava';
import { isProblem } from '../../../reports/expectations/check.ts';
import { type LiveLimit, isSelected, liveLimitsOf } from '../../../reports/expectations/live-limit.ts';
import { parseCheck } from '../../../reports/expectations/parse-check.ts';
import { cellAt } from '../../support/summary-cells.ts';

function limitOf(text: string): LiveLimit | null {
  const check = parseCheck(text);
  if (isProblem(check)) throw new Error(JSON.stringify(check));
  return liveLimitsOf(check);
}

const ALL = { target: null, directorySize: null, levels: null, run: null };

test('plain limits can be watched, with what they select', (t) => {
  t.deepEqual(limitOf('failed < 0.5 %'), { measure: 'failed', limit: 0.005, isInclusive: false, selects: ALL });
  t.deepEqual(limitOf('p99 of a at 20 files from level 8 in run 1 <= 2 s'), {
    measure: 'p99',
    limit: 2000,
    isInclusive: true,
    selects: { target: 'a', directorySize: 20, levels: { from: 8, to: null }, run: 1 },
  });
});

for (const text of [
  'failed > 1 %',
  'rate < 5 Hz',
  'p99 < 2 * p50',
  'p99 + p50 < 2 s',
  '2 s > p99',
  'p50 at site far < 2 s',
  'recovered',
]) {
  test(`'${text}' is not watched`, (t) => {
    t.is(limitOf(text), null);
  });
}

test('a limit speaks of the cells that it selects', (t) => {
  const cell = cellAt(8, 1, { target: 'a', run: 2 });
  const speaks = (text: string): boolean => isSelected(limitOf(text)!, cell);
  for (const selectors of ['', 'of a', 'at 20 files', 'at level 8', 'from level 4', 'from level 4 to 8', 'in run 2'])
    t.true(speaks(`failed ${selectors} < 1 %`), selectors);
  for (const selectors of ['of b', 'at 21 files', 'at level 9', 'from level 9', 'from level 4 to 7', 'in run 1'])
    t.false(speaks(`failed ${selectors} < 1 %`), selectors);
});
