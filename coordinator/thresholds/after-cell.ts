/**
 * Looks at the `abort` thresholds after each cell.
 *
 * | what the check is about | judged |
 * | --- | --- |
 * | predicates, which must hold in every cell | after each cell |
 * | figures of levels | after each cell, by the runs so far |
 * | counts, which are added up over the runs, below a fixed number | after each cell: they only grow |
 * | other counts; curves, crossings, lines over sizes | once no cell that it is about is left: more cells can still meet it |
 */

import type { CellIdentity } from '../../reports/evidence.ts';
import {
  type Check,
  type Comparison,
  type Selectors,
  isProblem,
  measuresIn,
} from '../../reports/expectations/check.ts';
import { evaluateCheck } from '../../reports/expectations/evaluate.ts';
import { isSelected } from '../../reports/expectations/live-limit.ts';
import { parseCheck } from '../../reports/expectations/parse-check.ts';
import { factsOf } from '../../reports/expectations/vocabulary.ts';
import type { CellSummary } from '../../reports/summary.ts';
import type { Config } from '../config/schema.ts';
import type { Crossing } from './crossing.ts';

/** The cells of a campaign: measured so far, and still to come. */
export type CellsSoFar = { measured: readonly CellSummary[]; left: readonly CellIdentity[] };

/** The first `abort` threshold that is not met now; null: none. What could not be measured is no reason to stop. */
export function findCrossed(thresholds: Config['thresholds'], { measured, left }: CellsSoFar): Crossing | null {
  for (const [text, otherwise] of Object.entries(thresholds)) {
    const check = otherwise === 'abort' ? parseCheck(text) : null;
    if (check === null || isProblem(check) || !isSettled(check, left)) continue;
    const { verdict, measured: found } = evaluateCheck(check, { cells: [...measured] });
    if (verdict === 'not met') return { check: text, text: `measured: ${found}` };
  }
  return null;
}

function isSettled(check: Check, left: readonly CellIdentity[]): boolean {
  return selectorsThatWait(check).every((selectors) => !left.some((cell) => isAbout(selectors, cell)));
}

/** Those of a check whose cells must all have been measured before it says anything. */
function selectorsThatWait(check: Check): Selectors[] {
  if (check.kind === 'predicate') return [];
  const measures = measuresIn(check);
  const facts = measures.map(({ name }) => factsOf(name));
  const isOfLevels = facts.every(({ scope }) => scope === 'cell');
  const isCounting = facts.some(({ display }) => display === 'count');
  return isOfLevels && (!isCounting || isUpperLimit(check)) ? [] : measures.map(({ selectors }) => selectors);
}

function isUpperLimit({ left, comparator, right }: Comparison): boolean {
  return left.kind === 'measure' && right.kind === 'number' && (comparator === '<' || comparator === '<=');
}

function isAbout(selectors: Selectors, cell: CellIdentity): boolean {
  const targets = selectors.target === null ? [null] : [selectors.target, selectors.against ?? selectors.target];
  return targets.some((target) => isSelected({ selects: { ...selectors, target } }, cell));
}
