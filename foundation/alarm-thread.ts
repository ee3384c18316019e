/** The thread behind an alarm: sleeps to the microsecond, which the event loop can't, and then says one word. */

import { parentPort, workerData } from 'node:worker_threads';
import { monotonicNowMs } from './clock.ts';
import { US_PER_MS, viewOf } from './alarm-memory.ts';

const { settings, dueUs } = viewOf(workerData as SharedArrayBuffer);

for (;;) {
  // Read before the due time, which is written before it: a newer alarm never goes unseen.
  const setting = Atomics.load(settings, 0);
  const leftMs = Number(Atomics.load(dueUs, 0)) / US_PER_MS - monotonicNowMs();
  if (leftMs <= 0) parentPort?.postMessage(null);
  Atomics.wait(settings, 0, setting, leftMs > 0 ? leftMs : Infinity);
}
