/** Time as an argument: the machine's monotonic clock, and timers that a test can own. */

import { setTimeout as setNodeTimeout, clearTimeout as clearNodeTimeout } from 'node:timers';

/** Longest delay that a Node timer keeps; a longer one would fire after 1 ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A cancelled timer never calls back; cancelling twice is harmless. */
export type Cancel = () => void;

/** The only source of time in decisions. */
export type Clock = {
  /** Milliseconds on the host's monotonic clock (CLOCK_MONOTONIC), shared by all processes of one boot and time namespace. */
  nowMs(): number;
  /** Unix time in milliseconds, for people and file names only. */
  unixMs(): number;
  /** Calls back once after `delayMs` (capped at 2^31-1 ms). */
  after(delayMs: number, callback: () => void): Cancel;
};

/**
 * performance.now() counts from the start of the thread; process.hrtime() is the raw CLOCK_MONOTONIC. The difference is
 * constant, so it is taken once. hrtime is read first, so a pause between the two calls can only make the difference
 * smaller: the largest of several readings is the true one.
 */
function monotonicOriginMs(): number {
  let largestMs = -Infinity;
  for (let reading = 0; reading < 16; reading += 1) {
    const [seconds, nanoseconds] = process.hrtime();
    largestMs = Math.max(largestMs, seconds * 1000 + nanoseconds / 1e6 - performance.now());
  }
  return largestMs;
}

const originMs = monotonicOriginMs();

/** Milliseconds on CLOCK_MONOTONIC; about 50 ns a call, allocates nothing. */
export function monotonicNowMs(): number {
  return originMs + performance.now();
}

/** The machine's own time. */
export const machineClock: Clock = {
  nowMs: monotonicNowMs,
  unixMs: () => Date.now(),
  after(delayMs, callback) {
    const timer = setNodeTimeout(callback, Math.min(Math.max(0, delayMs), LONGEST_TIMER_MS));
    return () => clearNodeTimeout(timer);
  },
};

/** Calls back every `everyMs` (from the end of one call to the next) until cancelled. */
export function every(clock: Clock, everyMs: number, callback: () => void): Cancel {
  let cancel: Cancel;
  let isCancelled = false;
  const next = (): void => {
    cancel = clock.after(everyMs, () => {
      callback();
      if (!isCancelled) next();
    });
  };
  next();
  return () => {
    isCancelled = true;
    cancel();
  };
}

/**
 * Resolves after `delayMs` on the given clock, at once when the signal is (or gets) aborted: the caller looks at the signal.
 */
export function delay(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(delayMs, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}
