/** Calls back at a moment more precisely than a timer, which knows whole milliseconds alone. */

import { setImmediate } from 'node:timers';
import type { Clock } from '../../foundation/clock.ts';

/** Calls back once, at about this time of the clock that it was made with. */
export type Alarm = (dueMs: number, wake: () => void) => void;

/** Within this a timer would be late. */
const LAST_MS = 1;

/** A timer until the last millisecond, turns of the event loop within it. */
export function createAlarm(clock: Clock): Alarm {
  return (dueMs, wake) => {
    const leftMs = dueMs - clock.nowMs();
    if (leftMs > LAST_MS) clock.after(leftMs - LAST_MS, wake);
    else setImmediate(wake);
  };
}
