/**
 * Where pilots dial in: a WebSocket server over TLS that lets in only who proves the campaign's secret.
 *
 * | state of a connection | on | next |
 * | --- | --- | --- |
 * | challenged | hello with the right proof | joined (welcome is sent) |
 * | challenged | anything else, the socket closed, or 10 s | refused |
 * | joined | control message, rows frame | joined |
 * | joined | what is not of the protocol | gone |
 * | joined | socket closed | gone |
 *
 * A joined pilot whose rows come faster than they are written is not read for a while: see rows-room.ts.
 */

import { randomBytes } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import {
  type CoordinatorMessage,
  PilotMessageSchema,
  PROTOCOL_VERSION,
  type PilotMessage,
  decodeRowsFrame,
  isProofRight,
} from '../../agent/protocol.ts';
import type { Clock } from '../../foundation/clock.ts';
import { GlideTesterError, messageOf } from '../../foundation/error.ts';
import type { Link, LinkListener, PilotConnection } from './link.ts';
import { createLinkCertificate } from './link-certificate.ts';
import { type RowsRoom, type RowsSender, createRowsRoom } from './rows-room.ts';

/** A pilot that says nothing for three of these is lost. */
export const HEARTBEAT_EVERY_MS = 1000;
const HELLO_WITHIN_MS = 10_000;
/** Larger than any frame of rows; what is larger is no pilot. */
const LARGEST_FRAME_BYTES = 16 * 1024 * 1024;

export type GateOptions = {
  clock: Clock;
  campaign: string;
  secret: string;
  /** `address:port`; port 0 takes any free one. */
  listen: string;
  listener: LinkListener;
  /** Rows that may wait for the disk; default: 16 MiB. */
  roomBytes?: number;
};

/** Opens the gate. @throws GT_LINK_LISTEN when the address can't be listened on */
export async function openGate(options: GateOptions): Promise<Link> {
  const { certificate, privateKey } = await createLinkCertificate(options.clock.unixMs());
  const [host, port] = splitAddress(options.listen);
  const https = createServer({ cert: certificate, key: privateKey });
  await new Promise<void>((resolve, reject) => {
    https.once('error', (cause) =>
      reject(
        new GlideTesterError(
          'GT_LINK_LISTEN',
          `expected to listen for pilots on ${options.listen}: ${messageOf(cause)}`,
          {
            hint: 'choose another coordinator.listen, or port 0 for any free one',
            cause,
          },
        ),
      ),
    );
    https.listen(port, host, resolve);
  });
  const sockets = new WebSocketServer({ server: https, maxPayload: LARGEST_FRAME_BYTES, perMessageDeflate: false });
  const room = createRowsRoom(options.clock, HEARTBEAT_EVERY_MS, options.roomBytes);
  let epoch = 0;
  // Strangers that never become a WebSocket would keep the server from closing.
  const opened = new Set<Socket>();
  https.on('connection', (socket: Socket) => {
    opened.add(socket);
    socket.once('close', () => opened.delete(socket));
  });
  sockets.on('connection', (socket) => {
    epoch += 1;
    receivePilot(socket, epoch, { ...options, room });
  });
  return {
    url: `wss://${host}:${(https.address() as AddressInfo).port}`,
    certificate,
    async close() {
      sockets.close();
      const closed = new Promise<void>((resolve) => https.close(() => resolve()));
      for (const socket of opened) socket.destroy();
      await closed;
    },
  };
}

function splitAddress(listen: string): [host: string, port: number] {
  const colon = listen.lastIndexOf(':');
  return [listen.slice(0, colon), Number(listen.slice(colon + 1))];
}

function receivePilot(
  socket: WebSocket,
  epoch: number,
  { clock, campaign, secret, listener, room }: GateOptions & { room: RowsRoom },
): void {
  const nonce = randomBytes(32).toString('hex');
  let connection: PilotConnection | null = null;
  let isRefused = false;
  let closeReason = 'the connection ended';
  const cancelHello = clock.after(HELLO_WITHIN_MS, () => refuse('no hello came'));
  const send = (message: CoordinatorMessage): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const refuse = (reason: string): void => {
    cancelHello();
    isRefused = true;
    closeReason = reason;
    if (connection === null) listener.refused(reason);
    socket.terminate();
  };
  const sender: RowsSender = {
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    paused() {
      // Its pings are not read either: without a pong it would take us for dead.
      if (socket.readyState === socket.OPEN) socket.pong();
      if (connection !== null) listener.heldBack(connection);
    },
  };
  const admit = (message: PilotMessage): void => {
    if (message.type !== 'hello') return refuse(`expected hello, got ${message.type}`);
    if (message.campaign !== campaign) return refuse('a pilot of another campaign dialled in');
    if (!isProofRight(message.proof, secret, nonce, message.pilot))
      return refuse(`pilot ${message.pilot} does not know the secret`);
    cancelHello();
    const { pilot, site, slots, host } = message;
    connection = { pilot, site, slots, host, epoch, send, close: () => socket.close() };
    send({ type: 'welcome', epoch, heartbeatEveryMs: HEARTBEAT_EVERY_MS });
    listener.joined(connection);
  };
  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (isRefused) return; // what came in one go with the reason for the refusal
    const receivedMs = clock.nowMs();
    try {
      if (isBinary) {
        if (connection === null) return refuse('rows came before hello');
        const bytes = asBytes(data);
        const frame = decodeRowsFrame(bytes);
        if (frame.header.campaign !== campaign) return refuse('rows of another campaign came');
        room.hold(sender, bytes.length, listener.sentRows(connection, frame));
        return;
      }
      const message = PilotMessageSchema.parse(JSON.parse(asBytes(data).toString()));
      if (connection === null) admit(message);
      else listener.said(connection, message, receivedMs);
    } catch (thrown) {
      refuse(`expected a message of protocol version ${PROTOCOL_VERSION}: ${messageOf(thrown)}`);
    }
  });
  socket.on('error', (error) => {
    closeReason = messageOf(error);
  });
  socket.on('close', () => {
    cancelHello();
    room.forget(sender);
    if (connection !== null) listener.gone(connection, closeReason);
    else if (!isRefused) listener.refused(`no hello came: ${closeReason}`);
  });
  send({ type: 'challenge', v: PROTOCOL_VERSION, nonce });
}

/** `ws` hands over a Buffer unless told otherwise. */
function asBytes(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
