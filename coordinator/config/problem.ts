/** What is wrong with a config, told the same way by every check: where, what was expected, what came, what to do. */

import { inspect } from 'node:util';

/** A problem at one key, before it is known which source gave the value. */
export type Finding = {
  /** Dotted, as `--set` takes it (`pools.0.pilots`); empty: the whole config. */
  path: string;
  expected: string;
  came: string;
  /** What to do about it, one sentence. */
  fix: string;
};

/** A problem as the user sees it; `validate --json` prints a list of these. */
export type Problem = Finding & {
  /** The file, environment variable or flag that gave the value. */
  source: string;
};

const LONGEST_VALUE = 60;

/** A value as it was written, short enough for a line. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = inspect(value, { breakLength: Infinity, depth: 2 });
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1)}…`;
}

/** All problems as a block of text, numbered, a blank line between two. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map((problem, index) => formatProblem(problem, index + 1)).join('\n\n');
}

function formatProblem(problem: Problem, position: number): string {
  return [
    `${String(position).padStart(2)}  ${problem.path === '' ? 'the whole config' : problem.path}`,
    `      expected  ${problem.expected}`,
    `      came      ${problem.came}`,
    `      where     ${problem.source}`,
    `      what now  ${problem.fix}`,
  ].join('\n');
}
