/** What the figures by directory size have on y: the rate, or the mean service time. */

import { median } from 'simple-statistics';
import { formatNumber } from '../format-number.ts';
import type { Level, TimeUnit } from '../series.ts';
import type { CellSummary } from '../summary.ts';
import { formatPart, nameSize } from './words.ts';

/** What stands on y. */
export type Quantity = {
  id: string;
  title: string;
  /** For the axis, with the unit. */
  name: string;
  /** For a table's head. */
  head: string;
  /** In the unit. */
  of(cell: CellSummary): number | null;
  /** What two sizes have at a level, as the rest of a sentence. */
  compare(small: SizeValue, large: SizeValue): string;
};

type SizeValue = { size: number; value: number };

export const RATE: Quantity = {
  id: 'rate-by-size',
  title: 'Rate by directory size',
  name: 'operations per second (Hz)',
  head: 'rate (Hz)',
  of: ({ ratePerS }) => ratePerS,
  compare(small, large) {
    const change = large.value / small.value - 1;
    const [at, to] = [small, large].map(({ size, value }) => `${formatNumber(value)} Hz with ${nameSize(size)}`);
    const by = Number.isFinite(change) ? ` (${formatPart(Math.abs(change))} ${change < 0 ? 'less' : 'more'})` : '';
    return `the rate is ${at} and ${to}${by}`;
  },
};

export function meanTimeIn(unit: TimeUnit): Quantity {
  return {
    id: 'time-by-size',
    title: 'Service time by directory size',
    name: `mean service time (${unit.name})`,
    head: `mean service time (${unit.name})`,
    of: ({ serviceTimeMs: { mean } }) => (mean === null ? null : mean / unit.ms),
    compare(small, large) {
      const ratio = large.value / small.value;
      const [at, to] = [small, large].map(
        ({ size, value }) => `${formatNumber(value)} ${unit.name} with ${nameSize(size)}`,
      );
      const times = Number.isFinite(ratio) ? ` (${formatNumber(ratio)} times as long)` : '';
      return `an operation takes ${at} and ${to} on average${times}`;
    },
  };
}

/** Over the runs that are ok. */
export function medianOf({ cells }: Level, of: Quantity['of']): number | null {
  const values = valuesOf(cells, of);
  return values.length === 0 ? null : median(values);
}

export function valuesOf(cells: readonly CellSummary[], of: Quantity['of']): number[] {
  return cells
    .filter(({ state }) => state === 'ok')
    .map(of)
    .filter((value) => value !== null);
}
