/** A check as data: what `parseCheck` makes of a text, how it is written again, and what it names. */

import type { Unit } from './units.ts';
import type { MeasureName, Predicate } from './vocabulary.ts';

/** Which part of a campaign a measure is taken from; null: not said. */
export type Selectors = {
  target: string | null;
  /** The second target of a crossing. */
  against: string | null;
  directorySize: number | null;
  /** `at level 8` is from 8 to 8; to null: as far as there are levels. */
  levels: LevelRange | null;
  site: string | null;
  run: number | null;
};

export type LevelRange = { from: number; to: number | null };

/** A number as written: '10 %' is { value: 10, unit: '%' }. */
export type Quantity = { value: number; unit: Unit | null };

export type Measure = { kind: 'measure'; name: MeasureName; selectors: Selectors };
export type Expression =
  | ({ kind: 'number' } & Quantity)
  | Measure
  | { kind: 'operation'; operator: Operator; left: Expression; right: Expression };
export type Operator = '+' | '-' | '*' | '/';
export type Comparator = '<' | '<=' | '>' | '>=' | '=';

export type Comparison = {
  kind: 'comparison';
  left: Expression;
  comparator: Comparator;
  right: Expression;
  /** Only with '='; in per cent: of the right side. */
  tolerance: Quantity | null;
};
export type PredicateCheck = { kind: 'predicate'; isNegated: boolean; predicate: Predicate; selectors: Selectors };
export type Check = Comparison | PredicateCheck;

/** What is wrong with the text of a check; the column counts from 1. */
export type CheckProblem = { column: number; expected: string; came: string; fix: string };

export function isProblem(parsed: Check | CheckProblem): parsed is CheckProblem {
  return 'column' in parsed;
}

/** Everything of a campaign that a check names. */
export type CheckNames = {
  targets: string[];
  directorySizes: number[];
  /** Of `at level <n>`. */
  levels: number[];
  /** Of `from level <n> [to level <m>]`: some level must lie in each. */
  levelRanges: LevelRange[];
  sites: string[];
  runs: number[];
};

/** The names in a check, each once, in the order in which they stand. */
export function namesIn(check: Check): CheckNames {
  const all = selectorsIn(check);
  const ranges = all.flatMap(({ levels }) => (levels === null ? [] : [levels]));
  return {
    targets: present(all.flatMap(({ target, against }) => [target, against])),
    directorySizes: present(all.map(({ directorySize }) => directorySize)),
    levels: present(ranges.map(({ from, to }) => (from === to ? from : null))),
    levelRanges: ranges.filter(({ from, to }) => from !== to),
    sites: present(all.map(({ site }) => site)),
    runs: present(all.map(({ run }) => run)),
  };
}

function present<T>(values: readonly (T | null)[]): T[] {
  return [...new Set(values.filter((value) => value !== null))];
}

function selectorsIn(check: Check): Selectors[] {
  return check.kind === 'predicate' ? [check.selectors] : measuresIn(check).map(({ selectors }) => selectors);
}

/** Every measure that a comparison mentions, left to right. */
export function measuresIn({ left, right }: Comparison): Measure[] {
  return [...measuresOf(left), ...measuresOf(right)];
}

export function measuresOf(expression: Expression): Measure[] {
  if (expression.kind === 'measure') return [expression];
  return expression.kind === 'operation' ? [...measuresOf(expression.left), ...measuresOf(expression.right)] : [];
}

/** The check in its usual form; parsing it gives the same check. */
export function printCheck(check: Check): string {
  if (check.kind === 'predicate') {
    return `${check.isNegated ? 'not ' : ''}${check.predicate}${printSelectors(check.selectors)}`;
  }
  const { left, comparator, right, tolerance } = check;
  const sides = `${printExpression(left)} ${comparator} ${printExpression(right)}`;
  return tolerance === null ? sides : `${sides} ± ${printQuantity(tolerance)}`;
}

function printExpression(expression: Expression): string {
  if (expression.kind === 'number') return printQuantity(expression);
  if (expression.kind === 'measure') return `${expression.name}${printSelectors(expression.selectors)}`;
  const { operator, left, right } = expression;
  const isProduct = operator === '*' || operator === '/';
  return `${printOperand(left, isProduct, false)} ${operator} ${printOperand(right, isProduct, true)}`;
}

/** In brackets where its own order would be read otherwise: operations of one rank are read from the left. */
function printOperand(operand: Expression, inProduct: boolean, isRight: boolean): string {
  const text = printExpression(operand);
  if (operand.kind !== 'operation') return text;
  const isProduct = operand.operator === '*' || operand.operator === '/';
  return isRight ? (!inProduct && isProduct ? text : `(${text})`) : inProduct && !isProduct ? `(${text})` : text;
}

function printQuantity({ value, unit }: Quantity): string {
  return unit === null ? String(value) : `${value} ${unit}`;
}

function printSelectors({ target, against, directorySize, levels, site, run }: Selectors): string {
  const parts = [
    ...(target === null ? [] : [`of ${printName(target)}`]),
    ...(against === null ? [] : [`and ${printName(against)}`]),
    ...(directorySize === null ? [] : [`at ${directorySize} ${directorySize === 1 ? 'file' : 'files'}`]),
    ...(levels === null ? [] : [printLevels(levels)]),
    ...(site === null ? [] : [`at site ${printName(site)}`]),
    ...(run === null ? [] : [`in run ${run}`]),
  ];
  return parts.map((part) => ` ${part}`).join('');
}

function printLevels({ from, to }: LevelRange): string {
  if (to === from) return `at level ${from}`;
  return to === null ? `from level ${from}` : `from level ${from} to level ${to}`;
}

function printName(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `"${name}"`;
}
