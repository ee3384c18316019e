/** Starts the threads of a pilot: worker threads, or the main thread itself for a pilot of few slots. */

import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { machineClock } from '../foundation/clock.ts';
import { createThread } from './thread.ts';
import type { ThreadOrder, ThreadPort, ThreadReport } from './thread-message.ts';

/** Up to so many slots the clients run on the main thread: an idle worker costs 9.6 MiB. */
export const SLOTS_ON_MAIN_THREAD = 4;

/** @param report called with the number of the thread and what it says */
export function startThreads(slots: number, report: (thread: number, said: ThreadReport) => void): ThreadPort[] {
  const isSmall = slots <= SLOTS_ON_MAIN_THREAD;
  return [isSmall ? startOnMainThread((said) => report(0, said)) : startWorker((said) => report(0, said))];
}

function startOnMainThread(report: (said: ThreadReport) => void): ThreadPort {
  const thread = createThread(machineClock, report);
  return { order: (order) => thread.take(order), stop: async () => {} };
}

function startWorker(report: (said: ThreadReport) => void): ThreadPort {
  // The built tree has worker.js where the sources have worker.ts.
  const worker = new Worker(new URL(`./worker${extname(import.meta.filename)}`, import.meta.url));
  worker.on('message', report);
  worker.on('error', (bug) => report({ type: 'crashed', message: bug instanceof Error ? bug.message : String(bug) }));
  return {
    order: (order: ThreadOrder) => worker.postMessage(order),
    async stop() {
      await worker.terminate();
    },
  };
}
