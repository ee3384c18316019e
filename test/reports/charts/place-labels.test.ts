import test from 'ava';
import * as fc from 'fast-check';
import {
  type Box,
  type Obstacle,
  type Wish,
  boxOf,
  doOverlap,
  placeLabels,
  spreadApart,
} from '../../../reports/charts/place-labels.ts';

const BOUNDS: Box = { left: 0, top: 0, right: 600, bottom: 300 };
const SIZE = { width: 70, height: 15 };

const wishes = fc.array(
  fc.record({
    width: fc.integer({ min: 10, max: 150 }),
    height: fc.constant(15),
    places: fc.array(fc.record({ left: fc.integer({ min: -20, max: 600 }), middle: fc.nat(300), cost: fc.nat(40) }), {
      minLength: 1,
      maxLength: 6,
    }),
  }),
  { maxLength: 12 },
);

const obstacles: fc.Arbitrary<Obstacle[]> = fc.array(
  fc.oneof(
    fc.record({ x1: fc.nat(600), y1: fc.nat(300), x2: fc.nat(600), y2: fc.nat(300), weight: fc.constant(26) }),
    fc
      .record({ left: fc.nat(600), top: fc.nat(300) })
      .map(({ left, top }) => ({ left, top, right: left + 12, bottom: top + 12, weight: 26 })),
  ),
  { maxLength: 20 },
);

test('no label overlaps another or what is taken, and none leaves the bounds', (t) => {
  const taken: Box[] = [{ left: 500, top: 0, right: 600, bottom: 300 }];
  fc.assert(
    fc.property(wishes, obstacles, (all, inTheWay) => {
      const placed = placeLabels(all, { bounds: BOUNDS, obstacles: inTheWay, taken });
      t.is(placed.length, all.length);
      const boxes = placed.flatMap((place, index) => (place === null ? [] : [boxOf(place, all[index] as Wish)]));
      for (const [index, box] of boxes.entries()) {
        for (const other of [...taken, ...boxes.slice(index + 1)]) t.false(doOverlap(box, other));
        t.true(box.left >= 0 && box.right <= 600 && box.top >= 0 && box.bottom <= 300);
      }
    }),
  );
});

test('a free place is taken before one that covers a point or a line, whatever the order', (t) => {
  fc.assert(
    fc.property(fc.nat(400), fc.integer({ min: 40, max: 200 }), fc.boolean(), (left, middle, isLine) => {
      const obstacle: Obstacle = isLine
        ? { x1: left + 10, y1: middle - 40, x2: left + 20, y2: middle + 40, weight: 26 }
        : { left: left + 20, top: middle - 4, right: left + 32, bottom: middle + 4, weight: 26 };
      const covering = { left, middle, cost: 0 };
      const free = { left: left + 80, middle, cost: 10 };
      for (const places of [
        [covering, free],
        [free, covering],
      ]) {
        const [place] = placeLabels([{ ...SIZE, places }], { bounds: BOUNDS, obstacles: [obstacle] });
        t.is(place?.left, free.left);
      }
    }),
  );
});

test('a line that passes beside a label is not in its way, one through it is however far its ends', (t) => {
  const wish = { ...SIZE, places: [{ left: 100, middle: 100, cost: 0 }] };
  const costOf = (line: Obstacle) => placeLabels([wish], { bounds: BOUNDS, obstacles: [line] })[0]?.cost;
  t.is(costOf({ x1: 0, y1: 80, x2: 600, y2: 80, weight: 26 }), 0);
  t.is(costOf({ x1: 0, y1: 0, x2: 90, y2: 300, weight: 26 }), 0);
  t.is(costOf({ x1: 0, y1: 0, x2: 300, y2: 200, weight: 26 }), 26);
  t.is(costOf({ x1: 130, y1: -10, x2: 130, y2: 400, weight: 26 }), 26);
});

test('a label that would cost more than it may is left out', (t) => {
  const wish = { ...SIZE, places: [{ left: 100, middle: 100, cost: 0 }] };
  const inTheWay = [{ left: 110, top: 95, right: 122, bottom: 107, weight: 26 }];
  t.deepEqual(placeLabels([wish], { bounds: BOUNDS, obstacles: inTheWay, costAtMost: 20 }), [null]);
});

test('labels of a column end up at least a line apart, in their order, and within it as far as they fit', (t) => {
  fc.assert(
    fc.property(fc.array(fc.nat(200), { minLength: 1, maxLength: 14 }), (middles) => {
      const spread = spreadApart(middles, 15, 200);
      const order = middles
        .map((_, index) => index)
        .toSorted((a, b) => (middles[a] as number) - (middles[b] as number));
      const sorted = order.map((index) => spread[index] as number);
      for (const [index, middle] of sorted.slice(1).entries()) t.true(middle - (sorted[index] as number) > 14.99);
      t.true((sorted[0] as number) >= 0);
      if (middles.length * 15 <= 215) t.true((sorted.at(-1) as number) <= 200.01);
    }),
  );
});

test('labels that are apart stay, two that are not move as little as that takes', (t) => {
  t.deepEqual(spreadApart([30, 200, 90], 15, 270), [30, 200, 90]);
  t.deepEqual(spreadApart([30, 34], 15, 270), [24.5, 39.5]);
});
