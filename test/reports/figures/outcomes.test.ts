import test from 'ava';
import { OUTCOME_COLOURS } from '../../../reports/figures/class-colours.ts';
import { drawOutcomes } from '../../../reports/figures/outcomes.ts';
import type { CellSummary } from '../../../reports/summary.ts';
import { countColour, readMarks } from '../../support/figure-marks.ts';
import { viewOf } from '../../support/report-view.ts';
import { cellAt } from '../../support/summary-cells.ts';

function runOf(level: number, byOutcome: Record<string, number>, changes: Partial<CellSummary> = {}): CellSummary {
  const { ok = 0, cut = 0 } = byOutcome;
  const all = Object.values(byOutcome).reduce((sum, count) => sum + count, 0);
  return cellAt(level, 10, { operations: { ok, cut, failed: all - ok - cut, byOutcome }, ...changes });
}

test('failures are stacked by class as shares of all operations of a level, its runs together', async (t) => {
  const figure = drawOutcomes(
    viewOf([
      runOf(10, { ok: 100 }),
      runOf(20, { ok: 60, 'status/SRM_FAILURE': 10, 'status/http-503': 10, refused: 20 }),
      runOf(20, { ok: 90, 'handshake-timeout': 6, cut: 4 }, { run: 2 }),
    ]),
  );
  t.is(
    figure?.sentence,
    '50 of 300 operations (17 %) did not end ok: 20 service status, 20 refused, 6 handshake timeout and 4 cut by us; most at level 20 (25 %).',
  );
  t.deepEqual(figure?.table, {
    columns: [
      'series',
      'level',
      'operations',
      'ok',
      'service status',
      'refused',
      'handshake timeout',
      'cut by us',
      'not ok',
    ],
    rows: [
      ['20 files', '10', '100', '100', '–', '–', '–', '–', '0 %'],
      ['20 files', '20', '200', '150', '20', '20', '6', '4', '25 %'],
    ],
  });
  const marks = await readMarks(figure!);
  t.is(marks.rects.length, 4);
  t.is(countColour(marks.rects, OUTCOME_COLOURS.refused.light), 1);
  t.deepEqual(marks.texts, ['service status', 'refused', 'handshake timeout', 'cut by us']);
});

test('when all ended ok that is told, without a drawing', (t) => {
  const figure = drawOutcomes(viewOf([runOf(10, { ok: 1234 })]));
  t.is(figure?.sentence, 'All 1,234 operations ended ok.');
  t.is(figure?.spec, null);
  t.deepEqual(figure?.table.rows, [['20 files', '10', '1,234', '1,234', '0 %']]);
});

test('when none ended ok that is said in place of a share', (t) => {
  t.is(drawOutcomes(viewOf([runOf(10, { refused: 7 })]))?.sentence, 'None of 7 operations ended ok: 7 refused.');
});

test('one failure of a hundred thousand is neither nothing nor invisible', async (t) => {
  const figure = drawOutcomes(viewOf([runOf(10, { ok: 99_999, reset: 1 })]));
  t.regex(figure?.sentence ?? '', /^1 of 100,000 operations \(under 0\.1 %\) did not end ok: 1 reset/);
  const [bar = ''] = (await readMarks(figure!)).rects;
  const height = Number(/v(\d+(?:\.\d+)?)h/.exec(bar)?.[1]);
  t.true(height > 100, bar);
});

test('series in which all ended ok are counted, not drawn', async (t) => {
  const figure = drawOutcomes(
    viewOf([
      runOf(10, { ok: 5 }),
      runOf(10, { ok: 5, local: 5 }, { directorySize: 100 }),
      runOf(10, { ok: 5 }, { directorySize: 1000 }),
    ]),
  );
  t.regex(figure?.caption ?? '', /Not drawn, since all ended ok: 2 of 3 series\./);
  t.deepEqual((await readMarks(figure!)).texts, ['own side failed']);
});

test('without operations there is no figure', (t) => {
  t.is(drawOutcomes(viewOf([runOf(10, {}, { state: 'skipped' })])), null);
});
