/** Who is at the other end of a connection: the chain that a client showed, and the identity that was found in it. */

import type { Socket } from 'node:net';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';

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

/**
 * DER, the client's own certificate first, each followed by its issuer as far as it was shown or is trusted; empty: none was
 * shown. To be called once, before anything else asks the socket for its peer: Node takes certificates out of OpenSSL's
 * chain while it reads them.
 */
export function readShownChain(socket: TLSSocket): Uint8Array[] {
  const chain: Uint8Array[] = [];
  const seen = new Set<DetailedPeerCertificate>();
  // Without a certificate Node gives an empty object; a self-signed one is its own issuer.
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (next?.raw !== undefined && !seen.has(next)) {
    seen.add(next);
    chain.push(next.raw);
    next = next.issuerCertificate;
  }
  return chain;
}
