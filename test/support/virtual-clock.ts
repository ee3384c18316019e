/** A clock that a test drives: due timers fire in order, and what each one brings about settles before the next. */

import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../foundation/clock.ts';

export type VirtualClock = Clock & {
  /** Lets this much time pass, timer by timer. */
  advance(ms: number): Promise<void>;
  /** Lets time pass until the promise has settled. @throws Error when that takes longer than `atMostMs` */
  runUntil<T>(promise: Promise<T>, atMostMs?: number): Promise<T>;
  /** Timers that have neither fired nor been cancelled. */
  timers(): number;
};

type Timer = { dueMs: number; callback: () => void };

/** An hour: far more than anything under test waits for. */
const LONGEST_RUN_MS = 3_600_000;

export function createVirtualClock(startMs = 1_000_000): VirtualClock {
  /** In the order of their making, so that of two timers due at once the older one fires first. */
  const timers = new Set<Timer>();
  let nowMs = startMs;

  const firstDue = (untilMs: number): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (timer.dueMs <= untilMs && (first === undefined || timer.dueMs < first.dueMs)) first = timer;
    }
    return first;
  };
  /** True if there was a timer to fire. */
  const fireNext = async (untilMs: number): Promise<boolean> => {
    await setImmediate(); // all promises that can settle without time have settled
    const timer = firstDue(untilMs);
    if (timer === undefined) return false;
    timers.delete(timer);
    nowMs = Math.max(nowMs, timer.dueMs);
    timer.callback();
    return true;
  };

  return {
    nowMs: () => nowMs,
    unixMs: () => Date.UTC(2026, 0, 1) + nowMs,
    after(delayMs, callback) {
      const timer = { dueMs: nowMs + Math.max(0, delayMs), callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      while (await fireNext(untilMs));
      nowMs = untilMs;
    },
    async runUntil(promise, atMostMs = LONGEST_RUN_MS) {
      const untilMs = nowMs + atMostMs;
      let isSettled = false;
      const settle = (): void => {
        isSettled = true;
      };
      promise.then(settle, settle);
      for (;;) {
        await setImmediate();
        if (isSettled) return promise;
        if (!(await fireNext(untilMs))) break;
      }
      await setImmediate();
      if (isSettled) return promise;
      throw new Error(`expected an end within ${atMostMs} ms; ${timers.size} timers are left`);
    },
    timers: () => timers.size,
  };
}
