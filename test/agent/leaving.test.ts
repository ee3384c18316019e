/** Pilots whose coordinator is no longer what it should be: they end by themselves, in good order. */

import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { type WebSocket, WebSocketServer } from 'ws';
import { LARGEST_COORDINATOR_MESSAGE_BYTES } from '../../agent/protocol.ts';
import { createLinkCertificate } from '../../coordinator/pilots/link-certificate.ts';
import { PORT_OF_NOBODY, hang, loopbackTarget, startLoopbackServer } from '../support/loopback-server.ts';
import { openScene, startPilot } from '../support/pilot-process.ts';

/** Over TLS with the right certificate, but `greet` decides what is said. */
async function startPeer(t: ExecutionContext, greet: (socket: WebSocket) => void) {
  const { certificate, privateKey } = await createLinkCertificate(Date.now());
  const https = createServer({ cert: certificate, key: privateKey });
  const sockets = new WebSocketServer({ server: https });
  sockets.on('connection', greet);
  https.listen({ host: '127.0.0.1', port: 0 });
  await once(https, 'listening');
  t.teardown(() => {
    sockets.close();
    https.close();
    for (const socket of sockets.clients) socket.terminate();
  });
  return { url: `wss://127.0.0.1:${(https.address() as AddressInfo).port}`, certificate };
}

const leavesPeer = test.macro<[(socket: WebSocket) => void, RegExp]>({
  async exec(t, greet, reason) {
    const { url, certificate } = await startPeer(t, greet);
    for (const slots of [1, 8]) {
      const { ended } = startPilot(t, await openScene(t), { url, certificate, slots });
      const { exitCode, stderr } = await ended;
      t.is(exitCode, 0);
      t.regex(stderr, reason);
    }
  },
  title: (peer) => `a pilot leaves a coordinator that ${peer}`,
});

const challenge = { type: 'challenge', v: 1, nonce: 'n' };
const notOfProtocol = /what is not of this protocol/;
test('says what is no JSON', leavesPeer, (socket) => socket.send('HELO pilot'), notOfProtocol);
test(
  'speaks another version',
  leavesPeer,
  (socket) => socket.send(JSON.stringify({ ...challenge, v: 2 })),
  notOfProtocol,
);
test('sends bytes', leavesPeer, (socket) => socket.send(new Uint8Array(64)), notOfProtocol);
test(
  'says more than a pilot takes',
  leavesPeer,
  (socket) => socket.send(Buffer.alloc(LARGEST_COORDINATOR_MESSAGE_BYTES + 1)),
  /the coordinator said more than 67108864 bytes at once/,
);
test('closes the link', leavesPeer, (socket) => socket.close(), /the coordinator closed the link/);
test(
  'breaks off after the hello',
  leavesPeer,
  (socket) => {
    socket.send(JSON.stringify(challenge));
    socket.once('message', () => socket.terminate());
  },
  /the coordinator closed the link/,
);

test('a pilot that leaves over what it cannot read writes nothing of it: it may hold a key', async (t) => {
  const key = 'MIIEvgIBADANBgkqhkiG9w0BAQEFAASC';
  const credential = { certificateChain: key, privateKey: [key] };
  const plan = { credentials: { from: key, list: [credential] }, target: key };
  for (const said of [`{"privateKey":"${key}`, `{"privateKey":"-----BEGIN\n${key}"}`, `${key}"}`]) {
    await leavesWithout(t, said, key);
  }
  await leavesWithout(t, JSON.stringify({ type: 'prepare', plan }), key);
  await leavesWithout(t, JSON.stringify({ type: key, credential: key }), key);
  await leavesWithout(t, JSON.stringify({ type: 'try', credential, labelled: key }), key);
});

async function leavesWithout(t: ExecutionContext, said: string, secret: string): Promise<void> {
  const { url, certificate } = await startPeer(t, (socket) => socket.send(said));
  const { stderr } = await startPilot(t, await openScene(t), { url, certificate }).ended;
  t.regex(stderr, notOfProtocol);
  t.false(stderr.includes(secret.slice(0, 8)), stderr);
}

test('a pilot that nobody answers leaves', async (t) => {
  const scene = await openScene(t);
  // Not the port of a gate that was closed: another test's gate may have it by now.
  const { exitCode, stderr } = await startPilot(t, scene, { url: `wss://127.0.0.1:${PORT_OF_NOBODY}` }).ended;
  t.is(exitCode, 0);
  t.regex(stderr, /ECONNREFUSED/);
});

test('a pilot that leaves does not wait for the one operation that it tries', async (t) => {
  const service = await startLoopbackServer(t, hang);
  const scene = await openScene(t);
  const { ended } = startPilot(t, scene);
  const pilot = await scene.joined();
  pilot.send({
    type: 'try',
    id: 1,
    scenario: { kind: 'srm-ls', directory: '/d', detail: 'full', levels: 1, expectEntries: null },
    // Far longer than a test may take.
    target: loopbackTarget(service.port, { timeoutsMs: { connect: 600_000, handshake: 600_000, answer: 600_000 } }),
    credential: null,
    labelled: true,
  });
  await service.received(1);
  pilot.send({ type: 'leave', reason: 'the campaign is over' });
  t.is((await ended).exitCode, 0);
});
