/** What a check says of the cells of a campaign: met, not met, or not measured, with the figure that was found. */

import type { CellSummary, Summary, Verdict } from '../summary.ts';
import { groupSeries } from '../series.ts';
import { measureLevel } from './cell-measures.ts';
import {
  type Check,
  type Comparison,
  type Expression,
  type Measure,
  measuresIn,
  measuresOf,
  printCheck,
} from './check.ts';
import { measureCrossing } from './crossing.ts';
import { measureCurve, measureLineDeviation, pointsOf } from './curve-measures.ts';
import { describeExpression } from './describe.ts';
import { type Place, type Subject, cellsAt, listPlaces, namePlace } from './places.ts';
import { evaluatePredicate } from './predicates.ts';
import { toBase } from './units.ts';
import { type Bound, type Value, known, operate } from './value.ts';
import { factsOf } from './vocabulary.ts';

/** The verdict with the check in its usual form. */
export function evaluateCheck(check: Check, { cells }: Pick<Summary, 'cells'>): Verdict {
  const found = check.kind === 'predicate' ? evaluatePredicate(check, cells) : evaluateComparison(check, cells);
  return { check: printCheck(check), ...found };
}

/** What came out at one place; the margin is the distance from breaking, as a share of the right side. */
type Outcome = { place: Place; verdict: Verdict['verdict']; margin: number; measured: string };

const ORDER = ['not met', 'not measured', 'met'] as const;

/** It must hold at every place; the one farthest from holding is shown. */
function evaluateComparison(check: Comparison, cells: readonly CellSummary[]): Omit<Verdict, 'check'> {
  const places = listPlaces(measuresIn(check).map(subjectOf), cells);
  const outcomes = places.map((place) => compareAt(check, place, cells));
  const verdict = ORDER.find((each) => outcomes.some((outcome) => outcome.verdict === each));
  const shown = outcomes.filter((outcome) => outcome.verdict === verdict).toSorted((a, b) => a.margin - b.margin)[0];
  if (verdict === undefined || shown === undefined)
    return { verdict: 'not measured', measured: 'the campaign has no such cell' };
  return { verdict, measured: `${shown.measured}${namePlace(shown.place, places)}` };
}

function compareAt(check: Comparison, place: Place, cells: readonly CellSummary[]): Outcome {
  const left = evaluate(check.left, place, cells);
  const right = evaluate(check.right, place, cells);
  const difference = operate('-', left, right);
  if (!left.isKnown || !right.isKnown || !difference.isKnown) {
    const why = [left, right, difference].find((value) => !value.isKnown);
    return { place, verdict: 'not measured', margin: 0, measured: why?.isKnown === false ? why.why : '' };
  }
  const scale = Math.max(Math.abs(right.value), Number.MIN_VALUE);
  const allowed = toleranceOf(check, right.value);
  const holds = decide(check.comparator, difference.value, allowed, difference.bound);
  const own = describeExpression(check.left, left, check.right);
  const isFixed = measuresOf(check.right).length === 0;
  const measured = isFixed ? own : `${own} against ${describeExpression(check.right, right, check.left)}`;
  const verdict = holds === null ? 'not measured' : holds ? 'met' : 'not met';
  return { place, verdict, margin: marginOf(check.comparator, difference.value, allowed) / scale, measured };
}

/** How far two sides may lie apart and still be the same: the tolerance, and a hair's breadth for what binary fractions can't hold. */
function toleranceOf({ tolerance }: Comparison, right: number): number {
  const hair = 1e-9 * Math.abs(right);
  if (tolerance === null) return hair;
  const allowed = toBase(tolerance.value, tolerance.unit);
  return (tolerance.unit === '%' ? allowed * Math.abs(right) : allowed) + hair;
}

function marginOf(comparator: Comparison['comparator'], difference: number, allowed: number): number {
  if (comparator === '=') return allowed - Math.abs(difference);
  return comparator === '<' || comparator === '<=' ? -difference : difference;
}

/** Whether it holds for the difference of the two sides; null when that is known from one side only and could be either. */
function decide(
  comparator: Comparison['comparator'],
  difference: number,
  allowed: number,
  bound: Bound,
): boolean | null {
  const holds = holdsFor(comparator, difference, allowed);
  if (bound === 'exact') return holds;
  const isUpward = comparator === '>' || comparator === '>=';
  const isDownward = comparator === '<' || comparator === '<=';
  if (bound === 'at least') {
    if (isUpward) return holds ? true : null;
    return difference > allowed || (isDownward && !holds) ? false : null;
  }
  if (isDownward) return holds ? true : null;
  return difference < -allowed || (isUpward && !holds) ? false : null;
}

function holdsFor(comparator: Comparison['comparator'], difference: number, allowed: number): boolean {
  switch (comparator) {
    case '<':
      return difference < -allowed;
    case '<=':
      return difference <= allowed;
    case '>':
      return difference > allowed;
    case '>=':
      return difference >= -allowed;
    case '=':
      return Math.abs(difference) <= allowed;
    default:
      return comparator satisfies never;
  }
}

function evaluate(expression: Expression, place: Place, cells: readonly CellSummary[]): Value {
  if (expression.kind === 'number') return known(toBase(expression.value, expression.unit));
  if (expression.kind === 'measure') return evaluateMeasure(expression, place, cells);
  const { operator, left, right } = expression;
  return operate(operator, evaluate(left, place, cells), evaluate(right, place, cells));
}

function evaluateMeasure(measure: Measure, place: Place, cells: readonly CellSummary[]): Value {
  const { name, selectors } = measure;
  const subject = subjectOf(measure);
  const own = cellsAt(subject, place, cells);
  switch (subject.scope) {
    case 'cell':
      return measureLevel(name, selectors.site, own);
    case 'curve':
      return measureCurve(name, own);
    case 'sizes':
      return measureLineDeviation(own);
    case 'crossing': {
      const others = cellsAt({ ...subject, selectors: { ...selectors, target: selectors.against } }, place, cells);
      const [points, otherPoints] = [own, others].map((side) => pointsOf(groupSeries(side)[0]?.levels ?? []));
      return measureCrossing(points ?? [], otherPoints ?? []);
    }
    default:
      return subject.scope satisfies never;
  }
}

function subjectOf({ name, selectors }: Measure): Subject {
  return { scope: factsOf(name).scope, selectors };
}
