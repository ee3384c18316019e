/** The sockets of one client: where they go, how they are secured, and how they are to end. */

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

/** @returns what opens one socket after the other; `tcp` is the connection beneath it, or itself */
export function prepareSockets(
  { source, to }: Route,
  { secured, close, onread }: SocketOptions,
): () => { socket: Socket; tcp: Socket } {
  const endpoint: TcpNetConnectOpts = {
    host: to.address,
    port: to.port,
    family: to.family,
    noDelay: true,
    ...(source === null ? {} : { localAddress: source }),
  };
  const reading = onread === undefined ? {} : { onread };
  const plain = { ...endpoint, ...reading };
  if (secured === null) {
    return () => {
      const socket = connectTcp(plain);
      if (close === 'reset') endByReset(socket);
      return { socket, tcp: socket };
    };
  }
  if (close === 'reset') {
    return () => {
      const tcp = connectTcp(endpoint);
      const socket = secureForReset(tcp, secured);
      // Node reads into a given buffer only where it makes the connection itself.
      if (onread !== undefined) socket.on('data', (chunk: Buffer) => onread.callback(chunk.length, chunk));
      return { socket, tcp };
    };
  }
  const whole = { ...endpoint, ...secured, ...reading };
  return () => {
    const socket = connectTls(whole);
    return { socket, tcp: socket };
  };
}
