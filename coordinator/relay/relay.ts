/**
 * A relay that puts distance between clients and a service, both on this machine, as a long cable would: a TCP server of its
 * own which passes on what clients do half a round trip later, and what the service does likewise.
 *
 * The kernel accepts a client at once, so connect() itself does not feel the distance. All that follows does: a TLS 1.2
 * handshake takes two round trips more, a request with its answer one, so an httpg operation on a connection of its own takes
 * three; a dial that the service refuses resets the client after a whole one.
 */

import { once } from 'node:events';
import { type AddressInfo, Socket, createServer, isIPv4 } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { delay, machineClock, monotonicNowMs } from '../../foundation/clock.ts';
import { GlideTesterError, messageOf, systemCodeOf } from '../../foundation/error.ts';
import { openAlarm } from '../../foundation/alarm.ts';
import { layCable } from './cable.ts';
import { createDelayQueue } from '../../foundation/delay-queue.ts';
import { LONGEST_ROUND_TRIP_MS } from './relay-limits.ts';

export type Endpoint = { address: string; port: number };

export type RelayOptions = {
  /** The service, on loopback. */
  to: Endpoint;
  roundTripMs: number;
  /** 0: any free one. */
  port: number;
  /** Hears once of each trouble of our own side, such as no descriptor left: clients see a reset that the service is not to blame for. */
  warn(text: string): void;
};

export type Relay = {
  port: number;
  /** What is under way still arrives, if it does within 2 s; then what is open ends. May be called twice. */
  stop(): Promise<void>;
};

const LOOPBACK = '127.0.0.1';
/** As many connections as the kernel lets wait: clients come all together. */
const BACKLOG = 65_535;
/** What is under way when the relay stops is given so long to arrive: whoever stops it does not wait for ever. */
const ARRIVES_WITHIN_MS = 2000;
/** Of the event loop until all that had come has been read: it ends this one, lets in who waits, and reads what they say. */
const TURNS_TO_READ = 3;
/** How long a peer may take to read what has arrived for it when the relay ends. */
const ENDS_WITHIN_MS = 500;

/** Resolves when it listens. @throws GlideTesterError GT_RELAY */
export async function startRelay({ to, roundTripMs, port, warn }: RelayOptions): Promise<Relay> {
  checkDistance(to, roundTripMs);
  const sockets = new Set<Socket>();
  await using opened = new AsyncDisposableStack();
  const alarm = await openAlarm();
  opened.defer(() => alarm.close());
  const queue = createDelayQueue({ delayMs: roundTripMs / 2, nowMs: monotonicNowMs, alarm: alarm.alarm });
  const warnOfDial = createDialWarning(warn);
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = new Socket({ allowHalfOpen: true }).setNoDelay(); // connect() does not take it
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    far.on('error', warnOfDial);
    layCable(near, far, queue, () => far.connect({ host: to.address, port: to.port }));
  });
  server.listen({ host: LOOPBACK, port, backlog: BACKLOG });
  await once(server, 'listening').catch((cause: unknown) => {
    throw new GlideTesterError('GT_RELAY', `cannot listen on ${LOOPBACK}:${port}: ${messageOf(cause)}`, {
      hint: 'Give a port that is free, or 0 for any.',
      cause,
    });
  });
  const rest = opened.move();
  const stop = async (): Promise<void> => {
    for (let turn = 0; turn < TURNS_TO_READ; turn += 1) await setImmediate();
    server.close();
    await atMost(ARRIVES_WITHIN_MS, new Promise<void>((resolve) => queue.push(resolve)));
    await endAll(sockets);
    await rest.disposeAsync();
  };
  let stopped: Promise<void> | undefined;
  return { port: (server.address() as AddressInfo).port, stop: () => (stopped ??= stop()) };
}

function checkDistance({ address, port }: Endpoint, roundTripMs: number): void {
  if (address !== '::1' && !(isIPv4(address) && address.startsWith('127.'))) {
    throw new GlideTesterError('GT_RELAY', `a service on loopback was expected, got ${address}:${port}`, {
      hint: 'A relay stands between clients and a service of this machine only.',
    });
  }
  if (Number.isFinite(roundTripMs) && roundTripMs >= 0 && roundTripMs <= LONGEST_ROUND_TRIP_MS) return;
  throw new GlideTesterError(
    'GT_RELAY',
    `a round trip from 0 ms to ${LONGEST_ROUND_TRIP_MS} ms was expected, got ${roundTripMs} ms`,
  );
}

/** What a service, or a network, does to a connection. */
const OF_THE_SERVICE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

function createDialWarning(warn: (text: string) => void): (error: Error) => void {
  const told = new Set<string>();
  return (error) => {
    const code = systemCodeOf(error) ?? error.message;
    if (OF_THE_SERVICE.has(code) || told.has(code)) return;
    told.add(code);
    warn(`a client is reset for a trouble of the relay's own, perhaps the first of many: ${error.message}`);
  };
}

/** What has been handed over is written out before the end, as far as the peers read it. */
async function endAll(sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = Promise.all([...sockets].map((socket) => once(socket, 'close')));
  for (const socket of sockets) socket.destroySoon();
  await atMost(ENDS_WITHIN_MS, closed);
  for (const socket of sockets) socket.destroy();
}

async function atMost(withinMs: number, awaited: Promise<unknown>): Promise<void> {
  const waiting = new AbortController();
  await Promise.race([awaited, delay(machineClock, withinMs, waiting.signal)]);
  waiting.abort(); // else its timer keeps the process alive
}
