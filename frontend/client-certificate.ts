/** Who is at the other end of a connection: the chain that a client showed, and the identity that was found in it. */

import type { Socket } from 'node:net';

export type Peer = {
  /** Subject of the user's certificate in slash form, `/DC=org/CN=Somebody`, whoever signed on the user's behalf. */
  identity: string;
  via: 'certificate' | 'proxy';
};

const peers = new WeakMap<Socket, Peer>();

/** Null with plain http: nobody has shown anything. */
export function peerOf(socket: Socket): Peer | null {
  return peers.get(socket) ?? null;
}

/** Keeps who it is for as long as the socket lives. */
export function keepPeer(socket: Socket, peer: Peer): void {
  peers.set(socket, peer);
}
