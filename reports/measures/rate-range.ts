/** How much the completed rate depends on where the window lies: what bursts alone can make of it. */

import { createNumberList } from './number-list.ts';
import { KIND, type Measure, type Span, lengthS } from './rows.ts';

/** Windows tried when asking how much the completed rate depends on where the window lies. */
const SHIFTS = 41;

/** Rounding may put the edge of a moved window a hair beyond where it can be. */
const HAIR_US = 1;

/** @param shiftUs the window is moved to and fro by up to this */
export type RateRange = (shiftUs: number) => { lowestPerS: number; highestPerS: number };

/**
 * Lowest and highest completed rate when the window is moved, as far as T0 and the end of the load (`coveredUs`) allow. How far
 * is known only after the last row (by a mean service time), so the ends near an edge are kept and the others counted: an edge
 * moves back by the warm-up at most, and forward by the drain.
 */
export function measureRateRange(span: Span, coveredUs: number): Measure<RateRange> {
  const forwardUs = Math.max(0, coveredUs - span.closeUs);
  const open = reach(span.openUs, span, forwardUs);
  const close = reach(span.closeUs, span, forwardUs);
  const isOneReach = close.fromUs <= open.toUs;
  const reaches = isOneReach ? [createEnds({ ...open, toUs: close.toUs })] : [createEnds(open), createEnds(close)];
  return {
    take({ count, kind, endUs }) {
      for (let row = 0; row < count; row += 1) {
        if (kind[row] !== KIND.ok) continue;
        for (const ends of reaches) ends.add(endUs[row] as number);
      }
    },
    result: () => (shiftUs) => {
      const earliest = -Math.min(shiftUs, span.openUs);
      const latest = Math.min(shiftUs, forwardUs);
      const byUs = Array.from({ length: SHIFTS }, (_, step) => earliest + ((latest - earliest) * step) / (SHIFTS - 1));
      const opens = (reaches[0] as Ends).countUpTo(byUs.map((by) => span.openUs + by));
      const closes = (reaches.at(-1) as Ends).countUpTo(byUs.map((by) => span.closeUs + by));
      const rates = opens.map((count, step) => {
        const moved = { openUs: span.openUs + (byUs[step] as number), closeUs: span.closeUs + (byUs[step] as number) };
        return ((closes[step] as number) - count) / lengthS(moved);
      });
      return { lowestPerS: Math.min(...rates), highestPerS: Math.max(...rates) };
    },
  };
}

type Reach = { fromUs: number; toUs: number };

function reach(edgeUs: number, { openUs }: Span, forwardUs: number): Reach {
  return { fromUs: edgeUs - openUs - HAIR_US, toUs: edgeUs + forwardUs + HAIR_US };
}

type Ends = {
  add(endUs: number): void;
  /** How many ends do not exceed each limit; the limits ascend and lie in the reach. */
  countUpTo(limitsUs: readonly number[]): number[];
};

function createEnds({ fromUs, toUs }: Reach): Ends {
  const near = createNumberList((length) => new Float64Array(length));
  let before = 0;
  return {
    add(endUs) {
      if (endUs <= fromUs) before += 1;
      else if (endUs <= toUs) near.push(endUs);
    },
    countUpTo(limitsUs) {
      const counts = limitsUs.map(() => 0);
      for (const piece of near.pieces()) {
        for (const endUs of piece) {
          const step = firstNotBelow(limitsUs, endUs);
          if (step < counts.length) counts[step] = (counts[step] as number) + 1;
        }
      }
      let upTo = before;
      return counts.map((count) => (upTo += count));
    },
  };
}

/** Index of the first of the ascending limits that a value does not exceed; their number when it exceeds all. */
function firstNotBelow(limits: readonly number[], value: number): number {
  let low = 0;
  let high = limits.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((limits[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
