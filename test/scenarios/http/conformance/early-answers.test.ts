/** Servers that answer, or leave, before they have read a request that is larger than what the system holds for them. */

import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import type { ExecutionContext } from 'ava';
import type { ResolvedTarget } from '../../../../scenarios/scenario.ts';
import { answerBytes } from '../../../support/loopback-server.ts';
import { perform } from '../perform.ts';
import { type Transport, testTransports } from '../transports.ts';
import { type ConnectionKind, createClient } from './observe.ts';
import { end, reset, untilRead } from './raw-answer.ts';

/** More than Linux keeps for both ends of a connection (tcp_wmem, and what a receiver has before it begins to read). */
const BODY = Buffer.alloc(16 * 1024 * 1024, 'x');
const HEAD_END = '\r\n\r\n';
const EARLY = answerBytes('early');
const shortAnswer = { timeoutsMs: { connect: 20_000, handshake: 20_000, answer: 200 } };

type ReluctantServer = {
  port: number;
  /** Number of the connection of each request whose head has come, and of each that has come whole. */
  begun: number[];
  whole: number[];
  /** What it does once the head of a request has come: it has stopped reading. */
  behave(behaviour: (socket: Socket) => unknown): void;
};

/** Stops reading at each head. */
async function startReluctantServer(t: ExecutionContext): Promise<ReluctantServer> {
  let behaviour: (socket: Socket) => unknown = answerAndRead;
  const begun: number[] = [];
  const whole: number[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const connection = sockets.push(socket) - 1;
    let head = '';
    let leftBytes = 0;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      const bodyBytes = Math.min(leftBytes, chunk.length);
      leftBytes -= bodyBytes;
      if (bodyBytes > 0 && leftBytes === 0) whole.push(connection);
      head += chunk.toString('latin1', bodyBytes);
      const headEnd = head.indexOf(HEAD_END);
      if (headEnd < 0) return;
      leftBytes = BODY.length - (head.length - headEnd - HEAD_END.length);
      head = '';
      begun.push(connection);
      socket.pause();
      behaviour(socket);
    });
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    begun,
    whole,
    behave(next) {
      behaviour = next;
    },
  };
}

function createSender(
  port: number,
  transport: Transport,
  connection: ConnectionKind,
  target?: Partial<ResolvedTarget>,
) {
  return createClient(port, { transport, connection, body: BODY, ...(target === undefined ? {} : { target }) });
}

for (const connection of ['new', 'perOperation'] as const) {
  testTransports(`an early answer counts, and the request goes on behind it (${connection})`, async (t, transport) => {
    const server = await startReluctantServer(t);
    const { client, reader } = createSender(server.port, transport, connection);
    server.behave(async (socket) => {
      socket.write(EARLY);
      await untilRead(socket);
      server.behave(answerAndRead);
      socket.resume();
    });
    const exchange = await perform(client);
    t.is(exchange.outcome, 'ok');
    t.is(reader.body, 'early');
    t.deepEqual(server.whole, []);
    t.is((await perform(client)).outcome, 'ok');
    const isKept = connection !== 'perOperation';
    t.deepEqual(server.begun, isKept ? [0, 0] : [0, 1]);
    t.deepEqual(server.whole.slice(0, 1), isKept ? [0] : []);
    client.close();
  });

  testTransports(`an early answer counts, and the server leaves (${connection})`, async (t, transport) => {
    for (const leave of [end, reset]) {
      const server = await startReluctantServer(t);
      const { client } = createSender(server.port, transport, connection);
      const { promise: left, resolve } = Promise.withResolvers<void>();
      server.behave(async (socket) => {
        server.behave(answerAndRead);
        socket.write(EARLY);
        await untilRead(socket);
        await leave(socket);
        resolve();
      });
      t.is((await perform(client)).outcome, 'ok');
      await left;
      t.is((await perform(client)).outcome, 'ok');
      t.deepEqual(server.begun, [0, 1]);
      client.close();
    }
  });

  testTransports(`a server that leaves in the request has reset it (${connection})`, async (t, transport) => {
    for (const leave of [end, reset]) {
      const server = await startReluctantServer(t);
      const { client } = createSender(server.port, transport, connection);
      server.behave(leave);
      t.is((await perform(client)).outcome, 'reset');
      server.behave(answerAndRead);
      t.is((await perform(client)).outcome, 'ok');
      t.deepEqual(server.begun, [0, 1], 'it is not sent again');
      client.close();
    }
  });

  testTransports(`an operation ends in the request when it is cut, or late (${connection})`, async (t, transport) => {
    for (const outcome of ['cut', 'answer-timeout']) {
      const server = await startReluctantServer(t);
      const { client } = createSender(server.port, transport, connection, outcome === 'cut' ? {} : shortAnswer);
      server.behave(() => (outcome === 'cut' ? client.abort('cut') : undefined));
      t.is((await perform(client)).outcome, outcome);
      t.deepEqual(server.begun, [0]);
      t.deepEqual(server.whole, []);
      client.close();
    }
  });
}

function answerAndRead(socket: Socket): void {
  socket.write(EARLY);
  socket.resume();
}
