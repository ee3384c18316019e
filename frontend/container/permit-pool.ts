/**
 * So many permits and one queue: who came first gets the next one that is given back. Nobody can leave the queue, and nobody waits
 * for a limited time: a Java thread that wants a lock, a semaphore or a worker doesn't either.
 */

import { createFifoQueue } from '../listing/fifo-queue.ts';

export type PermitPool = {
  /** Calls back when it is this one's turn, which may be at once. */
  acquire(granted: () => void): void;
  /** Whether who comes now is granted a permit at once. */
  isFree(): boolean;
  /** To be called once for each permit that was granted. */
  release(): void;
  /** Nobody is granted anything any more; who waits is forgotten. */
  close(): void;
};

/** @param size a whole number from 1 */
export function createPermitPool(size: number): PermitPool {
  const queue = createFifoQueue<() => void>();
  let waiting = 0;
  let held = 0;
  let isGranting = false;
  let isClosed = false;

  /** A loop, since who is granted a permit may give it back at once, and there may be thousands behind. */
  const grantNext = (): void => {
    if (isGranting) return;
    isGranting = true;
    try {
      while (waiting > 0 && held < size) {
        waiting -= 1;
        held += 1;
        queue.shift()?.();
      }
    } finally {
      isGranting = false;
    }
  };

  return {
    acquire(granted) {
      if (isClosed) return;
      queue.push(granted);
      waiting += 1;
      grantNext();
    },
    isFree: () => held < size && waiting === 0,
    release() {
      held -= 1;
      grantNext();
    },
    close() {
      isClosed = true;
      waiting = 0;
    },
  };
}

/** Told of every one that begins (1) or ends (-1) to wait for a permit or to hold one. */
export type PermitTally = { waits?: (by: 1 | -1) => void; holds?: (by: 1 | -1) => void };

/** Does the work with a permit. */
export async function withPermit<T>(pool: PermitPool, work: () => Promise<T>, tally: PermitTally = {}): Promise<T> {
  tally.waits?.(1);
  await new Promise<void>((resolve) => {
    pool.acquire(() => {
      tally.waits?.(-1);
      tally.holds?.(1);
      resolve();
    });
  });
  try {
    return await work();
  } finally {
    tally.holds?.(-1);
    pool.release();
  }
}
