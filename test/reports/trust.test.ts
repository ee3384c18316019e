import test from 'ava';
import { skippedCell } from '../../reports/measure.ts';
import type { CellSummary, Mark } from '../../reports/summary.ts';
import { summaryTable } from '../../reports/terminal-table.ts';
import { checkTrust, countStates, judgeTrust } from '../../reports/trust.ts';
import { cellAt, summaryOf } from '../support/summary-cells.ts';

function verdictsOf(cells: CellSummary[]): Record<string, string> {
  return Object.fromEntries(
    checkTrust(summaryOf(...cells)).map(({ name, verdict, text }) => [name, `${verdict}: ${text}`]),
  );
}

function markOf(code: Mark['code']): Mark {
  return { code, value: 1, limit: 0, text: `${code}.` };
}

test('every check that agrees is ok, and what nothing looks at is named', (t) => {
  t.deepEqual(verdictsOf([cellAt(1, 1), cellAt(2, 2)]), {
    'server’s count': 'ok: equal to ours in 2 cells (2,000 operations)',
    generator: 'ok: at most 40 % busy, loop late by 0.2 ms at p99',
    held: 'ok: 100 % of the clients at worst',
    start: 'ok: first sends 2 ms ± 0.1 ms from due at worst (p99)',
    'rows and gauges': 'ok: in flight differs by at most 0.1 %',
    rows: 'ok: 2,000 sent = stored',
    also: 'not checked: the server’s CPU; spread between runs (1 run a level)',
  });
});

function verdictsUsing(cpuShare: number): (string | undefined)[] {
  const service = { cpuShare, callOuts: 0, waitedForThread: 0, exhausted: { queue: 0, heap: 0, descriptors: 0 } };
  const verdicts = verdictsOf([cellAt(1, 1, { service }), cellAt(2, 2)]);
  return [verdicts['service'], verdicts['also']];
}

test('a service that tells of its CPU is held against one core', (t) => {
  t.deepEqual(verdictsUsing(0.32), [
    'ok: the service says that it took at most 32 % of a core',
    'not checked: spread between runs (1 run a level)',
  ]);
  t.is(verdictsUsing(0.97)[0], 'look: the service says that it took at most 97 % of a core');
});

test('every check that fails asks to look, with how many cells and how much', (t) => {
  const marks = (['generator-bound', 'pilot-lost', 'little', 'rows-missing'] as const).map(markOf);
  const bad = cellAt(10, 1, {
    marks,
    held: 8,
    server: { counted: 990, difference: -10 },
    littleErrorRatio: -0.04,
    startSkewMs: { p50: 1, p99: 400, max: 500, clockErrorMs: null },
  });
  const verdicts = verdictsOf([bad, cellAt(2, 2)]);
  t.is(verdicts['server’s count'], 'look: differs in 1 of 2 cells, by 10 at worst');
  t.is(verdicts['generator'], 'look: may have set the numbers in 1 cell');
  t.is(verdicts['held'], 'look: 80 % of the clients at worst; pilots lost in 1 cell');
  t.is(verdicts['start'], 'look: first sends 400 ms from due at worst (p99)');
  t.is(verdicts['rows and gauges'], 'look: in flight differs by at most 4.0 % (1 cell)');
  t.is(verdicts['rows'], 'look: 2,000 stored; not all that were sent in 1 cell');
});

test('what could not be compared is not checked, never ok', (t) => {
  const blind = cellAt(1, 1, {
    server: null,
    generator: null,
    littleErrorRatio: null,
    startSkewMs: { p50: null, p99: null, max: null, clockErrorMs: null },
  });
  const verdicts = verdictsOf([blind]);
  for (const name of ['server’s count', 'generator', 'rows and gauges', 'start'])
    t.regex(verdicts[name] ?? '', /^not checked/);
  t.is(verdictsOf([blind, cellAt(2, 1)])['server’s count'], 'ok: equal to ours in 1 cell of 2 (1,000 operations)');
  t.deepEqual(verdictsOf([skippedCell(blind, 'stopped')]), { cells: 'not checked: no cell was measured' });
});

