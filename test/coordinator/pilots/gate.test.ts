import type { IncomingMessage } from 'node:http';
import { Agent } from 'node:https';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { once } from 'node:events';
import test, { type ExecutionContext } from 'ava';
import { WebSocket } from 'ws';
import { encodeRowsFrame, proveSecret } from '../../../agent/protocol.ts';
import { openGate } from '../../../coordinator/pilots/gate.ts';
import type { PilotConnection } from '../../../coordinator/pilots/link.ts';
import { createChanges } from '../../../foundation/changes.ts';
import { encodeOperationBlock } from '../../../reports/operation.ts';
import { SOME_HOST } from '../../support/host-facts.ts';
import { makeFrame } from '../../support/frames.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const SECRET = 's'.repeat(64);

type SceneOptions = { roomBytes?: number; write?: () => Promise<void> };

/** A gate that keeps what it is told, and lets a test wait for the next of it. Rows are written at once, unless told. */
async function openScene(t: ExecutionContext, { write, ...options }: SceneOptions = {}) {
  // Certificates are checked against the wall clock of whoever dials in.
  const clock = { ...createVirtualClock(), unixMs: () => Date.now() };
  const changes = createChanges(clock);
  const told: [what: string, detail: unknown][] = [];
  const connections: PilotConnection[] = [];
  const tell = (what: string, detail: unknown): void => {
    told.push([what, detail]);
    changes.notify();
  };
  const gate = await openGate({
    clock,
    campaign: 'test',
    secret: SECRET,
    listen: '127.0.0.1:0',
    ...options,
    listener: {
      joined: (connection) => {
        connections.push(connection);
        tell('joined', connection.pilot);
      },
      said: (_connection, message) => tell('said', message.type),
      sentRows: (_connection, { header }) => {
        const writing = write?.();
        tell('rows', header.sequence);
        return writing;
      },
      heldBack: (connection) => tell('held back', connection.pilot),
      gone: (_connection, reason) => tell('gone', reason),
      refused: (reason) => tell('refused', reason),
    },
  });
  t.teardown(() => gate.close());
  /** Resolves to the n-th thing told, in the order of telling. */
  const nth = async (number: number): Promise<[string, unknown]> => {
    await changes.until(() => told[number] !== undefined);
    return told[number] as [string, unknown];
  };
  return { clock, changes, gate, told, nth, connections };
}

/** As pilots dial: this certificate alone is trusted, whatever name it bears. */
function dialWith(url: string, certificate: string): WebSocket {
  return new WebSocket(url, { agent: new Agent({ ca: certificate, checkServerIdentity: () => undefined }) });
}

type Scene = Awaited<ReturnType<typeof openScene>>;

type Dialled = {
  socket: WebSocket;
  /** What the gate has said so far, and the nonce of its challenge. */
  messages: Record<string, unknown>[];
  nonce: string;
  /** The socket below. */
  wire: Socket;
};

async function dial({ gate }: Scene): Promise<Dialled> {
  const socket = dialWith(gate.url, gate.certificate);
  const messages: Record<string, unknown>[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as Record<string, unknown>));
  socket.on('error', () => {}); // a refused socket may see a reset
  const [[upgrade]] = (await Promise.all([once(socket, 'upgrade'), once(socket, 'message')])) as [
    [IncomingMessage],
    unknown,
  ];
  return { socket, messages, nonce: messages[0]?.['nonce'] as string, wire: upgrade.socket };
}

const hello = (nonce: string, changes: Record<string, unknown> = {}): string =>
  JSON.stringify({
    type: 'hello',
    v: 1,
    campaign: 'test',
    pilot: 'p',
    site: 'desk',
    slots: 4,
    proof: proveSecret(SECRET, nonce, 'p'),
    host: SOME_HOST,
    ...changes,
  });

const frameOf = (changes: Parameters<typeof makeFrame>[0], campaign = 'test'): Uint8Array => {
  const { header, gauges, block } = makeFrame(changes);
  return encodeRowsFrame({ ...header, campaign }, gauges, encodeOperationBlock(block));
};

async function join(scene: Scene): Promise<WebSocket> {
  const { socket, nonce } = await dial(scene);
  socket.send(hello(nonce));
  await once(socket, 'message');
  return socket;
}

