/** Listing threads that hang, like a disk, until the test opens a gate. */

import { execFileSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { makeDirectory } from './fresh-directory.ts';

/** Does what the first SURL says; `wait` waits for the gate. */
export const OBEDIENT_THREAD = new URL('fixtures/obedient-thread.ts', import.meta.url);

/** `gate`: a pipe, to be the root of the threads; opened at the latest when the test ends. */
export function makeGate(t: ExecutionContext): { gate: string; openGate: () => void } {
  const gate = join(makeDirectory(t), 'gate');
  execFileSync('mkfifo', [gate]);
  const writers: number[] = [];
  // Opened for both ways a pipe lets its readers go and waits for none.
  const openGate = (): void => void writers.push(openSync(gate, 'r+'));
  t.teardown(() => writers.forEach((writer) => closeSync(writer)));
  t.teardown(openGate);
  return { gate, openGate };
}
