/** Connections come in, wait and end in all ways that there are. */

import { once } from 'node:events';
import { type Socket, connect, createServer } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { array, assert, asyncProperty, constantFrom } from 'fast-check';
import { createConnectionThreads } from '../../../frontend/container/connection-threads.ts';
import { createContainerCounts } from '../../../frontend/container/container-counts.ts';
import { createDoor } from '../../../frontend/container/door.ts';
import { createPermitPool } from '../../../frontend/container/permit-pool.ts';
import { listen } from '../../../frontend/listening.ts';
import type { Frontend, FrontendOptions } from '../../../frontend/main.ts';
import { testCertificates } from '../../support/certificates.ts';
import { eventually } from '../../support/eventually.ts';
import { awaitClose, connectSecure, readMetric, sendPieces } from '../secure-client.ts';
import {
  type World,
  awaitState,
  outcomesOf,
  startClient,
  startClients,
  startWorld,
  turnedAway,
} from './container-world.ts';

const ONE_THREAD = { container: 'bestman2', maxContainerThreads: 1 } as const;

async function connectTo({ url }: Pick<Frontend, 'url'>): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket.on('error', () => {}); // being reset is one way to end
}

function startOneThread(t: ExecutionContext, options: Partial<FrontendOptions> = {}): Promise<World> {
  return startWorld(t, { ...ONE_THREAD, ...options });
}

/** Holds the only thread, ends, and the next is served. */
async function givesBack(
  t: ExecutionContext,
  end: (frontend: Frontend) => Promise<unknown>,
  options?: Partial<FrontendOptions>,
): Promise<void> {
  const { frontend, mapping } = await startOneThread(t, options);
  mapping.answerAll();
  await end(frontend);
  await awaitState(frontend, {});
  t.is(await (await startClient(frontend.url)).outcome, 'ok');
  await awaitState(frontend, {});
}