test('who knows the secret is welcomed with a lease and may speak and send rows', async (t) => {
  const scene = await openScene(t);
  const { socket, nonce, messages } = await dial(scene);
  t.like(messages[0], { type: 'challenge', v: 1 });
  t.regex(nonce, /^[0-9a-f]{64}$/);
  socket.send(hello(nonce));
  await once(socket, 'message');
  t.like(messages[1], { type: 'welcome', heartbeatEveryMs: 1000 });
  socket.send(JSON.stringify({ type: 'heartbeat', epoch: 1, monotonicMs: 5 }));
  socket.send(frameOf({ sequence: 42, rows: [{ client: 0, startMs: 0, endMs: 1 }] }));
  t.deepEqual(await scene.nth(2), ['rows', 42]);
  t.deepEqual(scene.told, [
    ['joined', 'p'],
    ['said', 'heartbeat'],
    ['rows', 42],
  ]);
  const [connection] = scene.connections;
  t.like(connection, { pilot: 'p', site: 'desk', slots: 4, epoch: messages[1]?.['epoch'] as number });
  connection?.send({ type: 'leave', reason: 'over' });
  await once(socket, 'message');
  t.deepEqual(messages[2], { type: 'leave', reason: 'over' });
  socket.close();
  t.deepEqual(await scene.nth(3), ['gone', 'the connection ended']);
  t.notThrows(() => connection?.send({ type: 'leave', reason: 'too late' }));
});

test('each dial has a nonce and a lease of its own', async (t) => {
  const scene = await openScene(t);
  const [first, second] = [await dial(scene), await dial(scene)];
  t.not(first.nonce, second.nonce);
  first.socket.send(hello(first.nonce));
  second.socket.send(hello(second.nonce));
  await Promise.all([once(first.socket, 'message'), once(second.socket, 'message')]);
  t.is(new Set(scene.connections.map(({ epoch }) => epoch)).size, 2);
});

test('nobody is taken for the gate who has another certificate', async (t) => {
  const [scene, other] = [await openScene(t), await openScene(t)];
  const socket = dialWith(scene.gate.url, other.gate.certificate);
  const [error] = (await once(socket, 'error')) as [Error];
  t.regex(error.message, /self-signed|unable to verify|signature/);
});

const isRefused = test.macro<[string, (nonce: string) => string | Uint8Array, RegExp]>({
  async exec(t, _what, first, reason) {
    const scene = await openScene(t);
    const { socket, nonce, wire } = await dial(scene);
    const closed = once(socket, 'close');
    const message = first(nonce);
    // Two messages in one go: the second must not be looked at any more.
    wire.cork();
    socket.send(message);
    socket.send(hello(nonce));
    wire.uncork();
    await closed;
    const [what, detail] = await scene.nth(0);
    t.is(what, 'refused');
    t.regex(String(detail), reason);
    await scene.gate.close();
    t.is(scene.told.length, 1);
  },
  title: (_, what) => `${what} is refused, once, with the reason`,
});

test(
  isRefused,
  'a wrong secret',
  (nonce) => hello(nonce, { proof: proveSecret('x'.repeat(64), nonce, 'p') }),
  /p does not know the secret/,
);
test(isRefused, 'the proof of another pilot', (nonce) => hello(nonce, { pilot: 'q' }), /q does not know the secret/);
test(
  isRefused,
  'a proof for another dial',
  (nonce) => hello(nonce, { proof: proveSecret(SECRET, 'old', 'p') }),
  /secret/,
);
test(isRefused, 'a pilot of another campaign', (nonce) => hello(nonce, { campaign: 'other' }), /another campaign/);
test(isRefused, 'another protocol version', (nonce) => hello(nonce, { v: 2 }), /protocol version 1/);
test(isRefused, 'a pilot without slots', (nonce) => hello(nonce, { slots: 0 }), /protocol version 1/);
test(isRefused, 'garbage', () => '}{ garbage', /protocol version 1/);
test(
  isRefused,
  'a message before hello',
  () => '{"type":"heartbeat","epoch":1,"monotonicMs":1}',
  /expected hello, got heartbeat/,
);
test(isRefused, 'rows before hello', () => frameOf({}), /rows came before hello/);
test(
  isRefused,
  'a frame larger than any of rows',
  () => new Uint8Array(17 * 1024 * 1024),
  /[Mm]ax payload size exceeded/,
);

test('who says nothing for ten seconds is refused', async (t) => {
  const scene = await openScene(t);
  const { socket } = await dial(scene);
  const closed = once(socket, 'close');
  await scene.clock.advance(9999);
  t.deepEqual(scene.told, []);
  await scene.clock.advance(1);
  await closed;
  t.deepEqual(scene.told, [['refused', 'no hello came']]);
  t.is(scene.clock.timers(), 0);
});

