import { once } from 'node:events';
import { type AddressInfo, type Server, Socket, connect, createServer } from 'node:net';
import { setImmediate } from 'node:timers';
import test, { type ExecutionContext } from 'ava';
import { MOST_UNDER_WAY_BYTES, layCable } from '../../../coordinator/relay/cable.ts';
import { createDelayQueue } from '../../../foundation/delay-queue.ts';
import { monotonicNowMs } from '../../../foundation/clock.ts';
import { eventually } from '../../support/eventually.ts';

/** As much as one read brings. */
const CHUNK_BYTES = 64 * 1024;

async function listen(t: ExecutionContext): Promise<{ server: Server; port: number }> {
  const server = createServer({ allowHalfOpen: true });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { server, port: (server.address() as AddressInfo).port };
}

/** The four ends of one connection through a cable without length: client, near, far, service. */
async function layOne(t: ExecutionContext) {
  const service = await listen(t);
  const door = await listen(t);
  const queue = createDelayQueue({
    delayMs: 0,
    nowMs: monotonicNowMs,
    alarm: (_dueMs, wake) => void setImmediate(wake),
  });
  const client = connect({ host: '127.0.0.1', port: door.port, allowHalfOpen: true });
  const [near] = (await once(door.server, 'connection')) as [Socket];
  const far = new Socket({ allowHalfOpen: true });
  layCable(near, far, queue, () => far.connect({ host: '127.0.0.1', port: service.port }));
  const [served] = (await once(service.server, 'connection')) as [Socket];
  t.teardown(() => {
    for (const socket of [client, near, far, served]) socket.destroy();
  });
  return { client, near, far, served };
}

for (const direction of ['to the service', 'to the client'] as const) {
  test(`a peer that does not read stops the other one, and loses nothing: ${direction}`, async (t) => {
    const { client, near, far, served } = await layOne(t);
    const [writer, from, to, reader] =
      direction === 'to the service' ? [client, near, far, served] : [served, far, near, client];
    // Far more than the relay and all the kernel's buffers on the way may hold.
    const sent = Buffer.alloc(16 * MOST_UNDER_WAY_BYTES);
    for (let at = 0; at < sent.length; at += 4) sent.writeUInt32LE(at, at);
    let mostUnderWayBytes = 0;
    from.on('data', () => {
      const underWayBytes = from.bytesRead - (to.bytesWritten - to.writableLength);
      mostUnderWayBytes = Math.max(mostUnderWayBytes, underWayBytes);
    });
    writer.end(sent);
    await eventually('no more is read', () => from.isPaused() || undefined);
    t.true(writer.writableLength > 0);
    const received: Buffer[] = [];
    reader.on('data', (chunk: Buffer) => received.push(chunk));
    await once(reader, 'end');
    t.true(Buffer.concat(received).equals(sent));
    t.true(mostUnderWayBytes >= MOST_UNDER_WAY_BYTES);
    t.true(mostUnderWayBytes <= MOST_UNDER_WAY_BYTES + CHUNK_BYTES, `${mostUnderWayBytes}`);
  });
}

test('a reset while the other end does not read is not lost', async (t) => {
  const { client, near, served } = await layOne(t);
  client.on('error', () => {});
  client.write(Buffer.alloc(16 * MOST_UNDER_WAY_BYTES));
  await eventually('no more is read', () => near.isPaused() || undefined);
  client.resetAndDestroy();
  const errors: NodeJS.ErrnoException[] = [];
  served.on('error', (error) => errors.push(error));
  served.resume();
  await once(served, 'close').catch(() => {});
  await eventually('the service hears of it', () => errors[0]);
  t.is(errors[0]?.code, 'ECONNRESET');
});
