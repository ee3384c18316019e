/** A figure that a check speaks of: known exactly, known from one side only, or not measured. */

import type { Operator } from './check.ts';

/** `at least`: the true figure is this or higher (a limit that no level reached). */
export type Bound = 'exact' | 'at least' | 'at most';

export type Known = {
  isKnown: true;
  value: number;
  bound: Bound;
  /** What a reader should know beside the number: 'over 4 of 5 levels'. */
  note: string;
  /** In place of the number, when the figure stands alone: 'limit: between 80 and 110 clients'. */
  text: string | null;
};
type Unknown = { isKnown: false; why: string };
export type Value = Known | Unknown;

export function known(value: number, more: Partial<Known> = {}): Value {
  return { isKnown: true, value, bound: 'exact', note: '', text: null, ...more };
}

export function unknown(why: string): Value {
  return { isKnown: false, why };
}

/** The result of an operation; unknown when an operand is, when it is no number, or when its bound can't be told. */
export function operate(operator: Operator, left: Value, right: Value): Value {
  if (!left.isKnown) return left;
  if (!right.isKnown) return right;
  const value = calculate(operator, left.value, right.value);
  if (Number.isNaN(value)) return unknown(`${left.value} ${operator} ${right.value} is no number`);
  const bound = combineBounds(operator, left, right);
  if (bound === null) return unknown('a figure of it is known from one side only');
  return known(value, { bound, note: [left.note, right.note].filter((note) => note !== '').join(', ') });
}

function calculate(operator: Operator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    default:
      return operator satisfies never;
  }
}

/** A bound that is turned round by subtraction and division; null when the two pull apart, or a sign could turn it too. */
function combineBounds(operator: Operator, left: Known, right: Known): Bound | null {
  const isTurned = operator === '-' || operator === '/';
  const [a, b] = [left.bound, isTurned ? turn(right.bound) : right.bound];
  if (a === 'exact' && b === 'exact') return 'exact';
  const isProduct = operator === '*' || operator === '/';
  if (isProduct && (left.value < 0 || right.value < 0)) return null;
  if (a === 'exact') return b;
  return b === 'exact' || a === b ? a : null;
}

function turn(bound: Bound): Bound {
  if (bound === 'exact') return bound;
  return bound === 'at least' ? 'at most' : 'at least';
}
