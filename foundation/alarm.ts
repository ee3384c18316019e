/**
 * Calls back at a moment of the machine's monotonic clock, to a tenth of a millisecond. A timer of the event loop knows whole
 * milliseconds alone and comes up to two of them too early or too late; watching the clock in turns of the loop for the last
 * millisecond costs much of a core. So a thread waits for us, until shortly before: its word takes a while to be heard, and only what
 * is left then is watched.
 */

import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { setImmediate } from 'node:timers';
import { monotonicNowMs } from './clock.ts';
import { US_PER_MS, createAlarmMemory, viewOf } from './alarm-memory.ts';

/** Calls back once, at this time or very soon after. One at a time. */
export type Alarm = (dueMs: number, wake: () => void) => void;

export type AlarmThread = { alarm: Alarm; close(): Promise<void> };

const NEVER_US = 2n ** 62n;
/** From when the thread wakes to when the event loop hears of it, mostly: measured 0.3 to 0.4 ms on two cores. */
const HEARD_AFTER_MS = 0.3;
/** The thread is never so much too early. */
const LONGEST_WATCH_MS = 1;

export async function openAlarm(): Promise<AlarmThread> {
  const memory = createAlarmMemory();
  const { settings, dueUs } = viewOf(memory);
  dueUs[0] = NEVER_US;
  // The built tree has alarm-thread.js where the sources have alarm-thread.ts.
  const file = new URL(`./alarm-thread${extname(import.meta.filename)}`, import.meta.url);
  const worker = new Worker(file, { workerData: memory });
  let awaited: { dueMs: number; wake: () => void } | undefined;
  const look = (): void => {
    if (awaited === undefined) return;
    const leftMs = awaited.dueMs - monotonicNowMs();
    // So early a word is about an alarm before this one: another will come.
    if (leftMs > LONGEST_WATCH_MS) return;
    if (leftMs > 0) return void setImmediate(look);
    const { wake } = awaited;
    awaited = undefined;
    wake();
  };
  worker.on('message', look);
  await once(worker, 'online'); // one that is ended while it comes up calls itself out of memory
  return {
    alarm(dueMs, wake) {
      awaited = { dueMs, wake };
      Atomics.store(dueUs, 0, BigInt(Math.ceil((dueMs - HEARD_AFTER_MS) * US_PER_MS)));
      Atomics.add(settings, 0, 1);
      Atomics.notify(settings, 0);
    },
    async close() {
      awaited = undefined;
      await worker.terminate();
    },
  };
}
