/** How long this thread was runnable but had no core: /proc/thread-self/schedstat. */

import { readText } from './read-text.ts';

export type RunQueue = {
  /** Runnable without a core, in all. */
  waitedMs: number;
  /** Times that it was given a core. */
  turns: number;
};

/** Null where the kernel does not tell. */
export function readRunQueue(): RunQueue | null {
  return parseSchedstat(readText('/proc/thread-self/schedstat') ?? '');
}

/** `<ns on a core> <ns waiting for one> <times given one>`, as in sched-stats.rst of the kernel; null when it is not that. */
export function parseSchedstat(text: string): RunQueue | null {
  const numbers = /^\d+ (\d+) (\d+)\s*$/.exec(text);
  return numbers === null ? null : { waitedMs: Number(numbers[1]) / 1e6, turns: Number(numbers[2]) };
}
