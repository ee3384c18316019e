/**
 * What a frontend's container and descriptors have come to: plain counters, cumulative but for those that say "now", readable at
 * any time. Nothing here is computed from anything but events.
 */

export type ContainerCounts = {
  /** Connections that did not get a container thread at once and were put into the accept queue. */
  waitedForThread: number;
  /** Connections that came when the accept queue was full, as far as this process has seen them: all of these were reset. */
  refusedByQueue: number;
  /** Connections that came when the heap had no room, all of them reset. */
  refusedByHeap: number;
  /** Accepts, call-outs and openings that met EMFILE or ENFILE, as far as this process can see them. */
  exhaustedDescriptors: number;
  threads: {
    /** Container threads that connections hold now. */
    held: number;
    /** Container threads that nested work (BeStMan's authorization) holds now, of the same pool or of its own. */
    nested: number;
    /** Threads of the connections' pool; null: there is no container. */
    most: number | null;
  };
  /** Connections in the accept queue now: each is accepted, and unread. */
  waiting: number;
  /** Nested work that waits for a thread now; with `threads.held` at `threads.most` and one pool, it waits for ever. */
  waitingNested: number;
  /** Look-ups that wait for BeStMan2's global lock now. That it is held over the call-out is our hypothesis. */
  waitingForLock: number;
};

/** @param most threads of the container; null: there is none, and only descriptors are counted */
export function createContainerCounts(most: number | null): ContainerCounts {
  return {
    waitedForThread: 0,
    refusedByQueue: 0,
    refusedByHeap: 0,
    exhaustedDescriptors: 0,
    threads: { held: 0, nested: 0, most },
    waiting: 0,
    waitingNested: 0,
    waitingForLock: 0,
  };
}
