import test from 'ava';
import { drawRateBySize, drawTimeBySize } from '../../../reports/figures/by-size.ts';
import { drawTimeAgainstSize } from '../../../reports/figures/time-against-size.ts';
import { SERIES_COLOURS } from '../../../reports/charts/chart-style.ts';
import type { CellSummary } from '../../../reports/summary.ts';
import { countColour, readMarks } from '../../support/figure-marks.ts';
import { viewOf } from '../../support/report-view.ts';
import { cellAt } from '../../support/summary-cells.ts';

type Changes = Partial<CellSummary>;

/** A run whose mean service time follows from its rate, as a closed loop's does. */
function runOf(directorySize: number, level: number, ratePerS: number, changes: Changes = {}): CellSummary {
  const mean = (1000 * level) / ratePerS;
  const serviceTimeMs = { count: 900, mean, p50: mean, p90: mean, p95: mean, p99: mean, max: mean };
  const id = `${changes.target ?? 't'}-d${directorySize}-c${level}-r${changes.run ?? 1}`;
  return cellAt(level, ratePerS, { id, directorySize, serviceTimeMs, ...changes });
}

const TWO_SIZES = [
  runOf(20, 10, 50),
  runOf(20, 10, 54, { run: 2 }),
  runOf(20, 40, 60),
  runOf(1000, 10, 40),
  runOf(1000, 40, 30),
];

test('rates of two sizes are a line a size, a point a run, named at their ends in their colours', async (t) => {
  const figure = drawRateBySize(viewOf(TWO_SIZES));
  t.is(
    figure?.sentence,
    'At level 40 the rate is 60 Hz with 20 files and 30 Hz with 1000 files (50 % less). Between levels a size differs by 33 % at most (1000 files).',
  );
  t.deepEqual(figure?.table, {
    columns: ['series', 'level', 'runs ok', 'in flight', 'rate (Hz)', 'lowest run', 'highest run'],
    rows: [
      ['20 files', '10', '2 of 2', '10', '52', '50', '54'],
      ['20 files', '40', '1 of 1', '40', '60', '–', '–'],
      ['1000 files', '10', '1 of 1', '10', '40', '–', '–'],
      ['1000 files', '40', '1 of 1', '40', '30', '–', '–'],
    ],
  });
  const marks = await readMarks(figure!);
  t.deepEqual(marks.texts, ['20 files', '1000 files']);
  t.is(marks.lines.length, 2);
  t.is(marks.symbols.length, 5);
  t.is(countColour(marks.symbols, SERIES_COLOURS[0]), 3);
  t.is(countColour(marks.symbols, SERIES_COLOURS[1]), 2);
});

test('mean times of two sizes say how many times as long the larger one takes, all in one unit', (t) => {
  const figure = drawTimeBySize(viewOf(TWO_SIZES));
  t.is(
    figure?.sentence,
    'At level 40 an operation takes 667 ms with 20 files and 1,333 ms with 1000 files on average (2 times as long). Between levels a size differs by a factor of 5.33 at most (1000 files).',
  );
  t.deepEqual(
    figure?.table.rows.map((row) => row[4]),
    ['193', '667', '250', '1,333'],
  );
});

test('a size without an ok run keeps its crosses and is told of, not compared', async (t) => {
  const failed = { state: 'failed' } as const;
  const cells = [runOf(20, 10, 50), runOf(20, 40, 60), runOf(1000, 10, 5, failed), runOf(1000, 40, 2, failed)];
  const figure = drawRateBySize(viewOf(cells));
  t.is(figure?.sentence, 'Fewer than two sizes have a run that is ok.');
  t.is(figure?.caption, 'A point is one run, a line the median of the runs that are ok. Cross: failed.');
  const marks = await readMarks(figure!);
  t.is(marks.symbols.length, 4);
  t.deepEqual(marks.texts, ['20 files', '1000 files']);
});

test('of one level rates are drawn against size, and times are left to their own figure', async (t) => {
  const view = viewOf([runOf(20, 10, 50), runOf(100, 10, 45), runOf(1000, 10, 40)]);
  const figure = drawRateBySize(view);
  t.is(figure?.sentence, 'At level 10 the rate is 50 Hz with 20 files and 40 Hz with 1000 files (20 % less).');
  const marks = await readMarks(figure!);
  t.deepEqual([marks.lines.length, marks.symbols.length], [1, 3]);
  t.is(drawTimeBySize(view), null);
  t.not(drawTimeAgainstSize(view), null);
});

