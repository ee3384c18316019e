/** Predicates: they must hold in every run of every place that a check selects; with `not`, in none. */

import { formatDuration } from '../../foundation/quantity.ts';
import type { CellSummary, Verdict } from '../summary.ts';
import type { PredicateCheck } from './check.ts';
import { explainAbsence } from './cell-measures.ts';
import { type Place, cellsAt, listPlaces, namePlace } from './places.ts';
import type { Predicate } from './vocabulary.ts';

type Finding = Pick<Verdict, 'verdict' | 'measured'>;
type Judged = { cell: CellSummary; place: Place; holds: boolean | null };

export function evaluatePredicate(check: PredicateCheck, cells: readonly CellSummary[]): Finding {
  const subject = { scope: 'cell', selectors: check.selectors } as const;
  const places = listPlaces([subject], cells);
  const judged = places.flatMap((place) =>
    cellsAt(subject, place, cells).map((cell): Judged => ({ cell, place, holds: judge(check, cell) })),
  );
  if (judged.length === 0) return { verdict: 'not measured', measured: 'the campaign has no such cell' };
  const shown = chooseShown(judged);
  const where = namePlace(shown.place, places);
  if (shown.holds === null) {
    const why = explainAbsence([shown.cell]) ?? 'whether it recovers was not tried';
    return { verdict: 'not measured', measured: `${why}${where}` };
  }
  const text = describeCell(check.predicate, shown.cell, judged.length > 1);
  return { verdict: shown.holds ? 'met' : 'not met', measured: `${text}${where}` };
}

function judge({ predicate, isNegated }: PredicateCheck, cell: CellSummary): boolean | null {
  const holds = holdsIn(predicate, cell);
  return holds === null ? null : holds !== isNegated;
}

/** Null: not measured. */
function holdsIn(predicate: Predicate, { state, recoveryMs, hung }: CellSummary): boolean | null {
  if (state === 'skipped') return null;
  if (predicate === 'ok') return state === 'ok';
  if (predicate === 'hung') return hung;
  if (recoveryMs !== null) return true;
  return hung === null ? null : false;
}

/** The first run that breaks the check, else one that was not measured, else the one that took longest to recover. */
function chooseShown(judged: readonly Judged[]): Judged {
  const slowest = judged.reduce((a, b) => ((b.cell.recoveryMs ?? 0) > (a.cell.recoveryMs ?? 0) ? b : a));
  return judged.find(({ holds }) => holds === false) ?? judged.find(({ holds }) => holds === null) ?? slowest;
}

function describeCell(predicate: Predicate, cell: CellSummary, isWorst: boolean): string {
  if (predicate === 'ok') return cell.reason === null ? cell.state : `${cell.state}: ${cell.reason}`;
  if (cell.recoveryMs !== null)
    return `recovered after ${formatDuration(cell.recoveryMs)}${isWorst ? ' at worst' : ''}`;
  return cell.hung === true ? 'hung, not recovered' : 'not recovered';
}
