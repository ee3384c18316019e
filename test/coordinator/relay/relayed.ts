/** A real service behind a relay in this process, with both ends of each connection in the hands of the test. */

import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import type { ExecutionContext } from 'ava';
import { type Relay, startRelay } from '../../../coordinator/relay/relay.ts';

/** One end of a connection, and what has come to it, in order: 'end', an error's code, 'close'. */
export type End = { socket: Socket; text(): string; events: string[]; saw(event: string): Promise<void> };

export type Relayed = {
  relay: Relay;
  /** What the relay has said of troubles of its own. */
  warnings: string[];
  dial(): End;
  /** The service's end of the connection with this number, from 0. */
  accepted(number: number): Promise<End>;
};

const BACKLOG = 4096;

export function watch(socket: Socket): End {
  const events: string[] = [];
  const chunks: Buffer[] = [];
  const note = (event: string): void => {
    events.push(event);
    socket.emit('noted');
  };
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('end', () => note('end'));
  socket.on('error', (error: NodeJS.ErrnoException) => note(error.code ?? error.message));
  socket.on('close', () => note('close'));
  return {
    socket,
    text: () => Buffer.concat(chunks).toString('latin1'),
    events,
    async saw(event) {
      while (!events.includes(event)) await once(socket, 'noted');
    },
  };
}

/** All ends with the test. */
export async function startRelayed(t: ExecutionContext, roundTripMs: number): Promise<Relayed> {
  const ends: End[] = [];
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.push(socket);
    ends.push(watch(socket));
    server.emit('noted');
  });
  server.listen({ host: '127.0.0.1', port: 0, backlog: BACKLOG });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const warnings: string[] = [];
  const to = { address: '127.0.0.1', port };
  const relay = await startRelay({ to, roundTripMs, port: 0, warn: (text) => warnings.push(text) });
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await relay.stop();
  });
  return {
    relay,
    warnings,
    dial() {
      const socket = dialPort(relay.port);
      sockets.push(socket);
      return watch(socket);
    },
    async accepted(number) {
      while (ends.length <= number) await once(server, 'noted');
      return ends[number] as End;
    },
  };
}

export function dialPort(port: number): Socket {
  return connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
}
