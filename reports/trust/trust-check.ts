/** What one check of a campaign found, and in which cells. */

import type { CellSummary, Mark } from '../summary.ts';

/** `look`: something is wrong in some cells. `not checked`: nothing could be compared. */
export type TrustCheck = {
  name: string;
  verdict: 'ok' | 'look' | 'not checked';
  text: string;
  /** Ids of the cells to look at, in their order; empty unless the verdict is `look`. */
  cells: readonly string[];
};

export function ok(name: string, text: string): TrustCheck {
  return { name, verdict: 'ok', text, cells: [] };
}

export function look(name: string, text: string, cells: readonly CellSummary[]): TrustCheck {
  return { name, verdict: 'look', text, cells: cells.map(({ id }) => id) };
}

export function notChecked(name: string, text: string): TrustCheck {
  return { name, verdict: 'not checked', text, cells: [] };
}

export function listMarked(cells: readonly CellSummary[], ...codes: Mark['code'][]): CellSummary[] {
  return cells.filter(({ marks }) => marks.some(({ code }) => codes.includes(code)));
}
