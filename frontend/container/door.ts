/**
 * Where connections come in when there is a container: accepted before anybody is served, since the kernel's own queue would not
 * fill, and then unread until they have a thread. How long a handshake takes counts from there.
 *
 * | a connection | on | is |
 * | --- | --- | --- |
 * | comes | the heap has no room | reset, `refusedByHeap` |
 * | comes | a thread is free and nobody waits | served |
 * | comes | the queue has a place | waiting |
 * | comes | the queue is full | reset, `refusedByQueue`; with `refuse` the door is shut |
 * | waiting | it is first, and a thread is given back | served, even if its client has left: only then is that noticed |
 * | served | it has ended, and all work for it | gone: its thread is given back |
 *
 * | the door | on | is |
 * | --- | --- | --- |
 * | open | a connection finds the queue full (`refuse`) | shut: who connects is refused by the kernel, which we can't count |
 * | shut | the queue is empty | opening, at the same port |
 * | opening | it listens | open |
 * | opening | there is no descriptor for it | shut, until the next connection has ended |
 */

import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { createAcceptor } from './acceptor.ts';
import type { ConnectionThreads } from './connection-threads.ts';
import type { ContainerCounts } from './container-counts.ts';
import { type ContainerOptions, HEAP_BYTES_PER_CONNECTION } from './container-options.ts';
import { type Listener, listenAgain } from '../listening.ts';
import type { PermitPool } from './permit-pool.ts';

export type DoorParts = {
  options: Pick<ContainerOptions, 'queueSize' | 'whenQueueFull' | 'heapBytes'>;
  pool: PermitPool;
  threads: ConnectionThreads;
  counts: ContainerCounts;
};

/** @param serve called with each connection once it has its thread, unread */
export function createDoor({ options, pool, threads, counts }: DoorParts, serve: (raw: Socket) => void): Listener {
  const { queueSize, whenQueueFull, heapBytes } = options;
  const server = createServer({ pauseOnConnect: true, noDelay: true });
  const connections = new Set<Socket>();
  const leaf = hang(server);
  const acceptor = createAcceptor(() => pool.isFree(), serve);
  let chargedBytes = 0;

  const isFull = (): boolean => !pool.isFree() && counts.waiting >= queueSize;

  const admit = (raw: Socket): void => {
    const hasToWait = !pool.isFree();
    chargedBytes += HEAP_BYTES_PER_CONNECTION;
    if (hasToWait) {
      counts.waitedForThread += 1;
      counts.waiting += 1;
    }
    pool.acquire(() => {
      if (hasToWait) counts.waiting -= 1;
      counts.threads.held += 1;
      threads.hold(raw, giveBack);
      if (!hasToWait) acceptor.receive(raw);
      else if (!raw.destroyed) serve(raw);
      if (counts.waiting === 0) leaf.open();
    });
  };

  const giveBack = (): void => {
    counts.threads.held -= 1;
    chargedBytes -= HEAP_BYTES_PER_CONNECTION;
    pool.release();
    if (counts.waiting === 0) leaf.open();
  };

  server.on('connection', (raw) => {
    raw.on('error', doNothing); // whoever reads it hears of it too
    connections.add(raw);
    raw.once('close', () => connections.delete(raw));
    const hasRoom = chargedBytes + HEAP_BYTES_PER_CONNECTION <= heapBytes;
    if (hasRoom && !isFull()) return admit(raw);
    raw.resetAndDestroy();
    if (!hasRoom) {
      counts.refusedByHeap += 1;
      return;
    }
    counts.refusedByQueue += 1;
    if (whenQueueFull === 'refuse') leaf.shut();
  });

  return {
    server,
    async close() {
      const closed = once(server, 'close');
      leaf.close();
      for (const raw of connections) raw.destroy();
      await closed;
    },
  };
}

/** The leaf of the door: shut, nobody comes in; those inside stay. */
function hang(server: Server): { shut(): void; open(): void; close(): void } {
  let state: 'open' | 'shut' | 'opening' | 'closed' = 'open';
  let address: AddressInfo | undefined;

  server.on('listening', () => {
    if (state === 'closed') server.close();
    else state = 'open';
    address = server.address() as AddressInfo;
  });
  server.on('error', () => {
    if (state === 'opening') state = 'shut';
  });
  return {
    shut() {
      if (state !== 'open') return;
      state = 'shut';
      server.close();
    },
    open() {
      if (state !== 'shut' || address === undefined) return;
      state = 'opening';
      listenAgain(server, address);
    },
    close() {
      state = 'closed';
      server.close();
    },
  };
}

function doNothing(): void {}
