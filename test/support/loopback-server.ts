/** A real HTTP service on the loopback that does what a test tells it, down to the single byte. */

import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { type TlsOptions, createServer as createSecureServer } from 'node:tls';
import type { ExecutionContext } from 'ava';
import type { ResolvedTarget } from '../../scenarios/scenario.ts';

/**
 * A loopback port where nobody listens (tcpmux, 1). The port of a server that was closed won't do: the system gives it to the
 * next one that asks for any, which may be another test's.
 */
export const PORT_OF_NOBODY = 1;

export type ReceivedRequest = {
  /** Number of the connection that it came on, from 0. */
  connection: number;
  /** First line. */
  line: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
};

/** What the server does with a request that has come whole. */
export type Behaviour = (socket: Socket, request: ReceivedRequest) => void;

export type LoopbackServer = {
  port: number;
  /** In order of arrival. */
  requests: ReceivedRequest[];
  /** All connections ever accepted, by number. */
  connections: Socket[];
  /** From the next request on. */
  behave(behaviour: Behaviour): void;
  /** Resolves when so many requests have come in all. */
  received(requests: number): Promise<void>;
  /** Resolves when so many connections have come in all. */
  accepted(connections: number): Promise<void>;
  /** Ends listening and all connections, at the latest with the test. */
  stop(): Promise<void>;
};

/** More than the clients of any test that come all together. */
const BACKLOG = 2048;

/**
 * @param host an address of the loopback
 * @param security the server's certificate and key: it speaks TLS
 */
export async function startLoopbackServer(
  t: ExecutionContext,
  first: Behaviour,
  { host = '127.0.0.1', security = null }: { host?: string; security?: TlsOptions | null } = {},
): Promise<LoopbackServer> {
  let behaviour = first;
  const requests: ReceivedRequest[] = [];
  const connections: Socket[] = [];
  const accept = (socket: Socket): void => {
    const connection = connections.push(socket) - 1;
    socket.on('error', () => {}); // clients may leave as they like
    readRequests(socket, (head) => {
      const request = { connection, ...head };
      requests.push(request);
      behaviour(socket, request);
      server.emit('request');
    });
    server.emit('accepted');
  };
  const server: Server =
    security === null
      ? createServer({ noDelay: true }, accept)
      : createSecureServer({ noDelay: true, ...security }, accept);
  server.listen({ host, port: 0, backlog: BACKLOG });
  await once(server, 'listening');
  const until = async (event: string, isMet: () => boolean): Promise<void> => {
    while (!isMet()) await once(server, event);
  };
  const stop = async (): Promise<void> => {
    for (const socket of connections) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  t.teardown(stop);
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    connections,
    behave(next) {
      behaviour = next;
    },
    received: (count) => until('request', () => requests.length >= count),
    accepted: (count) => until('accepted', () => connections.length >= count),
    stop,
  };
}

/** What a test says of a target, its connections as far as they matter. */
export type TargetChanges = Partial<Omit<ResolvedTarget, 'connection'>> & {
  connection?: Partial<ResolvedTarget['connection']>;
};

/** The target that a client needs to reach a port of the loopback; kept connections unless told otherwise. */
export function loopbackTarget(port: number, { connection, ...overrides }: TargetChanges = {}): ResolvedTarget {
  return {
    origin: `http://127.0.0.1:${port}`,
    security: null,
    path: '/srm/v2/server',
    addresses: [{ address: '127.0.0.1', family: 4, port }],
    connection: { perOperation: false, close: 'fin', ...connection },
    transport: 'direct',
    timeoutsMs: { connect: 20_000, handshake: 20_000, answer: 20_000 },
    userAgent: 'glidetester/test',
    ...overrides,
  };
}

/** Splits what comes in into requests with a content-length (or none). */
function readRequests(socket: Socket, received: (request: Omit<ReceivedRequest, 'connection'>) => void): void {
  let bytes = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (;;) {
      const headEnd = bytes.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const [line = '', ...fields] = bytes.subarray(0, headEnd).toString().split('\r\n');
      const headers = Object.fromEntries(fields.map(splitField));
      const bodyEnd = headEnd + 4 + Number(headers['content-length'] ?? 0);
      if (bytes.length < bodyEnd) return;
      const body = bytes.subarray(headEnd + 4, bodyEnd).toString();
      bytes = bytes.subarray(bodyEnd);
      received({ line, headers, body });
    }
  });
}

function splitField(field: string): [name: string, value: string] {
  const colon = field.indexOf(':');
  return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
}

export type AnswerHead = { status?: number; fields?: Record<string, string> };

/** The bytes of an answer with a content-length. */
export function answerBytes(body: string, { status = 200, fields = {} }: AnswerHead = {}): Buffer {
  return Buffer.from(writeHead(status, { 'Content-Length': String(Buffer.byteLength(body)), ...fields }) + body);
}

function writeHead(status: number, fields: Record<string, string>): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} As asked\r\n${lines.join('')}\r\n`;
}

export const answer =
  (body: string, head?: AnswerHead): Behaviour =>
  (socket) =>
    socket.write(answerBytes(body, head));

/** A whole answer, after which the server ends the connection without having said so. */
export const answerAndClose =
  (body: string): Behaviour =>
  (socket) =>
    socket.end(answerBytes(body));

export const answerChunked =
  (...chunks: string[]): Behaviour =>
  (socket) => {
    socket.write(writeHead(200, { 'Transfer-Encoding': 'chunked' }));
    for (const chunk of [...chunks, '']) {
      socket.write(`${Buffer.byteLength(chunk).toString(16)}\r\n${chunk}\r\n`);
    }
  };

/** No length: the answer ends with the connection. */
export const answerUntilClose =
  (body: string): Behaviour =>
  (socket) =>
    socket.end(writeHead(200, { Connection: 'close' }) + body);

/** The first so many bytes of an answer, and then the next step. */
export const answerPart =
  (body: string, bytes: number, next: Behaviour): Behaviour =>
  (socket, request) =>
    socket.write(answerBytes(body).subarray(0, bytes), () => next(socket, request));

export const say =
  (bytes: string | Buffer): Behaviour =>
  (socket) =>
    socket.write(bytes);

export const hang: Behaviour = () => {};

export const close: Behaviour = (socket) => socket.end();

export const reset: Behaviour = (socket) => socket.resetAndDestroy();
