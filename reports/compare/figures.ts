/** The figures that are compared: where each is read, on which scale, and its share of the chance of a false alarm. */

import { failedShareOf } from '../series.ts';
import type { CellSummary } from '../summary.ts';
import type { CompareVerdict, FigureName } from './comparison.ts';

export type ComparedFigure = {
  name: FigureName;
  /** For people: 'rate', 'p50', 'p95', 'failed share'. */
  title: string;
  /** Of its value: Hz, ms, or % of the operations. */
  unit: 'Hz' | 'ms' | '%';
  /** Compared by ratio, else by difference. */
  isRelative: boolean;
  /** Its share of the level of the whole comparison: the headline has half of it. */
  weight: number;
  /** Of one run; null: it has none. */
  read(cell: CellSummary): number | null;
  /** The smallest step in which the figure of a run can change; the variance of a run is never taken to be less than its. */
  stepOf(cell: CellSummary): number;
  /** What a change that is shown is called. */
  verdicts: { higher: CompareVerdict; lower: CompareVerdict };
};

/** Durations are kept in whole microseconds. */
const TIME_STEP_MS = 0.001;

const time = (name: 'p50' | 'p95'): ComparedFigure => ({
  name,
  title: name,
  unit: 'ms',
  isRelative: true,
  weight: 1 / 6,
  read: ({ serviceTimeMs }) => positive(serviceTimeMs[name]),
  stepOf: () => TIME_STEP_MS,
  verdicts: { higher: 'slower', lower: 'faster' },
});

/** In the order in which they are shown. */
export const FIGURES: readonly ComparedFigure[] = [
  {
    name: 'rate',
    title: 'rate',
    unit: 'Hz',
    isRelative: true,
    weight: 1 / 2,
    read: ({ ratePerS }) => positive(ratePerS),
    // One operation more or less in the window.
    stepOf: ({ windowMs }) => (windowMs === null ? 0 : 1000 / (windowMs.close - windowMs.open)),
    verdicts: { higher: 'faster', lower: 'slower' },
  },
  time('p50'),
  time('p95'),
  {
    name: 'failed',
    title: 'failed share',
    unit: '%',
    isRelative: false,
    weight: 1 / 6,
    read: (cell) => failedShareOf([cell]),
    stepOf: (cell) => 1 / Math.max(1, endedIn(cell)),
    verdicts: { higher: 'more failures', lower: 'fewer failures' },
  },
];

export function figureOf(name: FigureName): ComparedFigure {
  return FIGURES.find((figure) => figure.name === name) as ComparedFigure;
}

/** Operations that ended in its window. */
export function endedIn({ inWindow: { ok, failed, local } }: CellSummary): number {
  return ok + failed + local;
}

/** A ratio needs something above zero. */
function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}
