/** Sockets of clients: where they go, how they are secured, and how they are to end. */

import { type OnReadOpts, type Socket, type TcpNetConnectOpts, connect as connectTcp } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { ResolvedTarget } from '../scenario.ts';
import { endByReset, secureForReset } from './hang-up.ts';
import type { Route } from './route.ts';

type SocketOptions = {
  /** Null: plain TCP. */
  secured: ConnectionOptions | null;
  close: ResolvedTarget['connection']['close'];
  onread: OnReadOpts | undefined;
};

/** Begins to connect; `tcp` is the connection beneath the socket, or the socket itself. */
export function openSocket(
  { source, to }: Route,
  { secured, close, onread }: SocketOptions,
): { socket: Socket; tcp: Socket } {
  const endpoint: TcpNetConnectOpts = { host: to.address, port: to.port, family: to.family, noDelay: true };
  if (source !== null) endpoint.localAddress = source;
  if (secured !== null && close === 'reset') {
    const tcp = connectTcp(endpoint);
    const socket = secureForReset(tcp, secured);
    // Node reads into a given buffer only where it makes the connection itself.
    if (onread !== undefined) socket.on('data', (chunk: Buffer) => onread.callback(chunk.length, chunk));
    return { socket, tcp };
  }
  if (onread !== undefined) endpoint.onread = onread;
  const socket = secured === null ? connectTcp(endpoint) : connectTls({ ...endpoint, ...secured });
  if (close === 'reset') endByReset(socket);
  return { socket, tcp: socket };
}
