/**
 * Reads a check of the language that `expect` and `thresholds` share (docs/expectations.md):
 *
 * | rule       | is                                                                                       |
 * | ---------- | ---------------------------------------------------------------------------------------- |
 * | check      | sum comparator sum [ ('±' or '+-') quantity ]  or  [ 'not' ] predicate selector*         |
 * | sum        | product ( ('+' or '-') product )*                                                        |
 * | product    | factor ( ('*' or '/') factor )*                                                          |
 * | factor     | quantity  or  measure selector*  or  '(' sum ')'                                         |
 * | quantity   | number [ unit ]                                                                          |
 * | comparator | '<' '<=' '>' '>=' '='                                                                    |
 * | selector   | 'of' name · 'at' n 'files' · 'at level' n · 'from level' n [ 'to' [ 'level' ] n ] ·      |
 * |            | 'at site' name · 'in run' n                                                              |
 * | name       | letters, digits, '.', '-', '_'; or anything in double quotes                             |
 *
 * `crossing` takes 'of' name 'and' name. Measures, predicates and units: vocabulary.ts and units.ts. Dimensions are checked here.
 * A number without a unit beside clients counts clients; a bare 0 fits beside anything.
 */

import { findNearest } from '../../foundation/nearest-word.ts';
import type { Check, CheckProblem, Comparator, Expression, Operator, Quantity } from './check.ts';
import { measuresOf } from './check.ts';
import { parseSelectors } from './parse-selectors.ts';
import { ProblemFound, type Scanner, createScanner } from './scanner.ts';
import {
  type Dimension,
  type Unit,
  NO_DIMENSION,
  UNIT_NAMES,
  baseUnitOf,
  combine,
  dimensionOf,
  isSame,
  nameDimension,
} from './units.ts';
import { MEASURE_NAMES, PREDICATES, factsOf } from './vocabulary.ts';

const LONGEST_TEXT = 500;
const DEEPEST = 20;
const NOT_LETTER = '(?![A-Za-z0-9])';

/** An expression with what it measures and where it begins. */
type Typed = { expression: Expression; dimension: Dimension; at: number };

/** The check, or what is wrong with the text; never throws. */
export function parseCheck(text: string): Check | CheckProblem {
  try {
    return parseWhole(createScanner(text), text);
  } catch (error) {
    if (error instanceof ProblemFound) return error.problem;
    throw error;
  }
}

function parseWhole(scanner: Scanner, text: string): Check {
  if (text.length > LONGEST_TEXT)
    scanner.fail(`at most ${LONGEST_TEXT} characters`, 'make several checks of it', { came: `${text.length}` });
  const check = parsePredicate(scanner) ?? parseComparison(scanner);
  if (!scanner.isAtEnd()) failAtRest(scanner, check);
  return check;
}

function failAtRest(scanner: Scanner, check: Check): never {
  const fix =
    check.kind === 'comparison' && check.tolerance === null
      ? 'remove it, or put what it selects right after its measure'
      : 'remove it';
  return scanner.fail('the end of the check', fix);
}

function parsePredicate(scanner: Scanner): Check | null {
  const isNegated = scanner.take(matcher('not')) !== null;
  const predicate = PREDICATES.find((name) => scanner.take(matcher(name)) !== null);
  if (predicate === undefined) return isNegated ? failAtWord(scanner, "a predicate after 'not'", PREDICATES) : null;
  const rules = {
    subject: predicate,
    levels: 'one or many',
    hasSizes: true,
    hasSites: false,
    hasTwoTargets: false,
  } as const;
  return { kind: 'predicate', isNegated, predicate, selectors: parseSelectors(scanner, rules) };
}

