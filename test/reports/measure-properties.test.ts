import test from 'ava';
import * as fc from 'fast-check';
import { mean } from 'simple-statistics';
import { createClientTable } from '../../reports/measures/clients.ts';
import { nearestRank, supportedRank, valuesAtRanks } from '../../reports/measures/percentile.ts';
import { measureCompletedRate, measureEdgeCorrectedRate } from '../../reports/measures/rate.ts';
import { takeRows } from '../../reports/measures/rows.ts';
import { mannKendallPValue, senSlope } from '../../reports/measures/steadiness.ts';
import {
  type SyntheticOperation,
  blockOf,
  blocksOf,
  exponential,
  listOf,
  simulateCell,
} from '../support/synthetic-cell.ts';
import { summarizeCell } from '../support/summarize-cell.ts';

const operation: fc.Arbitrary<SyntheticOperation> = fc.record({
  client: fc.nat(20),
  sequence: fc.nat(5),
  startUs: fc.integer({ min: -100_000, max: 3_000_000 }),
  durationUs: fc.nat(2_000_000),
  outcome: fc.constantFrom('ok', 'ok', 'ok', 'reset', 'cut', 'local/no-port'),
});

test('both rates equal their definitions done one operation at a time, for any rows and window', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { maxLength: 60 }),
      fc.nat(2_000_000),
      fc.integer({ min: 1, max: 2_000_000 }),
      async (operations, openUs, lengthUs) => {
        const span = { openUs, closeUs: openUs + lengthUs };
        const [edgeCorrected, completed] = [measureEdgeCorrectedRate(span, 0), measureCompletedRate(span, 0)];
        await takeRows(blocksOf(operations, 7), createClientTable([]), [edgeCorrected, completed]);
        const ok = operations.filter(({ outcome }) => outcome === 'ok');
        const ended = ok.filter(({ startUs, durationUs }) => {
          const endUs = startUs + durationUs;
          return endUs > span.openUs && endUs <= span.closeUs;
        });
        let sum = 0;
        for (const each of ok) {
          const insideUs = Math.min(each.startUs + each.durationUs, span.closeUs) - Math.max(each.startUs, span.openUs);
          if (each.durationUs === 0) sum += ended.includes(each) ? 1 : 0;
          else sum += Math.max(0, insideUs) / each.durationUs;
        }
        const edge = edgeCorrected.result().perS;
        const naive = sum / (lengthUs / 1e6);
        if (Math.abs(edge - naive) > 1e-6 * Math.max(1, naive)) return false;
        return completed.result().perS === ended.length / (lengthUs / 1e6);
      },
    ),
  );
  t.pass();
});

test('the nearest-rank percentile is the smallest value that enough values do not exceed', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(50), { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 1, max: 100 }),
      (values, percent) => {
        const sorted = values.toSorted((a, b) => a - b);
        const naive = sorted.find(
          (value) => sorted.filter((each) => each <= value).length * 100 >= percent * sorted.length,
        );
        return nearestRank(sorted, percent) === naive;
      },
    ),
  );
  t.pass();
});

test('a percentile is given from five operations beyond it on', (t) => {
  t.deepEqual([supportedRank(9, 50), supportedRank(10, 50)], [null, 5]);
  t.deepEqual([supportedRank(49, 90), supportedRank(50, 90)], [null, 45]);
  t.deepEqual([supportedRank(99, 95), supportedRank(100, 95)], [null, 95]);
  t.deepEqual([supportedRank(499, 99), supportedRank(500, 99)], [null, 495]);
});

test('the value at a rank is the one that sorting puts there, for any values in any pieces', (t) => {
  const value = fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.integer({ min: -3, max: 70_000 }));
  fc.assert(
    fc.property(
      fc.array(fc.array(value, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 4 }),
      (pieces) => {
        const sorted = pieces.flat().toSorted((a, b) => a - b);
        const ranks = sorted.map((_, index) => index + 1);
        t.deepEqual(
          valuesAtRanks(
            pieces.map((piece) => Int32Array.from(piece)),
            ranks,
          ),
          sorted,
        );
      },
    ),
    { numRuns: 50 },
  );
  t.deepEqual(valuesAtRanks([], []), []);
});

test('the order in which blocks of rows come does not change any measure', async (t) => {
  const { evidence, operations } = simulateCell({
    clients: 12,
    places: 4,
    serviceUs: exponential(8000),
    outcomeOf: (random) => (random() < 0.1 ? 'reset' : 'ok'),
    pauseAfterFailureUs: 5000,
    windowMs: 700,
  });
  const blocks = await listOf(blocksOf(operations, 50));
  const expected = await summarizeCell(evidence, blocksOf(operations));
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(blocks, { minLength: blocks.length }), async (shuffled) => {
      const { ratePerS, littleErrorRatio, phasesMs, failureTimeMs, serviceTimeMs, ...exact } = await summarizeCell(
        evidence,
        streamOf(shuffled),
      );
      t.like(expected, exact);
      // Sums of fractions depend on the order in their last bits only.
      t.true(Math.abs((ratePerS as number) - (expected.ratePerS as number)) < 1e-9);
      t.true(Math.abs((littleErrorRatio as number) - (expected.littleErrorRatio as number)) < 1e-9);
      t.deepEqual(
        [phasesMs, failureTimeMs, serviceTimeMs],
        [expected.phasesMs, expected.failureTimeMs, expected.serviceTimeMs],
      );
    }),
    { numRuns: 25 },
  );
});

async function* streamOf<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

test('splitting the same rows into other blocks does not change any measure', async (t) => {
  const { evidence, operations } = simulateCell({ clients: 6, serviceUs: exponential(9000), windowMs: 500 });
  const whole = await summarizeCell(evidence, streamOf([blockOf(operations)]));
  t.deepEqual(await summarizeCell(evidence, blocksOf(operations, 1)), whole);
  t.deepEqual(await summarizeCell(evidence, blocksOf(operations, 1000)), whole);
});

test('Mann-Kendall and Sen agree with values worked out by hand', (t) => {
  // 1 2 3 4 5: S = 10, variance 5*4*15/18 = 16.67, z = 9 / 4.0825 = 2.2045, two-sided p = 0.0275.
  t.true(Math.abs(mannKendallPValue([1, 2, 3, 4, 5]) - 0.0275) < 5e-5);
  // 1 1 2: S = 2, variance (3*2*11 - 2*1*9) / 18 = 2.667, z = 1 / 1.633 = 0.6124, p = 0.5403.
  t.true(Math.abs(mannKendallPValue([1, 1, 2]) - 0.5403) < 5e-5);
  t.is(mannKendallPValue([3, 3, 3, 3]), 1);
  t.is(senSlope([0, 2, 4, 100]), mean([2, 100 / 3]));
});
