import test from 'ava';
import * as fc from 'fast-check';
import { isBeyondChance } from '../../../coordinator/thresholds/chance.ts';

type Case = [beyond: number, total: number, allowed: number, expected: boolean];

const CASES: Case[] = [
  [0, 0, 0.5, false],
  [0, 1000, 0.001, false],
  [0, 10, 0, false],
  [1, 10, 0, true],
  [1, 1_000_000, 0, true],
  [10, 10, 1, false],
  [5, 10, 0.5, false],
  // P(X >= 1) = 0.0009 for one operation, 0.0018 for two.
  [1, 1, 0.0009, true],
  [1, 2, 0.0009, false],
  // All of 9 with share 1/2: 0.00195; all of 10: 0.00098.
  [9, 9, 0.5, false],
  [10, 10, 0.5, true],
  // The mean is 10,000 with a standard deviation of 99.5; the 99.9th percentile of the normal curve is 3.09 of these.
  [10_280, 1_000_000, 0.01, false],
  [10_340, 1_000_000, 0.01, true],
];

for (const [beyond, total, allowed, expected] of CASES) {
  test(`${beyond} of ${total} where ${allowed} may: ${expected ? 'more than chance' : 'may be chance'}`, (t) => {
    t.is(isBeyondChance(beyond, total, allowed), expected);
  });
}

/** P(X >= beyond), term by term in whole numbers: nothing is rounded before the end. */
function naiveTail(beyond: number, total: number, percent: number): number {
  let ways = 1n;
  let sum = 0n;
  for (let count = 0; count <= total; count += 1) {
    if (count >= beyond)
      sum += ways * BigInt(percent) ** BigInt(count) * BigInt(100 - percent) ** BigInt(total - count);
    ways = (ways * BigInt(total - count)) / BigInt(count + 1);
  }
  const digits = 10n ** 12n;
  return Number((sum * digits) / 100n ** BigInt(total)) / 1e12;
}

test('it is the exact binomial tail', (t) => {
  const total = fc.integer({ min: 1, max: 120 });
  fc.assert(
    fc.property(total, fc.nat(), fc.integer({ min: 1, max: 99 }), (all, choice, percent) => {
      const beyond = choice % (all + 1);
      const tail = naiveTail(beyond, all, percent);
      if (Math.abs(tail - 0.001) < 1e-9) return;
      t.is(isBeyondChance(beyond, all, percent / 100), tail < 0.001);
    }),
  );
});

test('more beyond, or less allowed, never takes it back', (t) => {
  const count = fc.nat({ max: 100_000 });
  fc.assert(
    fc.property(count, count, fc.double({ min: 0, max: 1, noNaN: true }), (beyond, others, allowed) => {
      if (!isBeyondChance(beyond, beyond + others + 1, allowed)) return;
      t.true(isBeyondChance(beyond + 1, beyond + others + 1, allowed));
      t.true(isBeyondChance(beyond, beyond + others + 1, allowed / 2));
    }),
  );
});
