/** Where the curve of one target overtakes that of another: linear between the typical runs, over what both have measured. */

import { formatNumber } from '../format-number.ts';
import type { CurvePoint } from './curve-measures.ts';
import { type Value, known, unknown } from './value.ts';

/** Clients in flight where `points` rises above `others`, the first time; unknown when it does not. */
export function measureCrossing(points: readonly CurvePoint[], others: readonly CurvePoint[]): Value {
  const [ours, theirs] = [inOrder(points), inOrder(others)];
  if (ours.length < 2 || theirs.length < 2) return unknown('each curve needs two levels that are measured and ok');
  const from = Math.max(firstOf(ours), firstOf(theirs));
  const to = Math.min(lastOf(ours), lastOf(theirs));
  if (from >= to) return unknown('the curves have no clients in flight in common');
  const places = [...new Set([from, to, ...ours.map(([x]) => x), ...theirs.map(([x]) => x)])]
    .filter((x) => x >= from && x <= to)
    .toSorted((a, b) => a - b);
  const gaps = places.map((x): CurvePoint => [x, rateAt(ours, x) - rateAt(theirs, x)]);
  const overtakes = findRise(gaps);
  const range = `from ${formatNumber(from)} to ${formatNumber(to)} clients in flight`;
  if (overtakes !== null) return known(overtakes);
  return unknown(
    gaps.some(([, gap]) => gap > 0) ? `it is not below at first, ${range}` : `it does not overtake ${range}`,
  );
}

/** Where a gap goes from below zero to above it; a gap of zero in between counts from its first place. */
function findRise(gaps: readonly CurvePoint[]): number | null {
  let below: CurvePoint | null = null;
  let level: number | null = null;
  for (const [x, gap] of gaps) {
    if (gap < 0) {
      below = [x, gap];
      level = null;
    } else if (below !== null && gap > 0) {
      return level ?? below[0] + ((x - below[0]) * -below[1]) / (gap - below[1]);
    } else {
      level ??= x;
    }
  }
  return null;
}

/** By clients in flight; of two levels that felt the same load the later one. */
function inOrder(points: readonly CurvePoint[]): CurvePoint[] {
  return [...new Map(points)].toSorted(([a], [b]) => a - b);
}

function firstOf(points: readonly CurvePoint[]): number {
  return (points[0] as CurvePoint)[0];
}

function lastOf(points: readonly CurvePoint[]): number {
  return (points.at(-1) as CurvePoint)[0];
}

function rateAt(points: readonly CurvePoint[], x: number): number {
  const above = points.findIndex(([at]) => at >= x);
  const [x2, y2] = points[above] as CurvePoint;
  if (x2 === x) return y2;
  const [x1, y1] = points[above - 1] as CurvePoint;
  return y1 + ((y2 - y1) * (x - x1)) / (x2 - x1);
}