test('the terminal’s table has a line a level, findings before and trust after, without colour codes', (t) => {
  const cells = [
    cellAt(1, 10),
    cellAt(1, 12, { run: 2 }),
    cellAt(40, 20, { marks: [markOf('unsteady')], p50: 2100, p95: 2500 }),
    cellAt(40, 0.7, {
      run: 2,
      state: 'failed',
      reason: 'Hung\u001b[31m.',
      recoveryMs: null,
      inWindow: { ok: 1, failed: 3, local: 0 },
    }),
    cellAt(60, 0.1, { state: 'failed', reason: null, recoveryMs: null, hung: true }),
    skippedCell(cellAt(80, 1), 'Stopped.'),
  ];
  t.is(
    summaryTable(summaryOf(...cells)).split('TRUST')[0],
    [
      'FINDING    20 files  Still rising at the highest level: 20 Hz at 40 clients in flight. Fails first at level 40: Hung [31m.',
      'size      level  runs  in flight  rate Hz  lowest-highest  p50 s  p99 s  failed   held  recovery  trust',
      '20 files      1     2          1       11         10 – 12  0.012   0.03     0 %  100 %    120 ms  ok',
      '20 files     40     2         40       20         one run    2.1    2.5   0.3 %  100 %    120 ms  failed 1 of 2 (unsteady)',
      '20 files     60     1          –        –               –      –      –     0 %  100 %     never  failed',
      '20 files     80     0          –        –               –      –      –       –      –         –  skipped',
      '',
    ].join('\n'),
  );
  t.is(countStates(summaryOf(...cells)), '3 ok, 0 degraded, 2 failed, 1 not run');
  t.regex(
    summaryTable(summaryOf(...cells)),
    /\nTRUST {6}3 ok, 0 degraded, 2 failed, 1 not run\n {11}\[ok\] server’s count: equal/,
  );
});

test('without directories a series goes by its scenario or target, and no file is spoken of', (t) => {
  const asked = { scenario: 'http-get', directorySize: null };
  const one = summaryTable(summaryOf(cellAt(1, 10, asked), cellAt(2, 20, asked)));
  t.regex(one, /^FINDING {4}http-get {2}Still rising/);
  t.regex(one, /\nseries {4}level /);
  const two = summaryTable(
    summaryOf(cellAt(1, 10, { ...asked, target: 'old' }), cellAt(1, 20, { ...asked, target: 'new' })),
  );
  t.regex(two, /^FINDING {4}old {2}.*\n {11}new {2}/);
  for (const text of [one, two]) t.notRegex(text, /files?\b|\bsize\b/);
});

test('each check that asks to look names its cells, in their order', (t) => {
  const cells = [
    cellAt(1, 1),
    cellAt(2, 2, { server: { counted: 990, difference: -10 }, marks: [markOf('server-difference')] }),
    cellAt(4, 4, { held: 3, marks: [markOf('short'), markOf('unsteady')] }),
    cellAt(8, 8, { startSkewMs: { p50: 1, p99: 400, max: 500, clockErrorMs: null } }),
    cellAt(16, 9, { service: { cpuShare: 0.99, callOuts: 0, waitedForThread: 0, exhausted: NOTHING } }),
  ];
  const looks = checkTrust(summaryOf(...cells)).filter(({ verdict }) => verdict === 'look');
  t.deepEqual(Object.fromEntries(looks.map(({ name, cells: ids }) => [name, ids])), {
    'server’s count': ['d20-c2-r1'],
    service: ['d20-c16-r1'],
    held: ['d20-c4-r1'],
    start: ['d20-c8-r1'],
    window: ['d20-c4-r1'],
  });
  t.is(looks.find(({ name }) => name === 'window')?.text, 'too short in 1 cell; the rate drifts in 1 cell');
});

const NOTHING = { queue: 0, heap: 0, descriptors: 0 };

function judge(...cells: CellSummary[]): string[] {
  const summary = summaryOf(...cells);
  const { says, doubtful } = judgeTrust(summary, checkTrust(summary));
  return [says, ...doubtful.map(({ id, why }) => `${id}: ${why}`)];
}

test('a campaign is believed for the cells in which nothing speaks against the numbers', (t) => {
  const failed = cellAt(4, 0.1, { state: 'failed', reason: 'Hung.' });
  const degraded = cellAt(8, 8, { state: 'degraded', reason: 'Lost.', held: 7, marks: [markOf('pilot-lost')] });
  const late = cellAt(2, 2, { startSkewMs: { p50: 1, p99: 400, max: 500, clockErrorMs: null } });
  const busyService = cellAt(16, 9, {
    service: { cpuShare: 0.99, callOuts: 0, waitedForThread: 0, exhausted: NOTHING },
  });
  t.deepEqual(judge(cellAt(1, 1), busyService), ['YES for all 2 cells']);
  t.deepEqual(judge(cellAt(1, 1), late, failed, degraded, skippedCell(cellAt(32, 1), 'Stopped.')), [
    'YES for 1 of 4 cells',
    'd20-c2-r1: start',
    'd20-c4-r1: failed',
    'd20-c8-r1: degraded, pilot-lost',
  ]);
  t.deepEqual(judge(failed), ['NO, the one cell needs a look', 'd20-c4-r1: failed']);
  t.is(judge(failed, degraded)[0], 'NO, each of 2 cells needs a look');
  t.deepEqual(judge(skippedCell(cellAt(32, 1), 'Stopped.')), ['nothing was measured']);
  t.deepEqual(judge(cellAt(1, 1, { server: null }), cellAt(2, 2, { server: null })), [
    'YES for all 2 cells, as far as was checked',
  ]);
});