test('who leaves before hello is written down as refused, and its time limit is over', async (t) => {
  const scene = await openScene(t);
  const { socket } = await dial(scene);
  socket.close();
  t.deepEqual(await scene.nth(0), ['refused', 'no hello came: the connection ended']);
  t.is(scene.clock.timers(), 0);
});

test('the time limit is for hello only', async (t) => {
  const scene = await openScene(t);
  const socket = await join(scene);
  await scene.clock.advance(60_000);
  t.is(socket.readyState, socket.OPEN);
});

const endsLink = test.macro<[string, string | Uint8Array, RegExp]>({
  async exec(t, _what, message, reason) {
    const scene = await openScene(t);
    const socket = await join(scene);
    socket.send(message);
    const [what, detail] = await scene.nth(1);
    t.is(what, 'gone');
    t.regex(String(detail), reason);
  },
  title: (_, what) => `a pilot that sends ${what} is gone, with the reason`,
});

test(endsLink, 'garbage', 'garbage', /protocol version 1/);
test(endsLink, 'a message that only the coordinator says', '{"type":"leave","reason":"r"}', /protocol version 1/);
test(endsLink, 'bytes that are no frame', Uint8Array.of(1, 2, 3), /protocol version 1/);
test(endsLink, 'rows of another campaign', frameOf({}, 'other'), /rows of another campaign/);
test(endsLink, 'a frame larger than any of rows', new Uint8Array(17 * 1024 * 1024), /[Mm]ax payload size exceeded/);

test('a pilot is not read while its rows wait for the disk, and knows that it is not forgotten', async (t) => {
  const writes: (() => void)[] = [];
  const write = (): Promise<void> =>
    new Promise((resolve) => {
      writes.push(resolve);
    });
  const scene = await openScene(t, { roomBytes: 100_000, write });
  const socket = await join(scene);
  const rows = Array.from({ length: 1000 }, (_, sequence) => ({ client: 0, sequence, startMs: 0, endMs: 1 }));
  const frames = 400; // some 18 MB, far more than sockets hold
  const frame = frameOf({ rows });
  for (let sent = 0; sent < frames; sent += 1) socket.send(frame);
  await once(socket, 'pong');
  t.true(scene.told.some(([what]) => what === 'held back'));
  const came = (): number => scene.told.filter(([what]) => what === 'rows').length;
  const cameFirst = came();
  t.true(cameFirst < frames / 10, `${cameFirst} frames were read`);
  // As long as it is paused there is a sign now and then, and no row more.
  const sign = once(socket, 'pong');
  await scene.clock.advance(1000);
  await sign;
  t.is(came(), cameFirst);
  t.true(socket.bufferedAmount > 0);
  // The disk goes on: so does the pilot, to its last row.
  for (let written = 0; written < frames; written += 1) {
    if (writes[written] === undefined) await scene.changes.until(() => writes[written] !== undefined);
    writes[written]?.();
  }
  t.is(came(), frames);
  t.is(scene.clock.timers(), 0);
});

test('strangers that hold their connection open do not keep the gate from closing', async (t) => {
  const { gate } = await openScene(t);
  const port = Number(new URL(gate.url).port);
  const silent = connect(port, '127.0.0.1');
  const secured = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  const asking = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  const strangers: Socket[] = [silent, secured, asking];
  for (const socket of strangers) socket.on('error', () => {});
  await Promise.all([once(silent, 'connect'), once(secured, 'secureConnect'), once(asking, 'secureConnect')]);
  asking.write('GET / HTTP/1.1\r\nHost: gate\r\n\r\n');
  // Not by once(): it would reject at the reset that some of them see.
  const closed = Promise.all(
    strangers.map(
      (socket) =>
        new Promise((resolve) => {
          socket.once('close', resolve);
        }),
    ),
  );
  await gate.close();
  await closed;
  t.pass();
});

test('an address that is taken is told with a hint', async (t) => {
  const { gate, clock } = await openScene(t);
  const listen = new URL(gate.url).host;
  const listener = { joined() {}, said() {}, sentRows() {}, heldBack() {}, gone() {}, refused() {} };
  const error = await t.throwsAsync(openGate({ clock, campaign: 'test', secret: SECRET, listen, listener }), {
    code: 'GT_LINK_LISTEN',
  });
  t.regex(error?.message ?? '', new RegExp(listen));
});