test(
  'a connection that ends before it has said anything gives its thread back',
  givesBack,
  async (frontend: Frontend) => {
    const socket = await connectTo(frontend);
    await awaitState(frontend, { held: 1 });
    socket.end();
    await awaitClose(socket);
  },
);
test('one that is reset gives its thread back', givesBack, async (frontend: Frontend) => {
  const socket = await connectTo(frontend);
  await awaitState(frontend, { held: 1 });
  socket.resetAndDestroy();
});
test('one that speaks no TLS gives its thread back', givesBack, async (frontend: Frontend) => {
  const socket = await connectTo(frontend);
  socket.write('GET / HTTP/1.1\r\n\r\n');
  await awaitClose(socket);
});
test('one that breaks off its handshake gives its thread back', givesBack, async (frontend: Frontend) => {
  const socket = await connectTo(frontend);
  socket.write(Buffer.from([0x16, 3, 1, 2, 0]));
  await awaitState(frontend, { held: 1 });
  socket.resetAndDestroy();
});
// A real limit of time: nothing else in this process may take of it.
test.serial(
  'one that takes too long to shake hands gives its thread back',
  givesBack,
  async (frontend: Frontend) => awaitClose(await connectTo(frontend)),
  // What comes after it must get through its handshake.
  { handshakeWithinMs: 2000 },
);
test('one that shows no certificate gives its thread back', givesBack, async (frontend: Frontend) =>
  sendPieces(await connectSecure(frontend.url, null), []),
);
test('one that wants to delegate gives its thread back', givesBack, async (frontend: Frontend) =>
  sendPieces(await connectSecure(frontend.url, (await testCertificates()).user), ['D']),
);
test('one that speaks no HTTP gives its thread back', givesBack, async (frontend: Frontend) =>
  sendPieces(await connectSecure(frontend.url, (await testCertificates()).user), ['0?']),
);
test('one that is given an HTTP error gives its thread back', givesBack, async (frontend: Frontend) =>
  sendPieces(await connectSecure(frontend.url, (await testCertificates()).user), [
    '0GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  ]),
);
test('one that leaves in the middle of its request gives its thread back', givesBack, async (frontend: Frontend) => {
  const socket = await connectSecure(frontend.url, (await testCertificates()).user);
  socket.write('0POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n<');
  await awaitState(frontend, { held: 1 });
  socket.destroy();
});
test('one that stays without asking keeps its thread', async (t) => {
  const { frontend, mapping } = await startOneThread(t);
  mapping.answerAll();
  const idle = await connectSecure(frontend.url, (await testCertificates()).user);
  const client = await startClient(frontend.url);
  await awaitState(frontend, { held: 1, waiting: 1 });
  idle.destroy();
  t.is(await client.outcome, 'ok');
});

test('one that leaves while it works keeps its thread until its work is done', async (t) => {
  const { frontend, mapping } = await startOneThread(t);
  const client = await startClient(frontend.url);
  await eventually('a question', () => (mapping.waiting() === 1 ? true : undefined));
  await client.leave();
  const next = await startClient(frontend.url);
  await awaitState(frontend, { held: 1, waiting: 1 });
  await mapping.answerNext();
  await eventually('the second question', () => (mapping.waiting() === 1 ? true : undefined));
  t.is(frontend.counts.waiting, 1);
  await mapping.answerNext();
  await awaitState(frontend, { held: 1 });
  mapping.answerAll();
  t.is(await next.outcome, 'ok');
});

test('one that leaves while it waits keeps its place, and is found to have left when its turn comes', async (t) => {
  const { frontend, mapping } = await startOneThread(t);
  const first = await startClient(frontend.url);
  await awaitState(frontend, { held: 1 });
  const [left, ended] = [await connectTo(frontend), await connectTo(frontend)];
  await awaitState(frontend, { held: 1, waiting: 2 });
  left.resetAndDestroy();
  ended.end();
  const last = await startClient(frontend.url);
  await awaitState(frontend, { held: 1, waiting: 3 });
  mapping.answerAll();
  t.deepEqual(await outcomesOf([first, last]), ['ok', 'ok']);
  await awaitState(frontend, {});
});

// As above.
test.serial('how long a handshake may take counts from the thread', async (t) => {
  const { frontend, mapping } = await startOneThread(t, { handshakeWithinMs: 2000 });
  const first = await startClient(frontend.url);
  await awaitState(frontend, { held: 1 });
  const waiting = await startClient(frontend.url);
  await awaitState(frontend, { held: 1, waiting: 1 });
  // This one's handshake is cut by the same limit: so long has the one in the queue waited at least.
  const witness = await startOneThread(t, { handshakeWithinMs: 2000 });
  await awaitClose(await connectTo(witness.frontend));
  mapping.answerAll();
  t.deepEqual(await outcomesOf([first, waiting]), ['ok', 'ok']);
  t.is(await readMetric(frontend.metricsUrl, 'handshakes_failed_total'), 0);
});

test('a queue without limit takes everybody', async (t) => {
  const { frontend, mapping } = await startOneThread(t);
  const clients = await startClients(frontend.url, 60);
  await awaitState(frontend, { held: 1, waiting: 59 });
  mapping.answerAll();
  t.true((await outcomesOf(clients)).every((outcome) => outcome === 'ok'));
  t.deepEqual(turnedAway(frontend), { queue: 0, heap: 0, descriptors: 0 });
});

test('who finds the queue full is reset', async (t) => {
  const { frontend, mapping } = await startOneThread(t, { connectorQueueSize: 2 });
  const clients = await startClients(frontend.url, 3);
  await awaitState(frontend, { held: 1, waiting: 2 });
  const further = await startClients(frontend.url, 5);
  t.deepEqual(
    await outcomesOf(further),
    further.map(() => 'ECONNRESET'),
  );
  t.deepEqual(turnedAway(frontend), { queue: 5, heap: 0, descriptors: 0 });
  mapping.answerAll();
  t.deepEqual(await outcomesOf(clients), ['ok', 'ok', 'ok']);
  t.is(await (await startClient(frontend.url)).outcome, 'ok');
});

test('with a door that shuts, who comes after the queue was full is refused until it is empty', async (t) => {
  const { frontend, mapping } = await startOneThread(t, { connectorQueueSize: 2, whenQueueFull: 'refuse' });
  for (let round = 1; round <= 3; round += 1) {
    const clients = await startClients(frontend.url, 3);
    await awaitState(frontend, { held: 1, waiting: 2 });
    t.is(await (await startClient(frontend.url)).outcome, 'ECONNRESET');
    t.deepEqual(
      await outcomesOf(await startClients(frontend.url, 3)),
      Array.from({ length: 3 }, () => 'ECONNREFUSED'),
    );
    t.is(frontend.counts.refusedByQueue, round);
    // One has gone, one still waits: the door stays shut.
    await mapping.answerNext();
    await mapping.answerNext();
    t.is(await (clients[0] as (typeof clients)[0]).outcome, 'ok');
    await awaitState(frontend, { held: 1, waiting: 1 });
    t.is(await (await startClient(frontend.url)).outcome, 'ECONNREFUSED');
    for (let answered = 0; answered < 4; answered += 1) await mapping.answerNext();
    t.deepEqual(await outcomesOf(clients), ['ok', 'ok', 'ok']);
    await awaitState(frontend, {});
  }
});

test('it stops at once with its door shut', async (t) => {
  const { frontend } = await startOneThread(t, { connectorQueueSize: 1, whenQueueFull: 'refuse' });
  const clients = await startClients(frontend.url, 3);
  await eventually('a full queue', () => (frontend.counts.refusedByQueue === 1 ? true : undefined));
  await frontend.stop();
  t.false((await outcomesOf(clients)).includes('ok'));
  t.is(await (await startClient(frontend.url)).outcome, 'ECONNREFUSED');
});

test('each connection takes its part of the heap, waiting or served, until its thread is given back', async (t) => {
  const { frontend, mapping } = await startOneThread(t, { maxJavaHeapBytes: 5_000_000 });
  const clients = await startClients(frontend.url, 2);
  await awaitState(frontend, { held: 1, waiting: 1 });
  t.is(await (await startClient(frontend.url)).outcome, 'ECONNRESET');
  t.deepEqual(turnedAway(frontend), { queue: 0, heap: 1, descriptors: 0 });
  mapping.answerAll();
  t.deepEqual(await outcomesOf(clients), ['ok', 'ok']);
  await awaitState(frontend, {});
  t.deepEqual(await outcomesOf(await startClients(frontend.url, 2)), ['ok', 'ok']);
});

type Leaving = (frontend: Frontend) => Promise<unknown>;

const LEAVINGS: Record<string, Leaving> = {
  served: async ({ url }) => (await startClient(url)).outcome,
  left: async ({ url }) => (await startClient(url)).leave(),
  ended: async (frontend) => awaitClose((await connectTo(frontend)).end()),
  reset: async (frontend) => (await connectTo(frontend)).resetAndDestroy(),
  garbage: async (frontend) => awaitClose((await connectTo(frontend)).end('garbage')),
  stranger: async ({ url }) => sendPieces(await connectSecure(url, null), []),
};

test('whoever comes and goes in whatever way, no thread and no place in the heap is lost', async (t) => {
  const { frontend, mapping } = await startWorld(t, {
    ...ONE_THREAD,
    maxContainerThreads: 3,
    maxJavaHeapBytes: 100_000_000,
  });
  mapping.answerAll();
  await assert(
    asyncProperty(array(constantFrom(...Object.keys(LEAVINGS)), { minLength: 10, maxLength: 40 }), async (names) => {
      await Promise.all(names.map((name) => (LEAVINGS[name] as Leaving)(frontend)));
      await awaitState(frontend, {});
    }),
    { numRuns: 10 },
  );
  t.deepEqual(turnedAway(frontend), { queue: 0, heap: 0, descriptors: 0 });
  // 40 connections are what the heap has room for.
  t.true((await outcomesOf(await startClients(frontend.url, 40))).every((outcome) => outcome === 'ok'));
});

test('a door that cannot be opened again, for somebody else has its port, is tried again when the next connection has ended', async (t) => {
  const counts = createContainerCounts(1);
  const pool = createPermitPool(1);
  const threads = createConnectionThreads();
  const options = { queueSize: 1, whenQueueFull: 'refuse', heapBytes: Infinity } as const;
  const served: Socket[] = [];
  const door = createDoor({ options, pool, threads, counts }, (raw) => void served.push(raw));
  let failures = 0;
  door.server.on('error', () => (failures += 1));
  const port = await listen(door.server, '127.0.0.1', 0);
  t.teardown(() => door.close());
  const here = { url: `http://127.0.0.1:${port}` };
  const clients = [await connectTo(here), await connectTo(here)];
  await eventually('one waits', () => (counts.waiting === 1 ? true : undefined));
  await awaitClose(connect(port, '127.0.0.1'));
  t.is(counts.refusedByQueue, 1);

  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  served[0]?.destroy();
  await eventually('a failure', () => (failures > 0 ? true : undefined));
  other.close();
  await once(other, 'close');
  served[1]?.destroy();
  await eventually('the door is open', () => (door.server.listening ? true : undefined));
  await connectTo(here);
  await eventually('it serves', () => (served.length === 3 ? true : undefined));
  for (const client of clients) client.destroy();
});
