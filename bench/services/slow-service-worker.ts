/** One process of the slow service. */

import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { readServerCertificates } from '../../frontend/connection/server-certificates.ts';
import { monotonicNowMs } from '../../foundation/clock.ts';
import { createRequestCutter } from './raw-requests.ts';
import { LOOPBACK, readOptions } from './service-main.ts';
import type { SlowServiceOptions, SlowWorkerOrder, SlowWorkerReport } from './slow-service-types.ts';

const BACKLOG = 4096;
const REPORT_EVERY_MS = 200;

const { answer, certificates, port } = readOptions() as SlowServiceOptions & { port: number };
const answerBytes = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: ${answer.contentType}\r\nContent-Length: ${Buffer.byteLength(answer.body)}\r\n\r\n${answer.body}`,
);
let delayMs = 0;
let answered = 0;
let abandoned = 0;
let arrivedMs: number[] = [];
let endedMs: number[] = [];

const server =
  certificates === null ? createServer((socket) => serve(socket, false)) : await createSlowSecureServer(certificates);
server.listen({ host: LOOPBACK, port, reusePort: true, backlog: BACKLOG });
await once(server, 'listening');
process.on('message', (order: SlowWorkerOrder) => {
  if (order.type === 'delay') delayMs = order.delayMs;
  else report();
});
process.once('disconnect', () => process.exit());
process.send?.({ port: (server.address() as AddressInfo).port });
setInterval(report, REPORT_EVERY_MS);

function serve(socket: Socket, isGsi: boolean): void {
  let underWay: NodeJS.Timeout | null = null;
  let hasOpened = !isGsi;
  const cut = createRequestCutter(() => {
    arrivedMs.push(monotonicNowMs());
    underWay = setTimeout(() => {
      underWay = null;
      answered += 1;
      endedMs.push(monotonicNowMs());
      socket.write(answerBytes);
    }, delayMs);
  });
  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    // The byte of GSI comes first, in a record of its own.
    if (hasOpened) cut(chunk);
    else if (chunk.length > 1) cut(chunk.subarray(1));
    hasOpened = true;
  });
  socket.on('error', () => {}); // clients may leave as they like
  socket.on('close', () => {
    if (underWay === null) return;
    clearTimeout(underWay);
    abandoned += 1;
    endedMs.push(monotonicNowMs());
  });
}

async function createSlowSecureServer(folder: string): Promise<Server> {
  const { host, trusted } = await readServerCertificates(folder);
  return createSecureServer(
    {
      cert: host.certificateChain,
      key: host.privateKey,
      ca: trusted.pems,
      requestCert: true,
      // OpenSSL alone judges: the bench shows user certificates, no proxies.
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
    },
    (socket) => serve(socket, true),
  );
}

/** An empty report moves the instant on up to which everything is known. */
function report(): void {
  const said: SlowWorkerReport = { report: { upToMs: monotonicNowMs(), arrivedMs, endedMs }, answered, abandoned };
  arrivedMs = [];
  endedMs = [];
  // The service may be ending.
  process.send?.(said, undefined, {}, () => {});
}