function parseComparison(scanner: Scanner): Check {
  const left = parseSum(scanner, 0);
  const comparator = scanner.take(/<=|>=|<|>|=(?!=)/) as Comparator | null;
  if (comparator === null) return scanner.fail('a comparator', 'write <, <=, >, >= or = and what it is compared with');
  const right = parseSum(scanner, 0);
  const [fittedLeft, fittedRight] = fit(scanner, left, right, 'on both sides');
  const sides = { left: fittedLeft.expression, comparator, right: fittedRight.expression };
  const measures = [...measuresOf(sides.left), ...measuresOf(sides.right)];
  if (measures.length === 0)
    scanner.fail('a measure', 'name what is measured, such as rate or p99', { at: left.at, came: 'only numbers' });
  const tolerance = parseTolerance(scanner, comparator, fittedRight.dimension);
  const areCounts = measures.every(({ name }) => factsOf(name).display === 'count');
  if (comparator === '=' && tolerance === null && !areCounts)
    scanner.fail('a tolerance', "two measurements are never quite the same: write '± 10 %' after it");
  return { kind: 'comparison', ...sides, tolerance };
}

function parseTolerance(scanner: Scanner, comparator: Comparator, dimension: Dimension): Quantity | null {
  const at = scanner.position();
  if (scanner.take(/±|\+-/) === null) return null;
  if (comparator !== '=')
    scanner.fail(`no tolerance after ${comparator}`, 'a tolerance goes with =: remove it', { at });
  const quantityAt = scanner.position();
  const quantity = parseQuantity(scanner);
  if (quantity === null) return scanner.fail('a tolerance', "write a share of the right side, '± 10 %', or '± 5 ms'");
  if (quantity.unit === '%') return quantity;
  const fitted = adopt(
    { expression: { kind: 'number', ...quantity }, dimension: dimensionOf(quantity.unit), at },
    dimension,
  );
  if (!isSame(fitted.dimension, dimension))
    scanner.fail(
      `${nameDimension(dimension)} or a share as tolerance`,
      "write it in the unit of the right side, or '± 10 %'",
      { at: quantityAt, came: nameDimension(fitted.dimension) },
    );
  return fitted.expression.kind === 'number'
    ? { value: fitted.expression.value, unit: fitted.expression.unit }
    : quantity;
}

function parseSum(scanner: Scanner, depth: number): Typed {
  let left = parseProduct(scanner, depth);
  for (;;) {
    const operator = scanner.take(/\+(?!-)|-/) as Operator | null;
    if (operator === null) return left;
    const [fittedLeft, fittedRight] = fit(scanner, left, parseProduct(scanner, depth), `around ${operator}`);
    left = { ...fittedLeft, expression: operate(operator, fittedLeft, fittedRight) };
  }
}

function parseProduct(scanner: Scanner, depth: number): Typed {
  let left = parseFactor(scanner, depth);
  for (;;) {
    const operator = scanner.take(/[*/]/) as Operator | null;
    if (operator === null) return left;
    const right = parseFactor(scanner, depth);
    const dimension = combine(left.dimension, right.dimension, operator === '*' ? 1 : -1);
    left = { ...left, dimension, expression: operate(operator, left, right) };
  }
}

function operate(operator: Operator, left: Typed, right: Typed): Expression {
  return { kind: 'operation', operator, left: left.expression, right: right.expression };
}

function parseFactor(scanner: Scanner, depth: number): Typed {
  const at = scanner.position();
  if (scanner.take(/\(/) !== null) {
    if (depth >= DEEPEST) scanner.fail(`at most ${DEEPEST} brackets in each other`, 'write it more simply', { at });
    const inner = parseSum(scanner, depth + 1);
    if (scanner.take(/\)/) === null) scanner.fail("')'", 'close the bracket');
    return { ...inner, at };
  }
  const quantity = parseQuantity(scanner);
  if (quantity !== null)
    return { expression: { kind: 'number', ...quantity }, dimension: dimensionOf(quantity.unit), at };
  return parseMeasure(scanner, at);
}

const BY_LENGTH = MEASURE_NAMES.toSorted((a, b) => b.length - a.length);

