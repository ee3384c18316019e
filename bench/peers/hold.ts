/**
 * A peer that opens connections, asks once on each and waits: how much memory does a waiting client take?
 * Prints a line when it is up and a second one when all have asked; begins when told `go`, ends when its input does.
 */

import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { type SecureContext, connect as connectTls } from 'node:tls';
import pLimit from 'p-limit';
import { Client } from 'undici';
import type { HoldWish } from './hold-wish.ts';
import { readRequest } from './peer-main.ts';
import { createContexts } from './tls-contexts.ts';

const OPENED_AT_ONCE = 64;
/** Of those that the system gives out to connections. */
const FIRST_PORT = 32_768;

const wish = JSON.parse(process.argv[2] ?? '{}') as HoldWish;
const { hostname, port, origin, pathname } = new URL(wish.url);
const request = readRequest(wish);
const contexts = wish.tls === null ? [] : createContexts(wish.tls);
/** Each opens a connection and resolves when it stands; its `ask` sends the request and waits for its answer. */
const openers = { net: openNet, undici: openUndici, tls: openTls };
type Held = { ask(): void };

let failed = 0;
const input = createInterface(process.stdin);
input.once('close', () => process.exit());
tell();
await once(input, 'line');
const limit = pLimit(OPENED_AT_ONCE);
const held = await Promise.all(
  Array.from({ length: wish.connections }, (_, client) => limit(() => openers[wish.kind](client))),
);
for (const { ask } of held) ask();
tell();

function tell(): void {
  process.stdout.write(`${JSON.stringify({ failed })}\n`);
}

/** Ports given by number: the system would not reuse those that rest after connections of others. */
function sourceOf(client: number): { localAddress?: string; localPort?: number } {
  return wish.sourceAddress === null ? {} : { localAddress: wish.sourceAddress, localPort: FIRST_PORT + client };
}

async function openNet(client: number): Promise<Held> {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true, ...sourceOf(client) });
  socket.on('error', () => (failed += 1));
  socket.on('data', () => {});
  await once(socket, 'connect');
  return { ask: () => socket.write(request) };
}

async function openTls(client: number): Promise<Held> {
  const secureContext = contexts[client % contexts.length] as SecureContext;
  const socket = connectTls({ host: '127.0.0.1', port: Number(port), servername: hostname, secureContext });
  socket.setNoDelay(true);
  socket.on('error', () => (failed += 1));
  socket.on('data', () => {});
  await once(socket, 'secureConnect');
  await new Promise<void>((resolve) => void socket.write('0', () => resolve()));
  return { ask: () => socket.write(request) };
}

async function openUndici(client: number): Promise<Held> {
  const { localAddress = null, localPort } = sourceOf(client);
  const connection = new Client(origin, {
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    ...(localAddress === null ? {} : { localAddress, connect: { localPort } }),
  });
  const connected = new Promise<void>((resolve) => {
    connection.once('connect', () => resolve());
    connection.once('connectionError', () => resolve());
  });
  const ask = (): void =>
    void connection.dispatch(
      { method: 'GET', path: pathname },
      {
        onRequestStart() {},
        onResponseStart() {},
        onResponseData() {},
        onResponseEnd() {},
        onResponseError: () => void (failed += 1),
      },
    );
  // undici connects when there is something to ask.
  ask();
  await connected;
  return { ask: () => {} };
}
