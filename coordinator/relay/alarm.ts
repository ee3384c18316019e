/**
 * Calls back at a moment of the machine's monotonic clock, about 0.1 ms late. A timer of the event loop knows whole milliseconds
 * alone and comes up to two of them too early, so that it must be set again; turns of the loop within the last millisecond cost
 * three times the CPU of all the rest of a relay. So a thread waits for us.
 */

import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { US_PER_MS, createAlarmMemory, viewOf } from './alarm-memory.ts';

/** Calls back once, at about this time: perhaps a trifle early. One at a time. */
export type Alarm = (dueMs: number, wake: () => void) => void;

export type AlarmThread = { alarm: Alarm; close(): Promise<void> };

const NEVER_US = 2n ** 62n;

export async function openAlarm(): Promise<AlarmThread> {
  const memory = createAlarmMemory();
  const { settings, dueUs } = viewOf(memory);
  dueUs[0] = NEVER_US;
  // The built tree has alarm-thread.js where the sources have alarm-thread.ts.
  const file = new URL(`./alarm-thread${extname(import.meta.filename)}`, import.meta.url);
  const worker = new Worker(file, { workerData: memory });
  let wake: (() => void) | undefined;
  worker.on('message', () => {
    const next = wake;
    wake = undefined;
    next?.();
  });
  await once(worker, 'online'); // one that is ended while it comes up calls itself out of memory
  return {
    alarm(dueMs, next) {
      wake = next;
      Atomics.store(dueUs, 0, BigInt(Math.ceil(dueMs * US_PER_MS)));
      Atomics.add(settings, 0, 1);
      Atomics.notify(settings, 0);
    },
    async close() {
      await worker.terminate();
    },
  };
}
