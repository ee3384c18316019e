/** What the bench makes of its runs: medians, ratios, goals, the table and the page. */

import test from 'ava';
import * as fc from 'fast-check';
import { OURS, type Runs, type Sample } from '../../bench/bench-row.ts';
import {
  COUNT_EQUAL,
  atMost,
  betterThan,
  noteAtLeast,
  noteAtMost,
  ratioAtMost,
  withinOwnLimit,
} from '../../bench/goals.ts';
import type { RowResult } from '../../bench/run-row.ts';
import { ratioOf, spreadOf } from '../../bench/statistics.ts';
import { describeGoal, describeRow, formatFigure, layOut } from '../../bench/table.ts';
import { setBlock } from '../../bench/write-figures.ts';

const sample = (value: number, more: Partial<Sample> = {}): Sample => ({
  value,
  operations: 100,
  coordinator: null,
  serviceShare: null,
  count: null,
  notes: {},
  ...more,
});

const runs = (all: Record<string, Sample[]>): Runs => new Map(Object.entries(all));

test('a median has as many values below it as above', (t) => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (values) => {
      const { median, least, most } = spreadOf(values);
      const below = values.filter((value) => value < median).length;
      const above = values.filter((value) => value > median).length;
      return below <= values.length / 2 && above <= values.length / 2 && least <= median && median <= most;
    }),
  );
  t.throws(() => spreadOf([]), { instanceOf: RangeError });
});

test('a ratio is that of each round, not that of the medians', (t) => {
  // The machine was half as fast in the last two rounds, for both.
  t.deepEqual(ratioOf([10, 20, 20], [5, 10, 10]), { median: 2, least: 2, most: 2 });
  t.deepEqual(ratioOf([10, 30], [5, 10, 10]), { median: 2.5, least: 2, most: 3 });
});

test('goals judge by the median, and not at all without a contender', (t) => {
  const both = runs({ [OURS]: [sample(12), sample(13), sample(99)], wrk: [sample(10), sample(10), sample(10)] });
  t.true(ratioAtMost('wrk', 1.3, 'CPU').judge(both)?.isMet);
  t.false(ratioAtMost('wrk', 1.25, 'CPU').judge(both)?.isMet);
  t.is(ratioAtMost('hey', 1.25, 'CPU').judge(both), null);
  t.false(betterThan('wrk', 1, 'CPU').judge(both)?.isMet);
  t.true(atMost(13, 'kB', 'memory').judge(both)?.isMet);
  t.false(atMost(12.9, 'kB', 'memory').judge(both)?.isMet);
});

test('goals read notes and limits of the same run', (t) => {
  const ours = runs({ [OURS]: [sample(30, { notes: { waiting: 99, failed: 1, limit: 25 } })] });
  const words = { text: '', unit: '' };
  t.true(noteAtLeast('waiting', 99, words).judge(ours)?.isMet);
  t.false(noteAtLeast('waiting', 100, words).judge(ours)?.isMet);
  t.false(noteAtMost('failed', 0, words).judge(ours)?.isMet);
  t.false(withinOwnLimit('limit', 'ms', '').judge(ours)?.isMet);
  t.is(withinOwnLimit('limit', 'ms', '').judge(ours)?.figure.median, 5);
  t.is(withinOwnLimit('another', 'ms', '').judge(ours), null);
});

test('one round in which the counts differ is enough', (t) => {
  const equal = sample(1, { count: { ours: 7, service: 7 } });
  t.true(COUNT_EQUAL.judge(runs({ [OURS]: [equal, equal, equal] }))?.isMet);
  t.false(COUNT_EQUAL.judge(runs({ [OURS]: [equal, sample(1, { count: { ours: 8, service: 7 } }), equal] }))?.isMet);
  t.is(COUNT_EQUAL.judge(runs({ [OURS]: [equal, sample(1)] })), null);
});

const row: RowResult = {
  name: 'a-row',
  title: 'some work',
  unit: 'us',
  measuredAt: '2026-01-02T03:04:05.000Z',
  seconds: 8,
  rounds: 2,
  contenders: [
    {
      name: OURS,
      isOurs: true,
      samples: [
        sample(12.34, {
          coordinator: 3,
          serviceShare: 0.61,
          count: { ours: 7, service: 7 },
          notes: { 'start-up ms': 310 },
        }),
        sample(12.36, {
          coordinator: 3,
          serviceShare: 0.63,
          count: { ours: 7, service: 8 },
          notes: { 'start-up ms': 312 },
        }),
      ],
    },
    { name: 'wrk', isOurs: false, samples: [sample(10), sample(10)] },
  ],
  goals: [
    {
      text: 'at most 1.25 x wrk',
      judged: { figure: { median: 1.235, least: 1.234, most: 1.236 }, isMet: true, unit: 'x' },
    },
    { text: 'at most 1 x hey', judged: null },
  ],
  absent: [{ name: 'k6', reason: 'not in Debian; put it on PATH' }],
  remarks: ['nothing was pinned'],
};

test('a row tells figures, notes, goals and who is absent', (t) => {
  t.deepEqual(describeRow(row), [
    'a-row: some work (us)',
    '                median   least … most   operations   coordinator   service busy   count equal',
    '  glidetester     12.3    12.3 … 12.4          100             3           62 %            NO',
    '  wrk               10        10 … 10          100',
    '  glidetester: start-up ms 311',
    '  note: nothing was pinned',
    '  goal: at most 1.25 x wrk: 1.24 (1.23 … 1.24) x: met',
    '  goal: at most 1 x hey: not judged, a contender is absent',
    '  absent: k6 (not in Debian; put it on PATH)',
  ]);
});

test('a goal that is not met says so', (t) => {
  const judged = { figure: { median: 2, least: 2, most: 2 }, isMet: false, unit: 'x' };
  t.is(describeGoal({ text: 'at most 1 x wrk', judged }), 'goal: at most 1 x wrk: 2 x: NOT MET');
});

test('figures have three digits, whole numbers all of theirs', (t) => {
  t.deepEqual([0.12345, 12.345, 4321.9, 30_000, 0].map(formatFigure), ['0.123', '12.3', '4322', '30000', '0']);
});

test('columns are as wide as their widest text', (t) => {
  t.deepEqual(
    layOut([
      ['', 'a'],
      ['name', 'long'],
    ]),
    ['          a', 'name   long'],
  );
});

test("a page's block is written anew, the rest of it stays", (t) => {
  const page =
    '# A page\n<!-- figures: a-row -->\nold\n<!-- end of figures -->\nmore\n<!-- figures: b -->\n<!-- end of figures -->\n';
  const written = setBlock(page, row, 'a machine');
  t.true(
    written.startsWith(
      '# A page\n<!-- figures: a-row -->\n\n```text\n2026-01-02, 2 rounds of 8 s; a machine\n\na-row: some work',
    ),
  );
  t.true(written.endsWith('```\n\n<!-- end of figures -->\nmore\n<!-- figures: b -->\n<!-- end of figures -->\n'));
  t.is(setBlock(written, row, 'a machine'), written);
  t.throws(() => setBlock('no block', row, ''), { message: /figures: a-row/ });
});
