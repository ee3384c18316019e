/** Starts the threads of a pilot: worker threads, or the main thread itself for a pilot of few slots. */

import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { machineClock } from '../foundation/clock.ts';
import { messageOf } from '../foundation/error.ts';
import { createThread } from './thread.ts';
import type { ThreadOrder, ThreadPort, ThreadReport } from './thread-message.ts';

/** Up to so many slots the clients run on the main thread: an idle worker costs 9.6 MiB. */
export const SLOTS_ON_MAIN_THREAD = 4;

/**
 * Left to itself, V8 lets it grow to 48 MB before it looks for what is still of use. An operation leaves little behind, so a quarter
 * does as well.
 */
const YOUNG_GENERATION_MB = 12;

/** How many slots a pilot has, and how many threads they are to run on. */
export type CrewSize = { slots: number; threads: number };

/**
 * One port a thread; never more threads than slots.
 *
 * @param report called with the number of the thread and what it says
 */
export function startThreads(
  { slots, threads }: CrewSize,
  report: (thread: number, said: ThreadReport) => void,
): ThreadPort[] {
  if (threads === 1 && slots <= SLOTS_ON_MAIN_THREAD) return [startOnMainThread((said) => report(0, said))];
  return Array.from({ length: Math.min(threads, slots) }, (_, thread) => startWorker((said) => report(thread, said)));
}

function startOnMainThread(report: (said: ThreadReport) => void): ThreadPort {
  const thread = createThread(machineClock, report);
  return { order: (order) => thread.take(order), stop: async () => {} };
}

function startWorker(report: (said: ThreadReport) => void): ThreadPort {
  // The built tree has worker.js where the sources have worker.ts.
  const worker = new Worker(new URL(`./worker${extname(import.meta.filename)}`, import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  let isOver = false;
  const crash = (message: string): void => {
    if (!isOver) report({ type: 'crashed', message });
    isOver = true;
  };
  worker.on('message', report);
  worker.on('error', (bug) => crash(messageOf(bug)));
  worker.on('exit', (code) => crash(`a thread ended by itself with code ${code}`));
  return {
    order: (order: ThreadOrder) => worker.postMessage(order),
    async stop() {
      isOver = true;
      await worker.terminate();
    },
  };
}
