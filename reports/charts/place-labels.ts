/** Direct labels at line ends, moved apart so that none covers another. */

/** A label with the pixel where its line ends (y grows downward). */
export type LineEnd = { text: string; x: number; y: number };

const LINE_HEIGHT = 15;
/** About the width of a letter at the labels' size. */
const LETTER_WIDTH = 7;

/** The labels with new y: at least a line apart where they lie side by side, moved as little as that takes, within 0 … height. */
export function placeLabels(ends: readonly LineEnd[], height: number): LineEnd[] {
  return groupByColumn(ends).flatMap((group) => {
    const sorted = group.toSorted((a, b) => a.y - b.y);
    const tops = spreadApart(sorted.map(({ y }) => y));
    const overflow = Math.max(0, (tops.at(-1) ?? 0) - height);
    return sorted.map((end, index) => ({
      ...end,
      y: Math.max(index * LINE_HEIGHT, (tops[index] as number) - overflow),
    }));
  });
}

/** Labels that reach into the same columns of pixels, directly or by way of others. */
function groupByColumn(ends: readonly LineEnd[]): LineEnd[][] {
  const groups: LineEnd[][] = [];
  let right = -Infinity;
  for (const end of ends.toSorted((a, b) => a.x - b.x)) {
    const last = groups.at(-1);
    if (last !== undefined && end.x < right) last.push(end);
    else groups.push([end]);
    right = Math.max(right, end.x + end.text.length * LETTER_WIDTH);
  }
  return groups;
}

/**
 * Ascending positions at least a line apart with the least squared movement: take a line per step away, pool neighbours that are
 * in the wrong order into their mean (isotonic regression), and put the lines back.
 */
function spreadApart(sorted: readonly number[]): number[] {
  const pools: { sum: number; count: number }[] = [];
  sorted.forEach((y, index) => {
    let pool = { sum: y - index * LINE_HEIGHT, count: 1 };
    for (
      let last = pools.at(-1);
      last !== undefined && last.sum / last.count > pool.sum / pool.count;
      last = pools.at(-1)
    ) {
      pools.pop();
      pool = { sum: last.sum + pool.sum, count: last.count + pool.count };
    }
    pools.push(pool);
  });
  return pools
    .flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count))
    .map((y, index) => y + index * LINE_HEIGHT);
}
