/** What a server says to a request, byte by byte: strings, and steps between them that wait for the client. */

import diagnostics from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { Behaviour } from '../../../support/loopback-server.ts';

/** Bytes in Latin-1, or what is done to the connection; `isOver` tells whether the client's operation has ended. */
export type Step = string | ((socket: Socket, isOver: () => boolean) => unknown);

/** The clients' ends of the connections of this process, by their port and the server's; null: closed. */
const clientSockets = new Map<string, Socket | null>();

diagnostics.subscribe('net.client.socket', (message) => {
  const { socket } = message as { socket: Socket };
  socket.once('connect', () => {
    const ports = `${socket.localPort} ${socket.remotePort}`;
    clientSockets.set(ports, socket);
    socket.once('close', () => {
      if (clientSockets.get(ports) === socket) clientSockets.set(ports, null);
    });
  });
});

/** The servers' ends, by the client's port and their own: beneath TLS, if there is any. */
const serverSockets = new Map<string, Socket>();

diagnostics.subscribe('net.server.socket', (message) => {
  const { socket } = message as { socket: Socket };
  const ports = `${socket.remotePort} ${socket.localPort}`;
  serverSockets.set(ports, socket);
  socket.once('close', () => {
    if (serverSockets.get(ports) === socket) serverSockets.delete(ports);
  });
});

/** A behaviour for a server that answers one request, and what tells when its last step is done. */
export type RawAnswer = { behaviour: Behaviour; done: Promise<void> };

export function prepareAnswer(steps: readonly Step[], isOver: () => boolean = () => true): RawAnswer {
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  const take = async (socket: Socket): Promise<void> => {
    for (const step of steps) {
      if (socket.destroyed) return;
      if (typeof step === 'function') await step(socket, isOver);
      else socket.write(step, 'latin1');
    }
  };
  return { behaviour: (socket) => void take(socket).then(resolve, reject), done };
}

/** Resolves when the client has taken all that was said from the system, or has left. */
export async function untilRead(socket: Socket): Promise<void> {
  const said = socket.bytesWritten;
  await untilClient(socket, (client) => client.bytesRead >= said);
  // What it does about it, it does in this turn or the next ones.
  for (let turn = 0; turn < TURNS; turn += 1) await setImmediate();
}

const TURNS = 2;

/** For an answer that may not be one: unless the operation ends with what was said, it does with this. */
export const unlessOver =
  (step: (socket: Socket) => unknown): Step =>
  async (socket, isOver) => {
    await untilRead(socket);
    for (let turn = 0; turn < TURNS_TO_END && !isOver(); turn += 1) await setImmediate();
    if (!isOver()) await step(socket);
  };

/** More than any transport takes from the last byte to the end of its operation. */
const TURNS_TO_END = 20;

/** Bytes of its requests that the client could not hand to the system yet. */
export function unsentBytesTo(socket: Socket): number {
  return clientSockets.get(portsOf(socket))?.writableLength ?? 0;
}

/** Ends the server's side; resolves when the client has left, too. */
export async function end(socket: Socket): Promise<void> {
  const left = untilClient(socket, () => false);
  socket.end();
  await left;
}

export async function reset(socket: Socket): Promise<void> {
  const left = untilClient(socket, () => false);
  serverSockets.get(portsOf(socket))?.resetAndDestroy();
  await left;
}

/** Ends the TCP connection, and of TLS above it says nothing. */
export async function endBeneath(socket: Socket): Promise<void> {
  const left = untilClient(socket, () => false);
  serverSockets.get(portsOf(socket))?.end();
  await left;
}

function portsOf(socket: Socket): string {
  return `${socket.remotePort} ${socket.localPort}`;
}

/** Resolves when this is so of the client's end, or when there is none any more. */
async function untilClient(socket: Socket, isMet: (client: Socket) => boolean): Promise<void> {
  const ports = portsOf(socket);
  for (;;) {
    const client = clientSockets.get(ports);
    // The server may hear of a connection before the client does.
    if (client === undefined ? socket.destroyed : client === null || client.destroyed || isMet(client)) return;
    await setImmediate();
  }
}
