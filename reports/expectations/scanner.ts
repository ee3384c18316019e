/** Reads a check's text from left to right and says where it went wrong. */

import type { CheckProblem } from './check.ts';

/** Carries a problem from where it is found to the one place that returns it. */
export class ProblemFound extends Error {
  readonly problem: CheckProblem;

  constructor(problem: CheckProblem) {
    super(problem.expected);
    this.problem = problem;
  }
}

export type Scanner = {
  /** Where the next word begins, from 0. */
  position(): number;
  /** What matches here, blanks skipped, and moves past it; null: something else is here. */
  take(pattern: RegExp): string | null;
  /** What matches here; stays where it is. */
  peek(pattern: RegExp): string | null;
  isAtEnd(): boolean;
  /** The text from here on, without moving. */
  rest(): string;
  /** @throws ProblemFound at the next word, or at `at`; `came` by default is what stands there */
  fail(expected: string, fix: string, details?: { at?: number; came?: string }): never;
};

export function createScanner(text: string): Scanner {
  let index = 0;
  const skipBlanks = (): void => {
    index += /^\s*/.exec(text.slice(index))?.[0].length ?? 0;
  };
  const peek = (pattern: RegExp): string | null => {
    skipBlanks();
    const match = new RegExp(pattern.source, 'uy');
    match.lastIndex = index;
    return match.exec(text)?.[0] ?? null;
  };
  const describe = (at: number): string => {
    const word = /^(?:[\w.]+|.)/su.exec(text.slice(at).trimStart())?.[0];
    return word === undefined ? 'the end' : `'${word}'`;
  };
  return {
    position() {
      skipBlanks();
      return index;
    },
    peek,
    take(pattern) {
      const matched = peek(pattern);
      if (matched !== null) index += matched.length;
      return matched;
    },
    isAtEnd() {
      skipBlanks();
      return index >= text.length;
    },
    rest() {
      skipBlanks();
      return text.slice(index);
    },
    fail(expected, fix, { at, came } = {}) {
      const where = at ?? this.position();
      const column = Math.min(where + 1, Math.max(1, text.length));
      throw new ProblemFound({ column, expected, came: came ?? describe(where), fix });
    },
  };
}
