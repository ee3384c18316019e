import test from 'ava';
import { modelSeries } from '../../reports/models/model-series.ts';
import { chooseTimeUnit, failedShareOf, groupSeries } from '../../reports/series.ts';
import type { CellSummary } from '../../reports/summary.ts';
import { cellAt } from '../support/summary-cells.ts';

function find(...cells: CellSummary[]): string {
  return modelSeries(groupSeries(cells)[0]!).says;
}

test('a curve that still rises at its highest level says so', (t) => {
  t.is(
    find(cellAt(1, 10), cellAt(2, 20), cellAt(4, 39.94)),
    'Still rising at the highest level: 39.9 Hz at 4 clients in flight (3 of the 5 levels that a line needs).',
  );
});

test('a curve that levels off says at which rates', (t) => {
  t.is(find(cellAt(1, 10), cellAt(2, 38), cellAt(4, 40)), 'Levels off: 38 to 40 Hz from 2 to 4 clients in flight.');
});

test('a curve past its highest rate says whether it holds or falls', (t) => {
  t.is(find(cellAt(1, 10), cellAt(2, 40), cellAt(4, 38)), 'Levels off: 38 to 40 Hz from 2 to 4 clients in flight.');
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

const LEVELS = [10, 30, 50, 70, 90];

/** Rates of a service whose every operation takes 39.9 s, off by a little to either side. */
function linearCells(offByHz = 0.002): CellSummary[] {
  return LEVELS.map((level, index) => cellAt(level, level / 39.9 + (index % 2 === 0 ? offByHz : -offByHz)));
}

test('a straight line through the origin is told as clients for every Hz, up to the last good level', (t) => {
  const bad = cellAt(110, 0.1, { state: 'failed', reason: 'The window never opened.', recoveryMs: null, hung: true });
  t.is(
    find(...linearCells()),
    'Linear: 1 Hz for every 39.94 clients (39.71 to 40.17), from 10 to 90 clients in flight (R2 0.999).',
  );
  t.is(
    find(...linearCells(), bad),
    'Linear: 1 Hz for every 39.94 clients (39.71 to 40.17), from 10 to 90 clients in flight (R2 0.999). ' +
      'Fails first at level 110: The window never opened. Hung, not recovered.',
  );
});

test('a line is not claimed from few levels, off the origin, with a bend or where nothing rises', (t) => {
  const rising =
    'Still rising at the highest level: 2.26 Hz at 90 clients in flight (4 of the 5 levels that a line needs).';
  t.is(find(...linearCells().slice(1)), rising);
  t.is(find(...linearCells(0.2)), 'Still rising at the highest level: 2.46 Hz at 90 clients in flight.');
  t.regex(find(...LEVELS.map((level) => cellAt(level, 1 + level / 40))), /^Still rising/);
  t.regex(
    find(...LEVELS.map((level) => cellAt(level, Math.min(level, 60)))),
    /^Grows with its clients to 50 in flight, 1 Hz for every client; flat at 60 Hz from 70 on\.$/,
  );
  t.regex(find(...LEVELS.map((level) => cellAt(level, 5))), /^Flat/);
});

test('a curve that grows, bends and is flat is told in its three parts', (t) => {
  const rates: [level: number, ratePerS: number][] = [
    [2, 6.04],
    [4, 11.9],
    [8, 22.9],
    [16, 40.2],
    [32, 46.4],
    [64, 47.8],
  ];
  t.is(
    find(...rates.map(([level, rate]) => cellAt(level, rate))),
    'Grows with its clients, 2.7 Hz (2.4 to 3.1) for every client, to the knee at 17 clients in flight (14 to 21); flat at 46.4 to 47.8 Hz from 32 on.',
  );
  t.regex(find(...rates.slice(2).map(([level, rate]) => cellAt(level, rate))), /^Levels off/, 'no growing part');
  t.regex(find(...rates.slice(0, 5).map(([level, rate]) => cellAt(level, rate))), /^Still rising/, 'no flat part');
});

/** What is said of a level that failed so. */
function failing(changes: Partial<CellSummary>): string {
  const failed = cellAt(2, 0, { state: 'failed', reason: 'Refused.', ...changes });
  return find(cellAt(1, 10), failed).replace(/^.*level 2: /, '');
}

test('the level that failed tells what the service ran out of and whether it came back', (t) => {
  const service = {
    cpuShare: 0.2,
    callOuts: 4,
    waitedForThread: 0,
    exhausted: { queue: 0, heap: 0, descriptors: 412 },
  };
  t.is(failing({ service, recoveryMs: 1200 }), 'Refused. It ran out of descriptors: 412 times. Recovered after 1.2 s.');
  t.is(
    failing({
      service: { ...service, waitedForThread: 88, exhausted: { queue: 1, heap: 2, descriptors: 0 } },
      recoveryMs: null,
    }),
    'Refused. It ran out of places in the accept queue: 1 time; of heap: 2 times. 88 connections had to wait for a container thread.',
  );
  t.is(failing({ recoveryMs: null, hung: false }), 'Refused. Not recovered.');
  const reason = 'The service had not recovered after 30 s.';
  t.is(failing({ reason, recoveryMs: null, hung: false }), reason);
  t.is(failing({ reason, recoveryMs: null, hung: true }), `${reason} Hung, not recovered.`);
});

test('a level at which some are not served says how they fail, and whether the service came back', (t) => {
  const overdriven = cellAt(160, 57, {
    inWindow: { ok: 52, failed: 48, local: 0 },
    operations: { ok: 300, failed: 262, cut: 0, byOutcome: { ok: 300, refused: 2, reset: 260 } },
    recoveryMs: 143,
  });
  t.regex(
    find(cellAt(80, 56), overdriven),
    /At level 160, 48 % fail \(260 reset, 2 refused\)\. Recovered after 143 ms\.$/,
  );
  const hardly = { ...overdriven, inWindow: { ok: 997, failed: 3, local: 0 } };
  t.notRegex(find(cellAt(80, 56), hardly), /fail/);
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
  const [small, large] = [{ target: 'z' }, { target: 'a', directorySize: 100 }];
  t.deepEqual(labelsOf([cellAt(1, 1, small), cellAt(1, 1, large)]), ['20 files, z', '100 files, a'], 'as they come');
  t.deepEqual(labelsOf([cellAt(1, 1, { directorySize: null, scenario: 'http-get' })]), ['http-get']);
  t.deepEqual(labelsOf([cellAt(1, 1), cellAt(1, 1, { target: 'http://u\u001b[2J' })]), ['http://t', 'http://u [2J']);
});

test('times are in seconds from two seconds on, and failures are a share of what ended in the window', (t) => {
  t.is(chooseTimeUnit([cellAt(1, 1, { p95: 1999 })]).name, 'ms');
  t.is(chooseTimeUnit([cellAt(1, 1, { p95: 2000 }), cellAt(1, 1)]).name, 's');
  t.is(failedShareOf([cellAt(1, 1, { inWindow: { ok: 6, failed: 3, local: 1 } })]), 0.3);
  t.is(failedShareOf([]), null);
});
