import test from 'ava';
import * as fc from 'fast-check';
import {
  createConcurrencyScale,
  createRateScale,
  createTimeScale,
  isInScale,
  positionOf,
} from '../../../reports/charts/chart-scale.ts';

test('concurrency is linear unless a third of the levels would crowd at its low end', (t) => {
  t.like(createConcurrencyScale([], [10, 20, 40, 80, 160]), { type: 'linear', ticks: null });
  t.like(createConcurrencyScale([], [50, 100, 200, 400, 800, 1200, 1600, 2000, 2500]), { type: 'linear' });
  t.like(createConcurrencyScale([], [1, 4, 16, 64, 128]), { type: 'log', base: 2, ticks: [1, 4, 16, 64, 128] });
  t.like(createConcurrencyScale([], [1, 4, 16, 64, 128], { type: 'linear' }), { type: 'linear' });
  t.like(createConcurrencyScale([], [10, 160], { type: 'log' }), { type: 'log' });
});

test('ticks of levels are as far apart as their labels are wide, the highest among them', (t) => {
  const levels = [1, 4, 100, 120, 128];
  t.deepEqual(createConcurrencyScale([], levels, { type: 'log', width: 480 }).ticks, [1, 4, 128]);
  t.deepEqual(createConcurrencyScale([], levels, { type: 'log', width: 4800 }).ticks, [1, 4, 100, 120, 128]);
});

test('one level stands in the middle, beside its name', (t) => {
  const { domain } = createConcurrencyScale([7.9], [8]);
  t.true(domain[0] === 0 && domain[1] > 12);
});

test('however close the times, their scale has two ticks or more', (t) => {
  t.deepEqual(createTimeScale([325, 354], 6).ticks, [200, 500]);
  const values = fc.array(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.integer({ min: 6, max: 9 }), (all, ticksAtMost) => {
      t.true((createTimeScale(all, ticksAtMost).ticks ?? []).length >= 2);
    }),
  );
});

test('scales hold every value, end on round numbers and tick where people look', (t) => {
  t.deepEqual(createRateScale([3.1, 49.9]).domain, [0, 52]);
  t.deepEqual(createRateScale([0]).domain, [0, 1]);
  t.deepEqual(createRateScale([5e-324]).domain, [0, 1]);
  t.deepEqual(createTimeScale([3, 400]).ticks, [5, 10, 20, 50, 100, 200]);
  t.deepEqual(createTimeScale([7]).ticks, [5, 10]);
  t.deepEqual(createTimeScale([1, 1e6], 5).ticks, [1, 100, 10_000, 1_000_000]);
  const values = fc.array(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.integer({ min: 3, max: 9 }), (all, ticksAtMost) => {
      const times = createTimeScale(all, ticksAtMost);
      t.true(
        (times.ticks ?? []).length <= ticksAtMost + 3 && (times.ticks ?? []).every((tick) => isInScale(times, tick)),
      );
      const scales = [
        times,
        createRateScale(all),
        createConcurrencyScale(all, all, { type: 'linear' }),
        createConcurrencyScale(all, all, { type: 'log' }),
      ];
      for (const scale of scales) {
        for (const value of all) {
          const position = positionOf(scale, value, 100);
          t.true(position >= -1e-9 && position <= 100 + 1e-9, `${value} at ${position}`);
        }
      }
    }),
  );
});
