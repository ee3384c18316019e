/**
 * Answers that wait until they are due, to a tenth of a millisecond: what a storage service can do is predicted from this time, and
 * a timer alone counts whole milliseconds and goes off up to one too early or too late. Watching the clock instead, for the last
 * millisecond, is what the precision costs. With a latency of 8 ms, on one core of the machine where it was measured
 * (`bench/mapping-latency.ts`): 13 % for one question after the other, and for ten together after ten together, 32 % for a hundred;
 * a timer alone 4, 5 and 20 %. Questions that come apart are watched apart: evenly spread 265 a second cost 22 %, 900 cost 60 %,
 * and from some 2500 the clock is watched all the time.
 *
 * | the queue is | and then | it is |
 * | --- | --- | --- |
 * | resting | an answer is put in | sleeping (by a timer), or watching when it is nearly due |
 * | sleeping | the timer goes off | watching |
 * | watching | the clock has been read once a turn of the loop, and the first answer is due | given, with all that are due |
 * | watching | nothing is nearly due | sleeping |
 * | any | nothing waits any more | resting |
 */

import { type Cancel, machineClock } from '../../foundation/clock.ts';
import { createFifoQueue } from '../listing/fifo-queue.ts';

/** A source of time, which a test can own. */
export type DueTime = {
  nowMs(): number;
  /** Calls back once, at about that time. */
  after(delayMs: number, callback: () => void): Cancel;
  /** Calls back in the next turn of the event loop. */
  soon(callback: () => void): void;
};

export const MACHINE_TIME: DueTime = {
  nowMs: machineClock.nowMs,
  after: machineClock.after,
  soon: (callback) => void setImmediate(callback),
};

export type DueQueue = {
  /** Calls `give` once, never before `dueMs`; what comes back withdraws it. Nothing is due before what was added before it. */
  add(dueMs: number, give: () => void): Cancel;
};

/** Timers of a whole number of milliseconds went off 0.1 ms late at the median and 0.5 ms late at p99. */
const WAKE_BEFORE_MS = 0.5;

export function createDueQueue({ nowMs, after, soon }: DueTime): DueQueue {
  const waiting = createFifoQueue<{ dueMs: number; give: () => void }>();
  let isResting = true;
  let stopTimer: Cancel | null = null;

  const look = (): void => {
    stopTimer = null;
    for (let next = waiting.first(); next !== undefined; next = waiting.first()) {
      const leftMs = next.dueMs - nowMs();
      if (leftMs > 0) return wait(leftMs);
      waiting.shift();
      next.give();
    }
    isResting = true;
  };

  const wait = (leftMs: number): void => {
    const sleepMs = Math.floor(leftMs - WAKE_BEFORE_MS);
    if (sleepMs >= 1) stopTimer = after(sleepMs, look);
    else soon(look);
  };

  return {
    add(dueMs, give) {
      const leave = waiting.push({ dueMs, give });
      if (isResting) {
        isResting = false;
        wait(dueMs - nowMs());
      }
      return () => {
        leave();
        // Nothing may keep a service that is to end.
        if (waiting.first() !== undefined || stopTimer === null) return;
        stopTimer();
        stopTimer = null;
        isResting = true;
      };
    },
  };
}
