/** Standard output for results, standard error for people. A reader that goes away early ends neither a campaign nor its results. */

import { systemCodeOf } from '../../foundation/error.ts';
import { guardCommands, guardJson, isWorkflowStep } from './workflow-commands.ts';

/** Without this, `glidetester plan | head` would end as a crash. */
export function ignoreBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (systemCodeOf(error) !== 'EPIPE') throw error;
    });
  }
}

/** One JSON document on standard output. */
export function printJson(document: unknown): void {
  const json = JSON.stringify(document, null, 2);
  process.stdout.write(`${isWorkflowStep() ? guardJson(json) : json}\n`);
}

/** Text that was asked for, on standard output. */
export function printText(text: string): void {
  printWhole(`${text}\n`);
}

/** As {@link printText}, of a document with its own last newline. */
export function printWhole(text: string): void {
  process.stdout.write(guard(text));
}

/** Text beside the result, on standard error. */
export function note(text: string): void {
  process.stderr.write(guard(`${text}\n`));
}

/** A runner of GitHub Actions reads along, and what came from outside gives it no commands. */
export function guard(text: string): string {
  return isWorkflowStep() ? guardCommands(text) : text;
}
