/** How a client ends a connection: politely, or by a reset. */

import type { Socket } from 'node:net';
import { type ConnectionOptions, type TLSSocket, connect as connectTls } from 'node:tls';

/** Connections that are to end by a reset, each with the TCP connection beneath it: TLS can't be reset itself. */
const toReset = new WeakMap<Socket, Socket>();

/** @returns the same socket */
export function endByReset(socket: Socket): Socket {
  toReset.set(socket, socket);
  return socket;
}

/** TLS over a TCP connection of its own, which can be reset; errors and end of the one are those of the other. */
export function secureForReset(tcp: Socket, options: ConnectionOptions): TLSSocket {
  const secured = connectTls({ ...options, socket: tcp });
  toReset.set(secured, tcp);
  return secured;
}

/**
 * Ends a connection without waiting for the other side. Politely: TLS says close_notify, TCP says FIN, and the port rests in
 * TIME_WAIT on this side. By a reset: the other side's next read fails with ECONNRESET, and nothing rests.
 */
export function hangUp(socket: Socket): void {
  const tcp = toReset.get(socket);
  if (tcp === undefined) socket.end();
  else tcp.resetAndDestroy();
  socket.destroy();
}
