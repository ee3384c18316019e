/** How long this thread was runnable but had no core: /proc/thread-self/schedstat. */

import { readText } from './read-text.ts';

/** Milliseconds since the thread began; null where the kernel does not tell. */
export function readRunQueueWaitMs(): number | null {
  return parseSchedstat(readText('/proc/thread-self/schedstat') ?? '');
}

/** `<ns on a core> <ns waiting for one> <times given one>`, as in sched-stats.rst of the kernel; null when it is not that. */
export function parseSchedstat(text: string): number | null {
  const waitedNs = /^\d+ (\d+) \d+\s*$/.exec(text)?.[1];
  return waitedNs === undefined ? null : Number(waitedNs) / 1e6;
}
