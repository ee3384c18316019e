import test from 'ava';
import * as fc from 'fast-check';
import { createRandom } from '../../foundation/random.ts';

const take = (seed: number, count: number): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, random);
};

test('the same seed gives the same numbers, another seed others', (t) => {
  fc.assert(fc.property(fc.nat(), (seed) => t.deepEqual(take(seed, 20), take(seed, 20))));
  t.notDeepEqual(take(1, 5), take(2, 5));
});

test('numbers lie in [0, 1) and fill it evenly: chi square over 20 bins, 19 degrees of freedom', (t) => {
  for (const seed of [0, 1, 2, 4_294_967_295]) {
    const numbers = take(seed, 20_000);
    t.true(numbers.every((number) => number >= 0 && number < 1));
    const bins = Array.from({ length: 20 }, () => 0);
    for (const number of numbers) bins[Math.floor(number * 20)] = (bins[Math.floor(number * 20)] as number) + 1;
    const chiSquare = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    t.true(chiSquare < 43.8, `seed ${seed}: ${chiSquare} (p < 0.001 beyond 43.8)`);
  }
});
