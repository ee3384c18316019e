import test from 'ava';
import * as fc from 'fast-check';
import { compareResults } from '../../../reports/compare/compare-results.ts';
import type { CellComparison, Comparison, FigureComparison } from '../../../reports/compare/comparison.ts';
import type { CompareInput } from '../../../reports/compare/read-result.ts';
import type { CellSummary } from '../../../reports/summary.ts';
import { cellAt, summaryOf } from '../../support/summary-cells.ts';

const resultOf = (...cells: CellSummary[]): CompareInput => ({
  path: 'somewhere',
  summary: summaryOf(...cells),
  record: null,
});
type Changes = Parameters<typeof cellAt>[2];
/** A run a rate, at one level. */
const runsAt = (level: number, rates: readonly number[], changes: Changes = {}): CellSummary[] =>
  rates.map((rate, index) => cellAt(level, rate, { run: index + 1, ...changes }));
const firstCell = ({ pairings }: Comparison): CellComparison => pairings[0]?.cells[0] as CellComparison;
const saidOf = ({ pairings }: Comparison): string => pairings.flatMap(({ said }) => said).join('\n');

const STEADY = [100, 101, 99, 100];

test('a service that is a tenth slower is, with the interval around it; its times differ by nothing', (t) => {
  const slower = [90, 91, 89, 90];
  const { figures } = firstCell(compareResults(resultOf(...runsAt(4, STEADY)), [resultOf(...runsAt(4, slower))]));
  t.is(figures.rate.verdict, 'slower');
  const { value, low, high } = figures.rate.difference as { value: number; low: number; high: number };
  t.true(Math.abs(value + 0.1) < 0.001);
  t.true(low > -0.13 && low < value && value < high && high < -0.07);
  t.is(figures.p50.verdict, 'no difference shown');
  t.is(figures.p50.difference?.value, 0);
  t.is(figures.failed.verdict, 'no difference shown');
});

test('longer times are slower, shorter ones faster, higher rates faster', (t) => {
  const baseline = runsAt(4, STEADY, {}).map((cell, index) => withTimes(cell, 10 + 0.1 * index));
  const other = runsAt(4, [200, 202, 198, 201]).map((cell, index) => withTimes(cell, 20 + 0.1 * index));
  const { figures } = firstCell(compareResults(resultOf(...baseline), [resultOf(...other)]));
  t.is(figures.rate.verdict, 'faster');
  t.is(figures.p50.verdict, 'slower');
  t.is(figures.p95.verdict, 'slower');
  const back = firstCell(compareResults(resultOf(...other), [resultOf(...baseline)])).figures;
  t.is(back.p50.verdict, 'faster');
});

function withTimes(cell: CellSummary, p50: number): CellSummary {
  return { ...cell, serviceTimeMs: { ...cell.serviceTimeMs, p50, p95: 3 * p50 } };
}

for (const runs of [1, 3]) {
  test(`${runs} runs on one side are not enough: a difference without interval, and no verdict`, (t) => {
    const few = resultOf(...runsAt(4, STEADY.slice(0, runs)));
    const { figures } = firstCell(compareResults(resultOf(...runsAt(4, [200, 200, 201, 199])), [few]));
    t.is(figures.rate.verdict, 'not enough runs');
    t.true((figures.rate.difference?.value ?? 0) < -0.4);
    t.is(figures.rate.difference?.low, null);
    t.is(figures.rate.other.runs, runs);
  });
}

test('a p95 that too few runs have is not compared, the rate is', (t) => {
  const sparse = runsAt(4, STEADY).map((cell, index) =>
    index === 0 ? { ...cell, serviceTimeMs: { ...cell.serviceTimeMs, p95: null } } : cell,
  );
  const { figures } = firstCell(compareResults(resultOf(...runsAt(4, STEADY)), [resultOf(...sparse)]));
  t.is(figures.p95.verdict, 'not enough runs');
  t.is(figures.p95.other.runs, 3);
  t.is(figures.rate.verdict, 'no difference shown');
});

