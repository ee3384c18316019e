/**
 * A peer that opens connections, asks once on each and waits: how much memory does a waiting client take?
 * Prints a line when it is up and a second one when all have asked; begins when told `go`, ends when its input does.
 */

import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { type SecureContext, connect as connectTls } from 'node:tls';
import { Client } from 'undici';
import type { HoldWish } from './hold-wish.ts';
import { readRequest } from './peer-main.ts';
import { createContexts } from './tls-contexts.ts';

const OPENED_AT_ONCE = 64;
/** Below those that the system gives out to connections by itself. */
const FIRST_PORT = 12_000;

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
const held: Held[] = [];
let opened = 0;
await Promise.all(Array.from({ length: OPENED_AT_ONCE }, openNext));
for (const { ask } of held) ask();
tell();

/** One after the other, so that what opening leaves behind for the garbage collector is no part of what is measured. */
async function openNext(): Promise<void> {
  while (opened < wish.connections) {
    const client = opened;
    opened += 1;
    held.push(await openers[wish.kind](client));
  }
}

function tell(): void {
  process.stdout.write(`${JSON.stringify({ failed })}\n`);
}

/** Ports given by number: the system would give out none that rests after a connection from an address that was given. */
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
