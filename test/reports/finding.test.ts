import test from 'ava';
import { describeSeries } from '../../reports/finding.ts';
import { chooseTimeUnit, failedShareOf, groupSeries } from '../../reports/series.ts';
import type { CellSummary } from '../../reports/summary.ts';
import { cellAt } from '../support/summary-cells.ts';

function find(...cells: CellSummary[]): string {
  return describeSeries(groupSeries(cells)[0]!);
}

test('a curve that still rises at its highest level says so', (t) => {
  t.is(
    find(cellAt(1, 10), cellAt(2, 20), cellAt(4, 39.94)),
    'Still rising at the highest level: 39.9 Hz at 4 clients in flight.',
  );
});

test('a curve that levels off says by how much it still rose', (t) => {
  t.is(
    find(cellAt(1, 10), cellAt(2, 38), cellAt(4, 40)),
    'Levels off: highest rate 40 Hz at 4 clients in flight, 5.3 % above the level before.',
  );
});

test('a curve past its highest rate says whether it holds or falls', (t) => {
  t.is(
    find(cellAt(1, 10), cellAt(2, 40), cellAt(4, 38)),
    'Highest rate 40 Hz at 2 clients in flight; 38 Hz at the highest level, 4 in flight, is within 10 % of it.',
  );
  t.is(
    find(cellAt(1, 10), cellAt(2, 40), cellAt(4, 20)),
    'Highest rate 40 Hz at 2 clients in flight; falls by 50 % to 20 Hz at the highest level, 4 in flight.',
  );
});

test('a curve without a change is flat, one level is a point, none is no verdict', (t) => {
  t.is(find(cellAt(1, 40), cellAt(2, 41)), 'Flat: 40 to 41 Hz from 1 to 2 clients in flight.');
  t.is(find(cellAt(2, 41)), 'One level only: 41 Hz at 2 clients in flight.');
  t.is(
    find(cellAt(1, 0, { state: 'failed', reason: 'Refused.' }), cellAt(2, 0, { state: 'skipped', reason: 'Stopped.' })),
    'No verdict: none of 2 levels has a run that is ok. Fails first at level 1: Refused. Recovered after 120 ms.',
  );
});

test('medians are over the runs that are ok', (t) => {
  const runs = [10, 30, 11].map((rate, index) => cellAt(4, rate, { run: index + 1 }));
  const broken = cellAt(4, 500, { run: 4, state: 'degraded' });
  const [series] = groupSeries([broken, ...runs]);
  t.like(series?.levels[0]?.typical, { runs: 3, ratePerS: 11, lowestPerS: 10, highestPerS: 30 });
  t.is(series?.levels[0]?.cells.length, 4);
});

function labelsOf(cells: CellSummary[]): string[] {
  return groupSeries(cells).map(({ label }) => label);
}

test('series are named by what differs between them', (t) => {
  t.deepEqual(labelsOf([cellAt(1, 1, { directorySize: 100 }), cellAt(1, 1), cellAt(1, 1, { directorySize: 1 })]), [
    '1 file',
    '20 files',
    '100 files',
  ]);
  t.deepEqual(labelsOf([cellAt(1, 1, { directorySize: null, scenario: 'http-get' })]), ['http-get']);
  t.deepEqual(labelsOf([cellAt(1, 1), cellAt(1, 1, { target: 'http://u\u001b[2J' })]), [
    '20 files, http://t',
    '20 files, http://u [2J',
  ]);
});

test('times are in seconds from two seconds on, and failures are a share of what ended in the window', (t) => {
  t.is(chooseTimeUnit([cellAt(1, 1, { p95: 1999 })]).name, 'ms');
  t.is(chooseTimeUnit([cellAt(1, 1, { p95: 2000 }), cellAt(1, 1)]).name, 's');
  t.is(failedShareOf([cellAt(1, 1, { inWindow: { ok: 6, failed: 3, local: 1 } })]), 0.3);
  t.is(failedShareOf([]), null);
});
