import test from 'ava';
import { drawRecovery } from '../../../reports/figures/recovery.ts';
import { drawStartSkew } from '../../../reports/figures/start-skew.ts';
import type { CellSummary } from '../../../reports/summary.ts';
import { readMarks } from '../../support/figure-marks.ts';
import { viewOf } from '../../support/report-view.ts';
import { cellAt } from '../../support/summary-cells.ts';

type Skew = CellSummary['startSkewMs'];

const skewed = (level: number, startSkewMs: Skew, run = 1): CellSummary => cellAt(level, 10, { startSkewMs, run });

const withClocks = (clockErrorMs: number | null): CellSummary[] =>
  [10, 20].map((level) => skewed(level, { p50: 2, p99: 4, max: 4, clockErrorMs }));

test('start skew is the worst cell of each level, against the band of the clocks', async (t) => {
  const figure = drawStartSkew(
    viewOf([
      skewed(10, { p50: 0.2, p99: 4, max: 5, clockErrorMs: 1 }),
      skewed(10, { p50: 0.5, p99: 3, max: 8, clockErrorMs: 0.5 }, 2),
      skewed(20, { p50: 1, p99: 6, max: 7, clockErrorMs: null }),
    ]),
  );
  t.is(
    figure?.sentence,
    'Every first send left within 8 ms of when it was due (level 10), 99 % of every cell’s within 6 ms. The clocks agree to ± 1 ms.',
  );
  t.deepEqual(figure?.table, {
    columns: ['level', 'cells', 'p50 (ms)', 'p99 (ms)', 'max (ms)', 'clock error (ms)'],
    rows: [
      ['10', '2', '0.5', '4', '8', '± 1'],
      ['20', '1', '1', '6', '7', '–'],
    ],
  });
  const marks = await readMarks(figure!);
  t.deepEqual(marks.texts, ['max', 'p99', 'p50', 'clock error']);
  t.deepEqual([marks.lines.length, marks.symbols.length, marks.rects.length], [3, 6, 1]);
});

test('clocks that agree better than the axis reaches have no band, and clocks worse than the skew leave it open', async (t) => {
  const sharp = drawStartSkew(viewOf(withClocks(0.001)));
  t.regex(sharp?.caption ?? '', /The error of the clocks lies below the axis\.$/);
  t.deepEqual((await readMarks(sharp!)).rects, []);
  t.is(
    drawStartSkew(viewOf(withClocks(50)))?.sentence,
    'Every first send left within 4 ms of when it was due (level 10). The clocks agree to ± 50 ms: the skew may be none.',
  );
  t.regex(drawStartSkew(viewOf(withClocks(null)))?.sentence ?? '', /How well the clocks agree is not known\.$/);
});

test('a skew of nothing has its points, one level is told, and no start has no figure', async (t) => {
  const none = { p50: 0, p99: 0, max: 0, clockErrorMs: 0.1 };
  t.is((await readMarks(drawStartSkew(viewOf([skewed(10, none), skewed(20, none)]))!)).symbols.length, 6);
  t.is(drawStartSkew(viewOf([skewed(10, none)]))?.spec, null);
  t.is(drawStartSkew(viewOf([skewed(10, { p50: null, p99: null, max: null, clockErrorMs: 1 })])), null);
});

const recovered = (level: number, recoveryMs: number | null, changes: Partial<CellSummary> = {}): CellSummary =>
  cellAt(level, 10, { recoveryMs, hung: false, ...changes });

test('recovery is a point a run; what never came back is a cross with the word', async (t) => {
  const figure = drawRecovery(
    viewOf([
      recovered(10, 100),
      recovered(10, 300, { run: 2 }),
      recovered(20, 900),
      recovered(40, null, { hung: true }),
      recovered(80, null, { state: 'failed' }),
    ]),
  );
  t.is(
    figure?.sentence,
    'After 3 of 5 cells the service answered as before within 900 ms (slowest at level 20). After 2 it never did: level 40 to 80.',
  );
  t.deepEqual(figure?.table, {
    columns: ['series', 'level', 'run', 'recovery (ms)'],
    rows: [
      ['20 files', '10', '1', '100'],
      ['20 files', '10', '2', '300'],
      ['20 files', '20', '1', '900'],
      ['20 files', '40', '1', 'never'],
      ['20 files', '80', '1', 'never'],
    ],
  });
  const marks = await readMarks(figure!);
  t.is(marks.symbols.length, 5);
  t.deepEqual(marks.texts, ['never']);
  t.is(marks.lines.length, 1);
});

test('a recovery that was not tried is none that failed', async (t) => {
  const untried = cellAt(40, 10, { recoveryMs: null, hung: null });
  const figure = drawRecovery(viewOf([recovered(10, 100), recovered(20, 200), untried]));
  t.is(figure?.sentence, 'After each of 2 cells the service answered as before within 200 ms (slowest at level 20).');
  t.deepEqual((await readMarks(figure!)).texts, []);
  t.is(drawRecovery(viewOf([untried])), null);
});

test('recovery at one level, and none at all, are told without a drawing', (t) => {
  const one = drawRecovery(viewOf([recovered(10, 2500)]));
  t.deepEqual([one?.sentence, one?.spec], ['After its one cell the service answered as before within 2.5 s.', null]);
  const none = drawRecovery(viewOf([recovered(10, null), recovered(20, null)]));
  t.deepEqual([none?.sentence, none?.spec], ['The service did not answer as before after any of 2 cells.', null]);
});
