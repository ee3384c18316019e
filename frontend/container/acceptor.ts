/**
 * Puts accepting before serving, as where an acceptor is a thread of its own: libuv accepts one connection in a turn of its loop,
 * and would do the handshakes of those before it in the same turns, so that of clients that connect all at once the first would be
 * served before the last are in.
 *
 * | a connection that has its thread | on | is |
 * | --- | --- | --- |
 * | comes | | received |
 * | received | a whole turn of the loop brought no further connection | served |
 * | received | the last thread has been given away: others can only wait | served |
 *
 * There are never more received ones than threads.
 */

import type { Socket } from 'node:net';

export type Acceptor = {
  receive(raw: Socket): void;
};

/** @param hasThreads whether the next connection would get a thread at once */
export function createAcceptor(hasThreads: () => boolean, serve: (raw: Socket) => void): Acceptor {
  const received: Socket[] = [];
  let hasCome = false;
  let isLooking = false;

  const serveAll = (): void => {
    for (const raw of received.splice(0)) if (!raw.destroyed) serve(raw);
  };

  const look = (): void => {
    if (hasCome && hasThreads()) {
      hasCome = false;
      setImmediate(look);
      return;
    }
    isLooking = false;
    serveAll();
  };

  return {
    receive(raw) {
      received.push(raw);
      hasCome = true;
      if (isLooking) return;
      isLooking = true;
      setImmediate(look);
    },
  };
}
