#!/usr/bin/env node
/** Where the `glidetester` command begins and ends: the only place that sets the exit code. */

import { CommanderError } from 'commander';
import { EXIT } from './exit-code.ts';
import { requireNode } from './node-version.ts';
import { createProgram } from './program.ts';
import { describeError, exitCodeOf } from './show-error.ts';
import { ignoreBrokenPipes, note } from './standard-streams.ts';

ignoreBrokenPipes();
process.exitCode = await runCommandLine(process.argv);

async function runCommandLine(words: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.done;
  try {
    requireNode(process.versions.node);
    await createProgram((code) => (exitCode = code)).parseAsync(words);
    return exitCode;
  } catch (error) {
    // Commander has already said what is wrong; it throws for --help and --version too, with exit code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.invalidConfig;
    note(describeError(error));
    return exitCodeOf(error);
  }
}
