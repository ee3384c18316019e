import test, { type ExecutionContext } from 'ava';
import { assert, double, property } from 'fast-check';
import { formatEstimate } from '../../reports/format-estimate.ts';

type Case = { estimate: [value: number, low: number, high: number]; unit?: string };

const writes = test.macro({
  exec: (t: ExecutionContext, { estimate: [value, low, high], unit }: Case, expected: string) => {
    t.is(formatEstimate({ value, low, high }, unit), expected);
  },
  title: (_, _case, expected) => `written: ${expected}`,
});

test(writes, { estimate: [39.93, 38.81, 41.02] }, '39.9 (38.8 to 41.0)');
test(writes, { estimate: [39.93, 39.41, 40.39], unit: 'Hz' }, '39.9 Hz (39.4 to 40.4)');
test(writes, { estimate: [403, 290, 510] }, '400 (290 to 510)');
test(writes, { estimate: [1_234_567, 1_200_000, 1_270_000] }, '1,235,000 (1,200,000 to 1,270,000)');
test(writes, { estimate: [0.0251, 0.0244, 0.0258], unit: 'Hz per client' }, '0.0251 Hz per client (0.0244 to 0.0258)');
test(writes, { estimate: [1.2e-6, 0.9e-6, 1.5e-6] }, '1.20 (0.90 to 1.50) × 10⁻⁶');
test(writes, { estimate: [-0.01, -1.2, 1.3] }, '0.0 (-1.2 to 1.3)');
test(writes, { estimate: [3.2e12, 3e12, 3.5e12] }, '3.20 (3.00 to 3.50) × 10¹²');
test(writes, { estimate: [5, 5, 5], unit: 'Hz' }, '5 Hz');
test(writes, { estimate: [0, 0, 0] }, '0');
test(writes, { estimate: [10, 9.999_999_999, 10.000_000_001], unit: 'Hz' }, '10.0000 Hz');
test(writes, { estimate: [10, 9.999_91, 10.000_09] }, '10.0000 (9.9999 to 10.0001)');

test('what is written lies within a fourteenth of the interval’s width of what is meant', (t) => {
  const bounded = double({ min: 0.01, max: 1e6, noNaN: true });
  assert(
    property(bounded, double({ min: 1e-4, max: 1, noNaN: true }), (value, share) => {
      const half = value * share;
      const text = formatEstimate({ value, low: value - half, high: value + half });
      if (text.includes('×')) return;
      const [middle, low, high] = [...text.matchAll(/-?[\d,]+(?:\.\d+)?/g)].map(([part]) =>
        Number(part.replaceAll(',', '')),
      ) as [number, number, number];
      for (const [written, meant] of [
        [middle, value],
        [low, value - half],
        [high, value + half],
      ] as const)
        t.true(Math.abs(written - meant) <= (2 * half) / 14 + 1e-9, text);
    }),
  );
});
