import test from 'ava';
import * as fc from 'fast-check';
import { shareByCapacity, shareByWeight, shareEvenly } from '../../foundation/shares.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

test('shares by capacity add up, stay within capacity and differ from the exact share by less than one', (t) => {
  const holders = fc.array(fc.nat({ max: 500 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(holders, fc.double({ min: 0, max: 1, noNaN: true }), (capacities, fill) => {
      const total = Math.floor(sum(capacities) * fill);
      const shares = shareByCapacity(total, capacities);
      t.is(sum(shares), total);
      for (const [index, share] of shares.entries()) {
        const capacity = capacities[index] as number;
        t.true(share <= capacity);
        if (total > 0) t.true(Math.abs(share - (total * capacity) / sum(capacities)) < 1 + 1e-9);
      }
    }),
  );
});

test('shares by weight add up and stay within capacity, whatever the weights', (t) => {
  const holder = fc.record({ weight: fc.double({ min: 0.001, max: 10, noNaN: true }), capacity: fc.nat({ max: 300 }) });
  fc.assert(
    fc.property(
      fc.array(holder, { minLength: 1, maxLength: 20 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (holders, fill) => {
        const capacities = holders.map(({ capacity }) => capacity);
        const total = Math.floor(sum(capacities) * fill);
        const shares = shareByWeight(
          total,
          holders.map(({ weight }) => weight),
          capacities,
        );
        t.is(sum(shares), total);
        t.true(shares.every((share, index) => share >= 0 && share <= (capacities[index] as number)));
      },
    ),
  );
});

test('a spread of 85 to 15 is kept to the client, and a full site passes on what it cannot take', (t) => {
  t.deepEqual(shareByWeight(1000, [0.85, 0.15], [2000, 400]), [850, 150]);
  t.deepEqual(shareByWeight(1000, [0.85, 0.15], [700, 400]), [700, 300]);
  t.deepEqual(shareByWeight(3, [1, 1], [10, 10]), [2, 1]);
  t.deepEqual(shareByWeight(0, [1, 1], [10, 10]), [0, 0]);
});

test('more than the holders can take is refused', (t) => {
  t.throws(() => shareByWeight(11, [1], [10]), { instanceOf: RangeError });
  t.throws(() => shareByWeight(1, [0], [10]), { instanceOf: RangeError });
});

test('even shares differ by at most one and add up', (t) => {
  fc.assert(
    fc.property(fc.nat({ max: 10_000 }), fc.integer({ min: 1, max: 64 }), (total, parts) => {
      const shares = shareEvenly(total, parts);
      t.is(sum(shares), total);
      t.true(Math.max(...shares) - Math.min(...shares) <= 1);
    }),
  );
});