test('each target has a panel, at most six, and those left out are said', async (t) => {
  const targets = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const cells = targets.flatMap((target) =>
    [20, 100].map((size) => [10, 20].map((level) => runOf(size, level, 50, { target }))),
  );
  const figure = drawRateBySize(viewOf(cells.flat()));
  t.true(figure?.caption.endsWith('2 further panels not drawn: the table has all.'));
  t.is(figure?.table.rows.length, 32);
  t.true(figure?.sentence.startsWith('a: at level 20 the rate is 50 Hz'));
  t.true(figure?.sentence.endsWith('The table has 5 more.'));
  t.deepEqual((await readMarks(figure!)).titles.toSorted(), [
    'a',
    'b',
    'c',
    'd',
    'e',
    'f',
    'operations per second (Hz)',
  ]);
});

test('one size only, and no size at all, have no figures by size', (t) => {
  for (const directorySize of [20, null]) {
    const view = viewOf([cellAt(10, 50, { directorySize }), cellAt(40, 60, { directorySize })]);
    t.is(drawRateBySize(view), null);
    t.is(drawTimeBySize(view), null);
    t.is(drawTimeAgainstSize(view), null);
  }
});

const sizedTimes = (...times: [size: number, meanMs: number][]): CellSummary[] =>
  times.map(([size, meanMs]) => runOf(size, 10, 10_000 / meanMs));

test('times that lie on a straight line say what each file adds, and the line is drawn', async (t) => {
  const figure = drawTimeAgainstSize(viewOf(sizedTimes([20, 102], [100, 110], [200, 123], [1000, 200])));
  t.is(
    figure?.sentence,
    'At level 10 the mean service time is 101 ms and 99.4 µs for each file; no size lies further than 1.8 % from that straight line (200 files).',
  );
  t.deepEqual(figure?.table.rows[2], ['10', '200', '123', '121', '1.8 %']);
  const marks = await readMarks(figure!);
  t.is(marks.symbols.length, 4);
  t.is(marks.lines.filter((line) => line.includes('stroke-dasharray')).length, 1);
  t.deepEqual(marks.texts, ['level 10']);
});

test('times that lie on no straight line get none', async (t) => {
  const figure = drawTimeAgainstSize(viewOf(sizedTimes([20, 100], [100, 400], [200, 800], [1000, 900])));
  t.regex(
    figure?.sentence ?? '',
    /^At level 10 the mean service time is no straight line in the size \(20 files: \d+ % off\)\.$/,
  );
  const { lines } = await readMarks(figure!);
  t.deepEqual([lines.length, lines.filter((line) => line.includes('stroke-dasharray')).length], [1, 0]);
});

test('fewer than four sizes are joined and told, without a straight line', (t) => {
  const figure = drawTimeAgainstSize(viewOf(sizedTimes([20, 102], [1000, 200])));
  t.is(
    figure?.sentence,
    'At level 10 the mean service time is 102 ms with 20 files and 200 ms with 1000 files; a straight line needs 4 sizes.',
  );
  t.deepEqual(figure?.table.rows, [
    ['10', '20', '102', '–', '–'],
    ['10', '1,000', '200', '–', '–'],
  ]);
});

test('of many levels five are drawn against size, the table has all; a run that is not ok makes its point hollow', async (t) => {
  const levels = [1, 2, 4, 8, 16, 32, 64];
  const cells = levels.flatMap((level) =>
    [20, 100, 200, 1000].map((size) =>
      runOf(size, level, 50, size === 20 && level === 64 ? { state: 'degraded' } : {}),
    ),
  );
  const figure = drawTimeAgainstSize(viewOf(cells));
  t.is(figure?.table.rows.length, 28);
  t.regex(
    figure?.caption ?? '',
    /Hollow: not every run is ok\. .*Not every level is drawn, but the lowest and the highest/,
  );
  const marks = await readMarks(figure!);
  t.deepEqual(marks.texts, ['level 1', 'level 4', 'level 8', 'level 32', 'level 64']);
  t.is(marks.symbols.length, 20);
  t.is(marks.symbols.filter((symbol) => !symbol.includes('fill-opacity')).length, 1);
});
