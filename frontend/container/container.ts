/**
 * A container: what of a request runs on which thread. Threads are permits here; nothing blocks but what they are held for.
 *
 * | | bestman (Globus) | bestman2 (Jetty) |
 * | --- | --- | --- |
 * | connection | a thread of the pool | a thread of the pool |
 * | authorization | a second thread of the same pool (or of its own) | the connection's |
 * | identity look-up | | under one global lock |
 * | listing, with the look-up before it | the connection's | the connection's, under one semaphore: fsConcurrency |
 */

import type { Socket } from 'node:net';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { Listener } from '../listening.ts';
import { createConnectionThreads } from './connection-threads.ts';
import type { ContainerCounts } from './container-counts.ts';
import type { ContainerOptions } from './container-options.ts';
import { createDoor } from './door.ts';
import { createPermitPool, withPermit } from './permit-pool.ts';

/** How the parts of a request are run. What is begun runs to its end: no part hears of its client having left. */
export type RequestThreads = {
  /** The connection's thread is in work until the function that comes back is called, once. */
  beginWork(socket: Socket): () => void;
  /** For the look-up by which a request is let in. */
  authorize<T>(work: () => Promise<T>): Promise<T>;
  /** For all that BeStMan's gateway does in doLs. */
  list<T>(work: () => Promise<T>): Promise<T>;
};

export type Container = {
  requests: RequestThreads;
  /** @param serve called with each raw connection once it has a thread, unread */
  createDoor(serve: (raw: Socket) => void): Listener;
  /** A connection has shaken hands, and may have requests. */
  adopt(secured: Socket): void;
  /** The authorizer as this container asks it. */
  guard(authorizer: Authorizer): Authorizer;
  /** Nobody gets a thread any more; to be called before connections are closed. */
  close(): void;
};

/** @param fsConcurrency for bestman2 */
export function createContainer(options: ContainerOptions, fsConcurrency: number, counts: ContainerCounts): Container {
  const pool = createPermitPool(options.threads);
  const threads = createConnectionThreads();
  const { authorize, list, guard, close } =
    options.kind === 'bestman' ? runAsGlobus(options, pool, counts) : runAsJetty(options, fsConcurrency, counts);
  return {
    requests: { beginWork: (socket) => threads.beginWork(socket), authorize, list },
    createDoor: (serve) => createDoor({ options, pool, threads, counts }, serve),
    adopt: (secured) => threads.adopt(secured),
    guard,
    close() {
      pool.close();
      close();
    },
  };
}

type Conduct = Pick<RequestThreads, 'authorize' | 'list'> & Pick<Container, 'guard' | 'close'>;
type PoolOfThreads = ReturnType<typeof createPermitPool>;

function runAsGlobus(
  { threads, nestedAuthorization }: ContainerOptions,
  pool: PoolOfThreads,
  counts: ContainerCounts,
): Conduct {
  const nested = nestedAuthorization === 'own-pool' ? createPermitPool(threads) : pool;
  const tally = {
    waits(by: 1 | -1) {
      counts.waitingNested += by;
    },
    holds(by: 1 | -1) {
      counts.threads.nested += by;
    },
  };
  return {
    authorize: (work) => withPermit(nested, work, tally),
    list: (work) => work(),
    guard: (authorizer) => authorizer,
    close: () => nested.close(),
  };
}

/**
 * That BeStMan's lock (`_commonMutex`) is held over the call-out is our hypothesis for the plateau; what is known is that it is
 * held while the client's subject is read, which takes no time here: without the hypothesis there is nothing to lock.
 */
function runAsJetty({ lockOverCallOut }: ContainerOptions, fsConcurrency: number, counts: ContainerCounts): Conduct {
  const lock = createPermitPool(1);
  const listings = createPermitPool(fsConcurrency);
  const tally = {
    waits(by: 1 | -1) {
      counts.waitingForLock += by;
    },
  };
  return {
    authorize: (work) => work(),
    list: (work) => withPermit(listings, work),
    guard: (authorizer) =>
      lockOverCallOut ? { map: (identity) => withPermit(lock, () => authorizer.map(identity), tally) } : authorizer,
    close() {
      lock.close();
      listings.close();
    },
  };
}