test('runs that are not ok or that can not be trusted are left out, and that is said', (t) => {
  const bad: CellSummary[] = [
    cellAt(4, 5, { run: 5, state: 'failed', reason: 'All of it.', inWindow: { ok: 10, failed: 90, local: 0 } }),
    cellAt(4, 5, { run: 6, state: 'degraded', reason: 'Few.' }),
    cellAt(4, 5, { run: 7, marks: [{ code: 'generator-bound', value: 1, limit: 0.85, text: 'Busy.' }] }),
    cellAt(4, 5, { run: 8, state: 'skipped', reason: 'Over.' }),
  ];
  const other = resultOf(...runsAt(4, STEADY), ...bad);
  const comparison = compareResults(resultOf(...runsAt(4, STEADY)), [other]);
  const cell = firstCell(comparison);
  t.is(cell.figures.rate.other.runs, 4);
  t.is(cell.figures.rate.verdict, 'no difference shown');
  // The failed share is also that of runs that failed.
  t.is(cell.figures.failed.other.runs, 5);
  t.deepEqual(
    cell.other.leftOut.map(({ run, kind }) => [run, kind]),
    [
      [5, 'failed'],
      [6, 'degraded'],
      [7, 'generator-bound'],
      [8, 'skipped'],
    ],
  );
  t.deepEqual(cell.other.states, { ok: 5, failed: 1, degraded: 1, skipped: 1 });
  t.regex(
    saidOf(comparison),
    /Left out of B: 1 run \(failed: level 4\), 1 run \(degraded: level 4\), 1 run \(generator-bound: level 4\)/,
  );
});

test('a service that now fails is one with more failures, though no rate is left to compare', (t) => {
  const failing = runsAt(4, STEADY, { state: 'failed', reason: 'x', inWindow: { ok: 100, failed: 800, local: 0 } });
  const { figures } = firstCell(compareResults(resultOf(...runsAt(4, STEADY)), [resultOf(...failing)]));
  t.is(figures.rate.verdict, 'not enough runs');
  t.is(figures.failed.verdict, 'more failures');
  t.true(Math.abs((figures.failed.difference?.value ?? 0) - 8 / 9) < 1e-9);
});

test('one failure a run among a thousand is not more than none: counting so few makes as much', (t) => {
  const once = runsAt(4, STEADY, { inWindow: { ok: 999, failed: 1, local: 0 } });
  const none = runsAt(4, STEADY, { inWindow: { ok: 1000, failed: 0, local: 0 } });
  const { figures } = firstCell(compareResults(resultOf(...none), [resultOf(...once)]));
  t.is(figures.failed.verdict, 'no difference shown');
  t.true((figures.failed.difference?.p ?? 0) > 0.05);
});

test('single targets pair whatever they are called; several by their names', (t) => {
  const baseline = resultOf(...runsAt(4, STEADY, { target: '127.0.0.1:8443' }));
  const other = resultOf(...runsAt(4, STEADY, { target: '127.0.0.1:39221' }));
  const comparison = compareResults(baseline, [other]);
  t.is(firstCell(comparison).target, '127.0.0.1:8443');
  t.regex(saidOf(comparison), /127\.0\.0\.1:8443 of A is compared with 127\.0\.0\.1:39221 of B/);
  const two = (first: string, second: string): CompareInput =>
    resultOf(...runsAt(4, STEADY, { target: first }), ...runsAt(4, STEADY, { target: second }));
  const named = compareResults(two('x', 'y'), [two('y', 'z')]);
  t.deepEqual(
    named.pairings[0]?.cells.map(({ target }) => target),
    ['y'],
  );
  t.regex(saidOf(named), /Only in A, not in B: x/);
  t.regex(saidOf(named), /Only in B, not in A: z/);
});

