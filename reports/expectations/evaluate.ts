/** What a check says of the cells of a campaign: met, not met, or not measured, with the figure that was found. */

import { type Check, printCheck } from './check.ts';
import type { Summary, Verdict } from '../summary.ts';

/** The verdict with the check in its usual form. */
export function evaluateCheck(check: Check, summary: Pick<Summary, 'cells'>): Verdict {
  return { check: printCheck(check), verdict: 'not measured', measured: `${summary.cells.length} cells` };
}