function parseMeasure(scanner: Scanner, at: number): Typed {
  const name = BY_LENGTH.find((candidate) => scanner.take(matcher(candidate)) !== null);
  if (name === undefined) return failAtWord(scanner, 'a measure, a number or (', [...MEASURE_NAMES, ...PREDICATES]);
  const { scope, dimension, bySite } = factsOf(name);
  const selectors = parseSelectors(scanner, {
    subject: name,
    levels: scope === 'curve' || scope === 'crossing' ? 'many' : 'one or many',
    hasSizes: scope !== 'sizes',
    hasSites: bySite,
    hasTwoTargets: scope === 'crossing',
  });
  return { expression: { kind: 'measure', name, selectors }, dimension, at };
}

/** @throws ProblemFound with the word that was meant, when one is near */
function failAtWord(scanner: Scanner, expected: string, known: readonly string[]): never {
  const words = /^[A-Za-z][\w-]*(?:\s+[A-Za-z][\w-]*)*/.exec(scanner.rest())?.[0].split(/\s+/) ?? [];
  const tries = [4, 3, 2, 1].filter((count) => count <= words.length).map((count) => words.slice(0, count).join(' '));
  const nearest = tries.map((phrase) => findNearest(phrase, known)).find((found) => found !== undefined);
  return scanner.fail(
    expected,
    nearest === undefined ? `use one of: ${known.join(', ')}` : `did you mean '${nearest}'?`,
  );
}

function parseQuantity(scanner: Scanner): Quantity | null {
  const at = scanner.position();
  const digits = scanner.take(/(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?/);
  if (digits === null) return null;
  const value = Number(digits);
  if (!Number.isFinite(value)) scanner.fail('a number that can be counted with', 'write a smaller one', { at });
  if (scanner.peek(/[\d.,]/) !== null) scanner.fail('one number', "write it as 2000 or 0.5, with no ',' in it", { at });
  const unit = UNIT_NAMES.find((name) => scanner.take(matcher(name)) !== null);
  if (unit !== undefined) return { value, unit };
  if (scanner.take(matcher('client')) !== null) return { value, unit: 'clients' };
  if (scanner.peek(/[A-Za-z]/) !== null && scanner.peek(/(?:at|of|from|in)\b/) === null)
    failAtWord(scanner, 'a unit', UNIT_NAMES);
  return { value, unit: null };
}

/** Two sides in one dimension. @throws ProblemFound at the right one */
function fit(scanner: Scanner, left: Typed, right: Typed, where: string): [Typed, Typed] {
  const fittedRight = adopt(right, left.dimension);
  const fittedLeft = adopt(left, fittedRight.dimension);
  if (isSame(fittedLeft.dimension, fittedRight.dimension)) return [fittedLeft, fittedRight];
  const isBare = [left, right].some(({ expression }) => expression.kind === 'number' && expression.unit === null);
  return scanner.fail(
    `${nameDimension(left.dimension)} ${where}`,
    isBare
      ? 'give the number its unit'
      : 'compare, add and subtract only what has one dimension; a quotient of two such is a plain number',
    { at: right.at, came: nameDimension(right.dimension) },
  );
}

/** A bare number takes the unit of what it stands beside when that is clients, a bare 0 any unit. */
function adopt(typed: Typed, dimension: Dimension): Typed {
  const { expression } = typed;
  const isBare = expression.kind === 'number' && expression.unit === null && !isSame(dimension, NO_DIMENSION);
  const unit: Unit | undefined = isBare ? baseUnitOf(dimension) : undefined;
  if (!isBare || unit === undefined || (unit !== 'clients' && expression.value !== 0)) return typed;
  return { ...typed, dimension, expression: { ...expression, unit } };
}

/** Matches a name whose words may have any blanks between them. */
function matcher(name: string): RegExp {
  const pattern = name.split(' ').join('\\s+').replaceAll('/', '\\/');
  return new RegExp(/\w$/.test(name) ? pattern + NOT_LETTER : pattern);
}
