/** The figure of one side of a check, for people. */

import type { Expression } from './check.ts';
import { type Dimension, type Display, combine, dimensionOf, formatValue } from './units.ts';
import type { Known } from './value.ts';
import { factsOf } from './vocabulary.ts';

/** '61.9 Hz', 'limit: between 80 and 110 clients'; `other` is the other side, which may say that a ratio is meant in per cent. */
export function describeExpression(
  expression: Expression,
  { value, bound, note, text }: Known,
  other: Expression,
): string {
  if (text !== null) return text;
  const own = displayOf(expression);
  const number = formatValue(value, measuredIn(expression), own === 'plain' ? displayOf(other) : own);
  const parts = [...(bound === 'exact' ? [] : [bound]), number, ...(note === '' ? [] : [note])];
  return parts.join(' ');
}

function displayOf(expression: Expression): Display {
  if (expression.kind === 'number') return expression.unit === '%' ? 'share' : 'plain';
  if (expression.kind === 'measure') return factsOf(expression.name).display;
  const { operator, left, right } = expression;
  if (operator === '*' || operator === '/') return 'plain';
  const own = displayOf(left);
  return own === 'plain' ? displayOf(right) : own;
}

function measuredIn(expression: Expression): Dimension {
  if (expression.kind === 'number') return dimensionOf(expression.unit);
  if (expression.kind === 'measure') return factsOf(expression.name).dimension;
  const { operator, left, right } = expression;
  if (operator === '+' || operator === '-') return measuredIn(left);
  return combine(measuredIn(left), measuredIn(right), operator === '*' ? 1 : -1);
}
