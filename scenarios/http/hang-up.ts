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
  // It tells of TCP's errors while it still stands: being hung up with an error, it would tell of that to nobody.
  secured.on('error', () => {});
  toReset.set(secured, tcp);
  return secured;
}

/**
 * Ends a connection without waiting for the other side. Politely: TLS says close_notify, TCP says FIN, and the port rests in
 * TIME_WAIT on this side. By a reset: the other side's next read fails with ECONNRESET, and nothing rests.
 *
 * @param error for the socket's listeners; without one they hear of its close alone
 */
export function hangUp(socket: Socket, error?: Error): void {
  const tcp = toReset.get(socket);
  if (tcp === undefined) socket.end();
  else if (!tcp.connecting && !tcp.destroyed) destroyByReset(tcp);
  socket.destroy(error);
}

/** TLS ends by destroying what is beneath it, at a time of its own: from now on that is a reset, which Node does by destroying. */
function destroyByReset(tcp: Socket): void {
  const { destroy } = tcp;
  tcp.destroy = (error) => {
    tcp.destroy = () => destroy.call(tcp, error);
    return tcp.resetAndDestroy();
  };
}
