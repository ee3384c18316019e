/**
 * Reads what `--fail-if` says:
 *
 * | rule       | is                                                                                        |
 * | ---------- | ----------------------------------------------------------------------------------------- |
 * | expression | figure selector* comparator limit                                                         |
 * | figure     | 'rate' 'p50' 'p95' 'failed'                                                               |
 * | selector   | 'of' name · 'at' n 'files' · 'at level' n · 'from level' n [ 'to' [ 'level' ] n ]          |
 * | comparator | '<' '<=' with a limit of 0 or less · '>' '>=' with one of 0 or more                       |
 * | limit      | [ '+' or '-' ] number '%'                                                                 |
 *
 * A limit for `failed` counts percentage points. Selectors are those of the expectations (docs/expectations.md).
 */

import { GlideTesterError } from '../../foundation/error.ts';
import type { CheckProblem, Selectors } from '../expectations/check.ts';
import { parseSelectors } from '../expectations/parse-selectors.ts';
import { ProblemFound, type Scanner, createScanner } from '../expectations/scanner.ts';
import { FIGURE_NAMES, type FigureName } from './comparison.ts';

export type FailIf = {
  /** As it was given. */
  text: string;
  figure: FigureName;
  selectors: Selectors;
  comparator: '<' | '<=' | '>' | '>=';
  /** A share: -0.05 for '-5 %'. */
  limit: number;
};

const LONGEST_TEXT = 500;

/** The expression, or what is wrong with the text; never throws. */
export function parseFailIf(text: string): FailIf | CheckProblem {
  try {
    return parseWhole(createScanner(text), text);
  } catch (error) {
    if (error instanceof ProblemFound) return error.problem;
    throw error;
  }
}

function parseWhole(scanner: Scanner, text: string): FailIf {
  if (text.length > LONGEST_TEXT)
    scanner.fail(`at most ${LONGEST_TEXT} characters`, 'make several expressions of it', { came: `${text.length}` });
  const figure = FIGURE_NAMES.find((name) => scanner.take(new RegExp(`${name}(?![\\w-])`)) !== null);
  if (figure === undefined) return scanner.fail('a figure', `use one of: ${FIGURE_NAMES.join(', ')}`);
  const selectors = parsePlace(scanner, figure);
  const comparator = scanner.take(/<=|>=|<|>/) as FailIf['comparator'] | null;
  if (comparator === null) return scanner.fail('a comparator', 'write <, <=, > or >= and a limit such as -5%');
  const limit = parseLimit(scanner, comparator);
  if (!scanner.isAtEnd())
    scanner.fail('the end of the expression', 'remove it; give --fail-if once for each expression');
  return { text, figure, selectors, comparator, limit };
}

function parsePlace(scanner: Scanner, figure: FigureName): Selectors {
  const at = scanner.position();
  const selectors = parseSelectors(scanner, {
    subject: figure,
    levels: 'one or many',
    hasSizes: true,
    hasSites: false,
    hasTwoTargets: false,
  });
  if (selectors.run !== null) scanner.fail('no run', 'runs are compared all together: remove it', { at });
  return selectors;
}

function parseLimit(scanner: Scanner, comparator: FailIf['comparator']): number {
  const at = scanner.position();
  const sign = scanner.take(/[+\-−]/);
  const digits = scanner.take(/(?:\d+(?:\.\d+)?|\.\d+)(?![\w.])/);
  if (digits === null) return scanner.fail('a limit in per cent', "write a number and '%', such as -5%");
  if (scanner.take(/%/) === null) scanner.fail("'%'", "differences are limited in per cent: write '-5%'");
  const limit = (sign === '-' || sign === '−' ? -1 : 1) * (Number(digits) / 100);
  if (!Number.isFinite(limit)) scanner.fail('a number that can be counted with', 'write a smaller one', { at });
  const isFall = comparator.startsWith('<');
  if (isFall ? limit > 0 : limit < 0) {
    scanner.fail(
      isFall ? `a limit of 0 or less after ${comparator}` : `a limit of 0 or more after ${comparator}`,
      "a fall is written '< -5%', a rise '> +5%'",
      { at },
    );
  }
  return limit === 0 ? 0 : limit;
}

/**
 * All of them.
 *
 * @throws GlideTesterError GT_COMPARE_EXPRESSION with every problem
 */
export function readExpressions(texts: readonly string[]): FailIf[] {
  const parsed = texts.map((text) => ({ text, result: parseFailIf(text) }));
  const problems = parsed.flatMap(({ text, result }) => {
    if (!('column' in result)) return [];
    const { column, expected, came, fix } = result;
    return [`'${text}': expected ${expected} at column ${column}, came ${came}; ${fix}`];
  });
  if (problems.length === 0) return parsed.flatMap(({ result }) => ('column' in result ? [] : [result]));
  throw new GlideTesterError('GT_COMPARE_EXPRESSION', problems.join('\n'), {
    hint: "write a figure, where, and a limit: 'rate < -5%', 'p95 at level 40 > +10%', 'failed at 20 files > 1%'",
  });
}
