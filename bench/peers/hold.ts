/**
 * A peer that opens connections, asks once on each and waits: how much memory does a waiting client take?
 * Prints a line when it is up and a second one when all have asked; begins when told `go`, ends when its input does.
 */

import { once } from 'node:events';
import { type TcpNetConnectOpts, connect } from 'node:net';
import { createInterface } from 'node:readline';
import { type ConnectionOptions, type SecureContext, connect as connectTls } from 'node:tls';
import pLimit from 'p-limit';
import { Client } from 'undici';
import { type PeerWish, readRequest, readWish } from './peer-main.ts';
import { createContexts } from './tls-contexts.ts';

export type HoldWish = PeerWish & {
  kind: 'net' | 'undici' | 'tls';
  /** The connections come from this address. */
  sourceAddress: string;
};

const OPENED_AT_ONCE = 64;

const wish = readWish() as HoldWish;
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

async function openNet(): Promise<Held> {
  const socket = connect({ host: hostname, port: Number(port), localAddress: wish.sourceAddress, noDelay: true });
  socket.on('error', () => (failed += 1));
  socket.on('data', () => {});
  await once(socket, 'connect');
  return { ask: () => socket.write(request) };
}

async function openTls(client: number): Promise<Held> {
  const secureContext = contexts[client % contexts.length] as SecureContext;
  // What `tls.connect` does not use itself it hands on to `net.connect`; the types don't say so.
  const options: ConnectionOptions & Pick<TcpNetConnectOpts, 'localAddress'> = {
    host: '127.0.0.1',
    port: Number(port),
    localAddress: wish.sourceAddress,
    servername: hostname,
    secureContext,
  };
  const socket = connectTls(options);
  socket.setNoDelay(true);
  socket.on('error', () => (failed += 1));
  socket.on('data', () => {});
  await once(socket, 'secureConnect');
  await new Promise<void>((resolve) => void socket.write('0', () => resolve()));
  return { ask: () => socket.write(request) };
}

async function openUndici(): Promise<Held> {
  const client = new Client(origin, {
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { localAddress: wish.sourceAddress },
  });
  const connected = once(client, 'connect');
  const ask = (): void =>
    void client.dispatch(
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
