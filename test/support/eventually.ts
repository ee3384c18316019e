/** Waiting for what other processes bring about and nobody tells. */

import { setTimeout } from 'node:timers/promises';

const LOOK_EVERY_MS = 10;
const AT_MOST_MS = 20_000;

/** Resolves to the first value that is not undefined. @throws Error when none comes in time */
export async function eventually<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const deadlineMs = performance.now() + AT_MOST_MS;
  while (performance.now() < deadlineMs) {
    const value = await look();
    if (value !== undefined) return value;
    await setTimeout(LOOK_EVERY_MS);
  }
  throw new Error(`waited ${AT_MOST_MS} ms in vain: ${what}`);
}
