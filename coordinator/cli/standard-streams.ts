/** Standard output for results, standard error for people. A reader that goes away early ends neither a campaign nor its results. */

import { systemCodeOf } from '../../foundation/error.ts';

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
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

/** Text that was asked for, on standard output. */
export function printText(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Text beside the result, on standard error. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
