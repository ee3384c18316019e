/**
 * The listing threads: as many listings at once as there are threads, the others wait in turn and without limit.
 *
 * | a thread is | and then | it |
 * | --- | --- | --- |
 * | idle | a listing comes | works on it |
 * | working | it has answered | takes the next that waits, or idles |
 * | working | it dies | its listing fails; a new thread takes the next that waits |
 * | idle | it dies | the next listing that finds no idle thread starts a new one |
 */

import { Worker } from 'node:worker_threads';
import { GlideTesterError } from '../../foundation/error.ts';
import { createFifoQueue } from './fifo-queue.ts';
import type { EventFileSeat } from '../event-log/event-file.ts';
import type { ListingRequest, Tree } from './listing.ts';
import type { AnswerStyle } from '../requests/ls-answer.ts';
import type { Turn } from '../counting/operation.ts';

/** What a thread starts with; `entryFile`: the event log, for a thread that writes into it what it lists. */
export type ThreadData = Tree & { entryFile?: EventFileSeat | null };

/** What to list, and how to answer with it. */
export type ListingJob = ListingRequest & { style: AnswerStyle };

/** `outOfDescriptors`: paths that could not be listed because there was none. */
export type ListingResult = (Turn & { body: Uint8Array<ArrayBuffer>; outOfDescriptors?: number }) | { failure: string };

export type ListingPool = {
  /**
   * Queues a listing; `done` is called once, later. The function that comes back withdraws it: true when it had not
   * started, and then `done` is never called.
   *
   * @param started called when a thread takes it, which may be at once
   */
  submit(job: ListingJob, done: (result: ListingResult) => void, started?: () => void): () => boolean;
  /** Threads that are in a listing now. */
  working(): number;
  /** Ends all threads; waits only for the idle ones, since a thread in a file system that hangs can't be ended. */
  close(): Promise<void>;
};

type Waiting = { job: ListingJob; done: (result: ListingResult) => void; started: () => void };
type Thread = { worker: Worker; job: Waiting | null };

/**
 * Starts `size` threads and waits until each can work.
 *
 * @param ranOut told how many paths of a listing could not be listed because there was no descriptor
 * @throws GlideTesterError GT_FRONTEND_THREADS when one can't start
 */
export async function startListingPool(
  threadFile: URL,
  data: ThreadData,
  size: number,
  ranOut: (paths: number) => void = doNothing,
): Promise<ListingPool> {
  const threads = new Set<Thread>();
  const idle: Thread[] = [];
  const waiting = createFifoQueue<Waiting>();
  let closing = false;

  const assign = (thread: Thread, taken: Waiting): void => {
    thread.job = taken;
    thread.worker.postMessage(taken.job);
    taken.started();
  };

  const takeNext = (thread: Thread): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(thread);
    else assign(thread, next);
  };

  const startThread = (ready: (thread: Thread) => void, died: (reason: string) => void): Thread => {
    const worker = new Worker(threadFile, { workerData: data });
    const thread: Thread = { worker, job: null };
    let reason = 'it ended by itself';
    worker.on('message', (message: ListingResult | 'ready') => {
      if (message === 'ready') return ready(thread);
      const { job } = thread;
      thread.job = null;
      takeNext(thread);
      if ('body' in message) ranOut(message.outOfDescriptors ?? 0);
      job?.done(message);
    });
    worker.on('error', (error) => {
      reason = error.message;
    });
    worker.on('exit', () => {
      threads.delete(thread);
      if (closing) return;
      died(reason);
      replaceThread(thread, reason);
    });
    threads.add(thread);
    return thread;
  };

  /** Each death costs one listing, so threads that can't live at all never start in a circle. */
  const replaceThread = (dead: Thread, reason: string): void => {
    const place = idle.indexOf(dead);
    if (place !== -1) idle.splice(place, 1);
    if (dead.job === null) return;
    dead.job.done({ failure: `the listing thread died: ${reason}` });
    const next = waiting.shift();
    if (next !== undefined) assign(startThread(doNothing, doNothing), next);
  };

  const startFirst = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const ready = (thread: Thread): void => {
        idle.push(thread);
        resolve();
      };
      startThread(ready, (reason) => reject(threadDidNotStart(reason)));
    });
  await Promise.all(Array.from({ length: size }, startFirst));

  return {
    submit(job, done, started = doNothing) {
      const submitted: Waiting = { job, done, started };
      const thread = idle.pop() ?? (threads.size < size ? startThread(doNothing, doNothing) : undefined);
      if (thread === undefined) return waiting.push(submitted);
      assign(thread, submitted);
      return () => false;
    },
    working: () => [...threads].filter(({ job }) => job !== null).length,
    async close() {
      closing = true;
      await Promise.all([...threads].map(endThread));
    },
  };
}

async function endThread({ worker, job }: Thread): Promise<void> {
  const end = worker.terminate();
  if (job === null) await end;
  else worker.unref();
}

function threadDidNotStart(reason: string): GlideTesterError {
  return new GlideTesterError('GT_FRONTEND_THREADS', `a listing thread did not start: ${reason}`, {
    hint: 'Ask for fewer listing threads (fsConcurrency), or allow the process more: each takes 5 descriptors.',
  });
}

function doNothing(): void {}
