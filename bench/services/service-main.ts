/** What the main files of the bench's services share: options from the command line, the first line, the end with the input. */

import { type RequestListener, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

export const LOOPBACK = '127.0.0.1';

/** Whoever starts it has the type. */
export function readOptions(): unknown {
  return JSON.parse(process.argv[2] ?? '{}');
}

/** Tells where the service is, and ends the process when its standard input ends. */
export function tellListening(listening: object): void {
  process.stdout.write(`${JSON.stringify(listening)}\n`);
  process.stdin.resume().once('end', () => process.exit());
}

/** A second port on which the service is asked what it has counted and told what to do; returns its URL. */
export async function listenForControl(control: RequestListener): Promise<string> {
  const server = createServer(control).listen(0, LOOPBACK);
  // Who asks now and then keeps its connection: it is not to be closed while the next question is on its way.
  server.keepAliveTimeout = 0;
  await once(server, 'listening');
  return `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`;
}
