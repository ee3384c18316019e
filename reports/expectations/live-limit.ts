/** Checks that can be watched while a cell runs: one measure that only operations decide, below a fixed number. */

import type { CellIdentity } from '../evidence.ts';
import type { Check, Selectors } from './check.ts';
import { toBase } from './units.ts';

const LIVE_MEASURES = ['failed', 'p50', 'p90', 'p95', 'p99'] as const;

export type LiveLimit = {
  measure: (typeof LIVE_MEASURES)[number];
  /** `failed`: a share, 0 … 1; else milliseconds. */
  limit: number;
  /** Whether the limit itself still holds (`<=`). */
  isInclusive: boolean;
  /** Which cells it speaks of; null: all. */
  selects: Pick<Selectors, 'target' | 'directorySize' | 'levels' | 'run'>;
};

/** The limit of a check such as `failed < 1 %` or `p99 at level 800 < 2 s`; null for any other form. */
export function liveLimitsOf(check: Check): LiveLimit | null {
  if (check.kind !== 'comparison' || (check.comparator !== '<' && check.comparator !== '<=')) return null;
  const { left, right, comparator } = check;
  if (left.kind !== 'measure' || right.kind !== 'number' || left.selectors.site !== null) return null;
  const measure = LIVE_MEASURES.find((name) => name === left.name);
  if (measure === undefined) return null;
  const { target, directorySize, levels, run } = left.selectors;
  const base = toBase(right.value, right.unit);
  return {
    measure,
    limit: measure === 'failed' ? base : base * 1000,
    isInclusive: comparator === '<=',
    selects: { target, directorySize, levels, run },
  };
}

/** Whether a limit speaks of a cell. */
export function isSelected({ selects }: Pick<LiveLimit, 'selects'>, cell: CellIdentity): boolean {
  const { target, directorySize, levels, run } = selects;
  return (
    (target === null || target === cell.target) &&
    (directorySize === null || directorySize === cell.directorySize) &&
    (levels === null || (cell.level >= levels.from && cell.level <= (levels.to ?? Infinity))) &&
    (run === null || run === cell.run)
  );
}
