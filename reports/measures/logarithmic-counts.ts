/** Counts of times in fine bins of equal ratio, in constant memory, and the histogram that they make together. */

import type { Histogram } from '../cell-detail.ts';

/** Fine bins an octave: neighbouring edges are 2.2 % apart. */
const BINS_PER_OCTAVE = 32;
/** Times are whole microseconds in 31 bits. */
const OCTAVES = 31;
const MOST_BINS = 60;
const FEWEST_BINS = 8;

/** 2 ** (1/2), 2 ** (1/4), … 2 ** (1/32): square roots come out the same on every machine, powers need not. */
const ROOTS = Array.from({ length: Math.log2(BINS_PER_OCTAVE) }).reduce<number[]>(
  (roots) => [...roots, Math.sqrt(roots.at(-1) ?? 2)],
  [],
);

/** Where each fine bin begins, in microseconds. */
const EDGES = Float64Array.from({ length: OCTAVES * BINS_PER_OCTAVE + 1 }, (_, bin) => ratioOf(bin));

/** The bin of every time up to here is looked up; longer ones are halved until they are one of the upper half of these. */
const LOOKED_UP_BITS = 12;
const LOOKED_UP = createLookUp(1 << LOOKED_UP_BITS);

export type LogarithmicCounts = {
  /** A time in whole microseconds, below 2 ** 31; shorter ones count as 1. */
  add(us: number): void;
  /** Null when nothing was counted. */
  histogram(): Histogram | null;
};

export function createLogarithmicCounts(): LogarithmicCounts {
  const counts = new Float64Array(OCTAVES * BINS_PER_OCTAVE);
  return {
    add(us) {
      const bin = binOf(us);
      counts[bin] = (counts[bin] as number) + 1;
    },
    histogram: () => joinBins(counts),
  };
}

/** The fine bin of a time: its edge <= time < the next one's edge, exactly. */
export function binOf(us: number): number {
  const whole = us < 1 ? 1 : us;
  const halvings = Math.max(0, 32 - LOOKED_UP_BITS - Math.clz32(whole));
  const bin = (LOOKED_UP[whole >> halvings] as number) + halvings * BINS_PER_OCTAVE;
  // What the halvings cut off can reach into the next bin, which is wider than what was cut off.
  return whole >= (EDGES[bin + 1] as number) ? bin + 1 : bin;
}

/** 2 ** (bins / 32): what so many fine bins span. */
function ratioOf(bins: number): number {
  const octaves = Math.floor(bins / BINS_PER_OCTAVE);
  const rest = ROOTS.reduce(
    (ratio, root, index) => ((bins & (BINS_PER_OCTAVE >> (index + 1))) === 0 ? ratio : ratio * root),
    1,
  );
  return rest * 2 ** octaves;
}

function createLookUp(length: number): Uint16Array {
  const bins = new Uint16Array(length);
  let bin = 0;
  for (let us = 1; us < length; us += 1) {
    while ((EDGES[bin + 1] as number) <= us) bin += 1;
    bins[us] = bin;
  }
  return bins;
}

/**
 * As many fine bins are joined to one that there are no more than 2 n^(1/3) (the Rice rule), and between 8 and 60, for n times.
 * Joined bins begin at edges of fine ones: no time changes its side.
 */
function joinBins(fine: Float64Array): Histogram | null {
  const first = fine.findIndex((count) => count > 0);
  if (first === -1) return null;
  const last = fine.findLastIndex((count) => count > 0);
  const total = fine.reduce((sum, count) => sum + count, 0);
  const most = Math.min(MOST_BINS, Math.max(FEWEST_BINS, Math.floor(2 * Math.cbrt(total))));
  const joined = Math.ceil((last - first + 1) / most);
  const counts = Array.from({ length: Math.ceil((last - first + 1) / joined) }, (_, bin) =>
    fine.subarray(first + bin * joined, first + (bin + 1) * joined).reduce((sum, count) => sum + count, 0),
  );
  return { fromUs: EDGES[first] as number, ratio: ratioOf(joined), counts };
}
