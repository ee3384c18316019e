/** The pilot's end of the link: dials the coordinator, believes only the campaign's certificate, checks every message. */

import { Agent } from 'node:https';
import { type RawData, WebSocket } from 'ws';
import { ZodError } from 'zod';
import { type Clock, every } from '../foundation/clock.ts';
import { messageOf, systemCodeOf } from '../foundation/error.ts';
import {
  type CoordinatorMessage,
  CoordinatorMessageSchema,
  type Join,
  LARGEST_COORDINATOR_MESSAGE_BYTES,
  type PilotMessage,
} from './protocol.ts';

const DIAL_WITHIN_MS = 30_000;
/** The coordinator may be silent for long: a ping shows whether it is still there. */
const PING_EVERY_MS = 5000;
const PONGS_MISSED_AT_MOST = 3;
/** Rows that the coordinator does not take pile up here: a pilot that has so many left to send is of no more use. */
const UNSENT_BYTES_AT_MOST = 256 * 1024 * 1024;

export type CoordinatorLink = {
  send(message: PilotMessage): void;
  sendBytes(bytes: Uint8Array): void;
  close(): void;
};

export type CoordinatorListener = {
  /** `receivedMs`: this process's monotonic clock at the moment the message came. */
  said(message: CoordinatorMessage, receivedMs: number): void;
  /** Called once; nothing comes afterwards. */
  gone(reason: string): void;
};

/** Dials at once; messages sent before the connection stands are dropped, since the coordinator speaks first. */
export function dialCoordinator(join: Join, clock: Clock, listener: CoordinatorListener): CoordinatorLink {
  const socket = new WebSocket(join.url, {
    // The one certificate of this campaign is trusted, whatever name the coordinator is reached by.
    agent: new Agent({ ca: join.certificate, checkServerIdentity: () => undefined }),
    handshakeTimeout: DIAL_WITHIN_MS,
    perMessageDeflate: false,
    maxPayload: LARGEST_COORDINATOR_MESSAGE_BYTES,
  });
  let unansweredPings = 0;
  let reason = 'the coordinator closed the link';
  const stopPings = every(clock, PING_EVERY_MS, () => {
    if (socket.readyState !== socket.OPEN) return;
    if (unansweredPings >= PONGS_MISSED_AT_MOST) {
      reason = `the coordinator did not answer ${unansweredPings} pings`;
      socket.terminate();
      return;
    }
    unansweredPings += 1;
    socket.ping();
  });
  socket.on('pong', () => {
    unansweredPings = 0;
  });
  socket.on('message', (data: RawData) => {
    const receivedMs = clock.nowMs();
    let message: CoordinatorMessage;
    try {
      message = CoordinatorMessageSchema.parse(JSON.parse((data as Buffer).toString()));
    } catch (thrown) {
      reason = `the coordinator said what is not of this protocol: ${explainUnreadable(thrown)}`;
      socket.terminate();
      return;
    }
    listener.said(message, receivedMs);
  });
  socket.on('error', (error) => {
    reason = explainBreak(error);
  });
  socket.on('close', () => {
    stopPings();
    listener.gone(reason);
  });
  const isOpen = (): boolean => socket.readyState === socket.OPEN;
  return {
    send: (message) => {
      if (isOpen()) socket.send(JSON.stringify(message));
    },
    sendBytes: (bytes) => {
      if (!isOpen()) return;
      if (socket.bufferedAmount > UNSENT_BYTES_AT_MOST) {
        reason = `the coordinator has not taken the last ${socket.bufferedAmount} bytes of rows`;
        socket.terminate();
      } else socket.send(bytes);
    },
    close: () => socket.close(),
  };
}

/** Where it is wrong and how, but nothing of what it says: it may hold private keys, of which a JSON error quotes a piece. */
function explainUnreadable(thrown: unknown): string {
  if (!(thrown instanceof ZodError)) return 'it is no JSON';
  return thrown.issues.map(({ path, code }) => `${path.join('.') || 'the whole'} (${code})`).join(', ');
}

function explainBreak(error: Error): string {
  if (systemCodeOf(error) !== 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return messageOf(error);
  return `the coordinator said more than ${LARGEST_COORDINATOR_MESSAGE_BYTES} bytes at once`;
}
