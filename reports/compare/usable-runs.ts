/** Which runs of a cell are compared, and why the others are not. */

import type { CellSummary } from '../summary.ts';
import { endedIn } from './figures.ts';
import type { CellSide, FigureName, LeftOut } from './comparison.ts';

/** Marks of runs whose figures are not the service's, or contradict each other. */
const DISTRUSTED = {
  'generator-bound': 'generator-bound: the figures are the load generator’s',
  'rows-missing': 'rows are missing',
  'server-difference': 'the server’s count differs',
  little: 'rows and gauges contradict each other',
} as const;

const CODES = Object.keys(DISTRUSTED) as (keyof typeof DISTRUSTED)[];

/** Null: rate and times of the run are used. */
export function explainLeftOut({ run, state, reason, marks }: CellSummary): LeftOut | null {
  if (state !== 'ok') return { run, kind: state, why: reason ?? state };
  const kind = CODES.find((code) => marks.some((mark) => mark.code === code));
  return kind === undefined ? null : { run, kind, why: DISTRUSTED[kind] };
}

/**
 * The runs that have the figure and can be compared by it. The failed share is also taken from runs that are `failed`, since many
 * failures are what makes them so.
 */
export function usableRuns(name: FigureName, cells: readonly CellSummary[]): CellSummary[] {
  return cells.filter((cell) => {
    if (name !== 'failed' || cell.state !== 'failed') return explainLeftOut(cell) === null;
    return cell.windowMs !== null && endedIn(cell) > 0 && explainLeftOut({ ...cell, state: 'ok' }) === null;
  });
}

export function describeSide(cells: readonly CellSummary[]): CellSide {
  const states: CellSide['states'] = {};
  for (const { state } of cells) states[state] = (states[state] ?? 0) + 1;
  const leftOut = cells.map(explainLeftOut).filter((each) => each !== null);
  return { states, leftOut: leftOut.toSorted((a, b) => a.run - b.run || (a.why < b.why ? -1 : 1)) };
}
