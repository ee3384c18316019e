/** Labels put where none covers another, and where they cover as little else as can be. */

/** Pixels; y grows downward. */
export type Box = { left: number; top: number; right: number; bottom: number };
export type Segment = { x1: number; y1: number; x2: number; y2: number };

/** What a label should not cover; `weight` is how bad it is, in pixels that a label would rather be moved. */
export type Obstacle = (Box | Segment) & { weight: number };

/** A place that a label could have: its left end and the middle of its line, and how far it is from the best, in pixels. */
export type Place = { left: number; middle: number; cost: number };

export type Wish = { width: number; height: number; places: readonly Place[] };

/** A label above this cost had better not be there, or be elsewhere. */
export type Options = { bounds: Box; obstacles: readonly Obstacle[]; taken?: readonly Box[]; costAtMost?: number };

/** Room between two labels. */
const GAP = 2;

/**
 * One place a wish, in their order, each the cheapest that is within the bounds and off the labels before it and those in
 * `taken`; null where there is none.
 */
export function placeLabels(wishes: readonly Wish[], options: Options): (Place | null)[] {
  const { bounds, obstacles, taken = [], costAtMost = Infinity } = options;
  const labels = [...taken];
  return wishes.map((wish) => {
    let best: Place | null = null;
    for (const place of wish.places) {
      const box = boxOf(place, wish);
      if (!isWithin(box, bounds) || labels.some((label) => doOverlap(label, box, GAP))) continue;
      const cost = place.cost + sumCovered(box, obstacles);
      if (cost <= costAtMost && cost < (best?.cost ?? Infinity)) best = { ...place, cost };
    }
    if (best !== null) labels.push(boxOf(best, wish));
    return best;
  });
}

export function boxOf({ left, middle }: Pick<Place, 'left' | 'middle'>, size: Pick<Wish, 'width' | 'height'>): Box {
  return { left, top: middle - size.height / 2, right: left + size.width, bottom: middle + size.height / 2 };
}

export function doOverlap(a: Box, b: Box, gap = 0): boolean {
  return a.left < b.right + gap && b.left < a.right + gap && a.top < b.bottom + gap && b.top < a.bottom + gap;
}

function isWithin(box: Box, bounds: Box): boolean {
  return box.left >= bounds.left && box.right <= bounds.right && box.top >= bounds.top && box.bottom <= bounds.bottom;
}

function sumCovered(box: Box, obstacles: readonly Obstacle[]): number {
  let sum = 0;
  for (const obstacle of obstacles) {
    const isCovered = 'left' in obstacle ? doOverlap(box, obstacle) : doesCross(obstacle, box);
    if (isCovered) sum += obstacle.weight;
  }
  return sum;
}

/** Liang and Barsky: what is left of the segment after clipping at each side. */
function doesCross({ x1, y1, x2, y2 }: Segment, box: Box): boolean {
  let [from, to] = [0, 1];
  const sides = [
    [x1 - x2, x1 - box.left],
    [x2 - x1, box.right - x1],
    [y1 - y2, y1 - box.top],
    [y2 - y1, box.bottom - y1],
  ] as const;
  for (const [step, distance] of sides) {
    if (step === 0) {
      if (distance < 0) return false;
    } else if (step < 0) from = Math.max(from, distance / step);
    else to = Math.min(to, distance / step);
  }
  return from <= to;
}

/**
 * New middles for labels of one column, in the order given: at least `lineHeight` apart, within 0 … height as far as they fit,
 * with the least squared movement (take a line per step away, pool neighbours in the wrong order into their mean: isotonic
 * regression; put the lines back).
 */
export function spreadApart(middles: readonly number[], lineHeight: number, height: number): number[] {
  const order = middles.map((_, index) => index).toSorted((a, b) => (middles[a] as number) - (middles[b] as number));
  const pools: { sum: number; count: number }[] = [];
  for (const [rank, index] of order.entries()) {
    let pool = { sum: (middles[index] as number) - rank * lineHeight, count: 1 };
    for (
      let last = pools.at(-1);
      last !== undefined && last.sum / last.count > pool.sum / pool.count;
      last = pools.at(-1)
    ) {
      pools.pop();
      pool = { sum: last.sum + pool.sum, count: last.count + pool.count };
    }
    pools.push(pool);
  }
  // The last line has the bottom for its limit, those above it a line less each: a shift that is the same for all.
  const most = height - (middles.length - 1) * lineHeight;
  const starts = pools.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count));
  const spread = Array.from({ length: middles.length }, () => 0);
  for (const [rank, index] of order.entries()) {
    spread[index] = Math.max(0, Math.min(starts[rank] as number, most)) + rank * lineHeight;
  }
  return spread;
}
