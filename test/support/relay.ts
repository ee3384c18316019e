/** A TCP relay that takes its time, more one way than the other: real sockets, so that a link through it is a real one. */

import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import type { ExecutionContext } from 'ava';

export type RelayOptions = {
  /** Port on 127.0.0.1 that is relayed to. */
  toPort: number;
  /** From who dials in to `toPort`. */
  thereMs: number;
  backMs: number;
};

/** The port on 127.0.0.1 that it listens on; it ends with the test. */
export async function startRelay(t: ExecutionContext, { toPort, thereMs, backMs }: RelayOptions): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = connect({ host: '127.0.0.1', port: toPort, allowHalfOpen: true, noDelay: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    relay(near, far, thereMs);
    relay(far, near, backMs);
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  t.teardown(async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  return (server.address() as AddressInfo).port;
}

/** Timers of one length go off in the order in which they were set, so bytes keep theirs. */
function relay(from: Socket, to: Socket, delayMs: number): void {
  from.on('data', (chunk: Buffer) => setTimeout(() => to.writable && to.write(chunk), delayMs));
  from.once('end', () => setTimeout(() => to.end(), delayMs));
  from.once('error', () => to.destroy());
  from.once('close', () => setTimeout(() => to.destroy(), delayMs));
}
