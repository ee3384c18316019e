/**
 * The container thread of each connection that is served.
 *
 * | a connection that has one | on | is |
 * | --- | --- | --- |
 * | open | work for it begins or ends | open |
 * | open | it ends, no work is under way | given back |
 * | open | it ends, work is under way | left |
 * | left | the last work ends | given back |
 *
 * A client that leaves frees nothing: the thread is in its work. It is the raw connection that holds the thread, but requests know
 * their TLS socket only; both have the same address at the other end.
 */

import type { Socket } from 'node:net';

export type ConnectionThreads = {
  /** The connection has got its thread; `giveBack` is called once. */
  hold(raw: Socket, giveBack: () => void): void;
  /** The connection has shaken hands: work may be done for this socket. */
  adopt(secured: Socket): void;
  /** Returns how to end the work, to be called once. */
  beginWork(secured: Socket): () => void;
};

type Held = { isOpen: boolean; works: number; giveBack: () => void };

export function createConnectionThreads(): ConnectionThreads {
  const byAddress = new Map<string, Held>();
  const adopted = new WeakMap<Socket, Held>();

  return {
    hold(raw, giveBack) {
      if (raw.closed) return giveBack();
      const held: Held = { isOpen: true, works: 0, giveBack };
      const address = addressOf(raw);
      byAddress.set(address, held);
      raw.once('close', () => {
        // Once a client has left, the next one may come from the same port.
        if (byAddress.get(address) === held) byAddress.delete(address);
        held.isOpen = false;
        if (held.works === 0) giveBack();
      });
    },
    adopt(secured) {
      const held = byAddress.get(addressOf(secured));
      // Nobody is at the other end any more: there will be no request either.
      if (held !== undefined) adopted.set(secured, held);
    },
    beginWork(secured) {
      const held = adopted.get(secured);
      if (held === undefined) return doNothing;
      held.works += 1;
      return () => {
        held.works -= 1;
        if (held.works === 0 && !held.isOpen) held.giveBack();
      };
    },
  };
}

/** Of the other end; it can't be asked any more once a client has reset its connection. */
function addressOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress}:${remotePort}`;
}

function doNothing(): void {}
