/** Servers begin to listen, and are closed with all their connections. */

import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { GlideTesterError, messageOf } from '../foundation/error.ts';

export const LOOPBACK = '127.0.0.1';
/** As many connections as the kernel lets wait (it takes the smaller of this and somaxconn): clients arrive all together. */
const BACKLOG = 65_535;

export type Listener = {
  /** Not yet listening. */
  server: Server;
  /** Ends all connections. */
  close(): Promise<void>;
};

/** The service as it is: plain http. */
export function createPlainListener(service: HttpServer): Listener {
  return { server: service, close: () => closeServer(service) };
}

/** Resolves to the port. `port` 0: any free one. @throws GlideTesterError GT_FRONTEND_LISTEN */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen({ host, port, backlog: BACKLOG });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new GlideTesterError('GT_FRONTEND_LISTEN', `cannot listen on ${host}:${port}: ${messageOf(error)}`, {
      hint: 'Give a port that is free, or 0 for any.',
      cause: error,
    });
  }
  return (server.address() as AddressInfo).port;
}

/** At the address where it has listened before; tells by its events. */
export function listenAgain(server: Server, { address, port }: AddressInfo): void {
  server.listen({ host: address, port, backlog: BACKLOG });
}

export async function closeServer(server: HttpServer): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
