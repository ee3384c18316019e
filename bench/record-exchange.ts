/** The bytes of one operation, taken from the product itself: its request as it leaves, and the real frontend's answer to it. */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { machineClock } from '../foundation/clock.ts';
import { createConnectionCounts } from '../foundation/connection-counts.ts';
import { performOnce } from '../scenarios/perform-once.ts';
import { createAnswerMeter } from './peers/answer-length.ts';
import { lengthOfRequest } from './services/raw-requests.ts';
import { LOOPBACK } from './services/service-main.ts';

const TIMEOUT_MS = 10_000;

/** As it leaves for a service at `origin` (which is in its head, and in a SURL), unlabelled. It leaves for another one here. */
export async function recordRequest(spec: { kind: string }, origin: string, path: string): Promise<Buffer> {
  let request = Buffer.alloc(0);
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      request = Buffer.concat([request, chunk]);
      const length = lengthOfRequest(request);
      if (length !== null && request.length >= length) socket.destroy();
    });
  });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await performOnce(machineClock, spec, {
    target: {
      origin,
      security: null,
      path,
      addresses: [{ address: LOOPBACK, family: 4, port }],
      connection: { perOperation: false, close: 'fin' },
      timeoutsMs: { connect: TIMEOUT_MS, handshake: TIMEOUT_MS, answer: TIMEOUT_MS },
      userAgent: 'glidetester',
      transport: 'direct' as const,
    },
    labels: null,
    client: 0,
    credential: null,
    sourceAddresses: [],
    connections: createConnectionCounts(),
  });
  server.close();
  if (request.length === 0) throw new Error('expected a request to leave');
  return request;
}

/** The whole answer of a plain HTTP service, head and body; it is to have a Content-Length. */
export async function recordAnswer(url: string, request: Buffer): Promise<Buffer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const isWhole = createAnswerMeter();
  const chunks: Buffer[] = [];
  socket.write(request);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    if (isWhole(chunk)) break;
  }
  socket.destroy();
  return Buffer.concat(chunks);
}