test('levels and sizes of one side alone are said, and do not pair', (t) => {
  const baseline = resultOf(...runsAt(4, STEADY), ...runsAt(8, STEADY), ...runsAt(16, STEADY));
  const other = resultOf(...runsAt(4, STEADY), ...runsAt(32, STEADY, { directorySize: 1 }));
  const comparison = compareResults(baseline, [other]);
  t.is(comparison.pairings[0]?.cells.length, 1);
  t.regex(saidOf(comparison), /Only in A, not in B: http:\/\/t, srm-ls, 20 files, levels 8, 16\./);
  t.regex(saidOf(comparison), /Only in B, not in A: http:\/\/t, srm-ls, 1 file, level 32\./);
});

const recordOf = (kernel: string, answer: string, name: string) => ({
  config: { name, target: { timeouts: { answer } }, load: { levels: [4] } },
  environment: { host: 'h', kernel: { release: kernel } },
});
const withRecord = (record: CompareInput['record']): CompareInput => ({ ...resultOf(...runsAt(4, STEADY)), record });

test('another host, kernel, timeout or window is said; what has no effect is not', (t) => {
  const [pairing] = compareResults(withRecord(recordOf('6.1', '60s', 'before')), [
    withRecord(recordOf('6.18', '5s', 'after')),
  ]).pairings;
  t.deepEqual(pairing?.environment, [{ path: 'kernel.release', baseline: '6.1', other: '6.18' }]);
  t.deepEqual(pairing?.config, [{ path: 'target.timeouts.answer', baseline: '60s', other: '5s' }]);
  const unknown = compareResults(withRecord(null), [withRecord(recordOf('6.1', '60s', 'n'))]);
  t.regex(saidOf(unknown), /not known: no campaign\.json beside the summary of A/);
});

const rates = fc.array(fc.double({ min: 1, max: 1e5, noNaN: true }), { minLength: 4, maxLength: 7 });
const sides = fc.record({ a: rates, b: rates });
const rateOf = (a: readonly number[], b: readonly number[]): FigureComparison =>
  firstCell(compareResults(resultOf(...runsAt(4, a)), [resultOf(...runsAt(4, b))])).figures.rate;

test('swapping the sides turns the difference round and changes nothing else', (t) => {
  fc.assert(
    fc.property(sides, ({ a, b }) => {
      const [there, back] = [rateOf(a, b), rateOf(b, a)];
      t.is(there.difference?.p, back.difference?.p);
      const product = (1 + (there.difference?.value ?? 0)) * (1 + (back.difference?.value ?? 0));
      t.true(Math.abs(product - 1) < 1e-9);
      const reach = (1 + (there.difference?.low ?? 0)) * (1 + (back.difference?.high ?? 0));
      t.true(Math.abs(reach - 1) < 1e-6);
      const turned = { faster: 'slower', slower: 'faster' }[there.verdict as 'faster' | 'slower'] ?? there.verdict;
      t.is(back.verdict, turned as typeof back.verdict);
    }),
  );
});

test('the order of the runs changes nothing', (t) => {
  const shuffled = fc
    .tuple(sides, fc.infiniteStream(fc.nat()))
    .map(([{ a, b }, keys]) => ({ a, b, order: Iterator.from(keys).take(a.length).toArray() }));
  fc.assert(
    fc.property(shuffled, ({ a, b, order }) => {
      const permuted = a
        .map((rate, index) => ({ rate, key: order[index] ?? 0 }))
        .toSorted((x, y) => x.key - y.key)
        .map(({ rate }) => rate);
      t.deepEqual(rateOf(permuted, b), rateOf(a, b));
    }),
  );
});

test('a result compared with itself differs in nothing', (t) => {
  fc.assert(
    fc.property(fc.array(rates, { minLength: 1, maxLength: 5 }), (levels) => {
      const result = resultOf(...levels.flatMap((own, index) => runsAt(index + 1, own)));
      const [pairing] = compareResults(result, [result]).pairings;
      t.regex(pairing?.said.join() ?? '', /A and B are .* the same campaign/);
      for (const { figures } of pairing?.cells ?? []) {
        for (const { verdict, difference } of Object.values(figures)) {
          t.is(verdict, 'no difference shown');
          t.is(difference?.value, 0);
        }
      }
    }),
  );
});
