/** What the user sees of an error, and the exit code that it means. */

import { inspect } from 'node:util';
import { GlideTesterError } from '../../foundation/error.ts';
import { EXIT, EXIT_OF_ERROR } from './exit-code.ts';

/** Message, code and hint of an error that a user can do something about; a bug with its stack. */
export function describeError(thrown: unknown): string {
  if (!(thrown instanceof GlideTesterError)) {
    return `${inspect(thrown)}\n\nthis is a bug in glidetester; please report it with the lines above`;
  }
  const hint = thrown.hint === undefined ? [] : [`hint: ${thrown.hint}`];
  return [`error: ${thrown.message}`, '', ...hint, `${thrown.code} in docs/errors.md tells more`].join('\n');
}

export function exitCodeOf(thrown: unknown): number {
  return thrown instanceof GlideTesterError ? (EXIT_OF_ERROR[thrown.code] ?? EXIT.bug) : EXIT.bug;
}
