/** How connections end, as the other side and the kernel see it. */

import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { createChanges } from '../../../foundation/changes.ts';
import { machineClock } from '../../../foundation/clock.ts';
import { systemCodeOf } from '../../../foundation/error.ts';
import type { ResolvedTarget } from '../../../scenarios/scenario.ts';
import { answer, loopbackTarget, startLoopbackServer } from '../../support/loopback-server.ts';
import { testCertificates } from '../../support/certificates.ts';
import { secureTarget, startSecureServer, testSecurity } from '../../support/secure-server.ts';
import { clientContext, createPostClientOf, performAll } from './perform.ts';

const OPERATIONS = 8;
/** State of a row in /proc/net/tcp. */
const TIME_WAIT = '06';

/** Notes how each connection ends: in order, or by an error's code. */
function watchEnds() {
  const all: string[] = [];
  const clientPorts: number[] = [];
  const changes = createChanges(machineClock);
  const watched = new WeakSet<Socket>();
  return {
    all,
    clientPorts,
    watch(socket: Socket) {
      if (watched.has(socket)) return;
      watched.add(socket);
      clientPorts.push(socket.remotePort as number);
      let end = 'nothing';
      socket.on('end', () => (end = 'end'));
      socket.on('error', (error) => (end = systemCodeOf(error) ?? 'error'));
      socket.on('close', () => {
        all.push(end);
        changes.notify();
      });
    },
    came: (count: number) => changes.until(() => all.length >= count),
  };
}

/** How many of these client ports rest, each after a connection to this port of the service. */
async function countResting(clientPorts: readonly number[], port: number): Promise<number> {
  const rows = (await readFile('/proc/net/tcp', 'utf8')).split('\n').map((row) => row.trim().split(/\s+/));
  const resting = new Set(
    rows.filter(([, , , state]) => state === TIME_WAIT).map(([, local, remote]) => `${local} ${remote}`),
  );
  return clientPorts.filter((client) => resting.has(`${hex(client)} ${hex(port)}`)).length;
}

/** A port of 127.0.0.1 as the kernel writes it. */
function hex(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}

type Way = { transport: ResolvedTarget['transport']; close: ResolvedTarget['connection']['close'] };

const endsPlain = test.macro<[Way, string]>({
  async exec(t, { transport, close }, end) {
    const { watch, all, clientPorts, came } = watchEnds();
    const server = await startLoopbackServer(t, (socket, request) => {
      watch(socket);
      answer('answered')(socket, request);
    });
    const target = loopbackTarget(server.port, { transport, connection: { perOperation: true, close } });
    const client = createPostClientOf(clientContext(target));
    t.deepEqual(await performAll(client, OPERATIONS), Array(OPERATIONS).fill('ok'));
    await came(OPERATIONS);
    t.deepEqual(all, Array(OPERATIONS).fill(end));
    // The kernel may give a resting port to the next connection after a second.
    if (close === 'fin') t.true((await countResting(clientPorts, server.port)) > 0);
    else t.is(await countResting(clientPorts, server.port), 0);
  },
  title: (_, { transport, close }, end) => `plain connections closed by ${close} over ${transport} end with ${end}`,
});

const endsSecured = test.macro<[Way, string]>({
  async exec(t, { transport, close }, end) {
    const { watch, all, clientPorts, came } = watchEnds();
    const server = await startSecureServer(t, { gsi: true }, (request, response) => {
      watch(request.socket);
      response.end('answered');
    });
    const target = secureTarget(server.port, await testSecurity(), {
      transport,
      connection: { perOperation: true, close },
    });
    const { user } = await testCertificates();
    const context = clientContext(target, { credential: user });
    t.deepEqual(await performAll(createPostClientOf(context), OPERATIONS), Array(OPERATIONS).fill('ok'));
    await came(OPERATIONS);
    t.deepEqual(all, Array(OPERATIONS).fill(end));
    t.is(context.connections.secured, OPERATIONS);
    if (close === 'reset') t.is(await countResting(clientPorts, server.port), 0);
  },
  title: (_, { transport, close }, end) => `secured connections closed by ${close} over ${transport} end with ${end}`,
});

const endsKept = test.macro<[Way, string]>({
  async exec(t, { transport, close }, end) {
    const { watch, all, clientPorts, came } = watchEnds();
    const server = await startLoopbackServer(t, (socket, request) => {
      watch(socket);
      answer('answered')(socket, request);
    });
    const target = loopbackTarget(server.port, { transport, connection: { perOperation: false, close } });
    const client = createPostClientOf(clientContext(target));
    t.is(await client.open(), 'ok');
    t.deepEqual(await performAll(client, OPERATIONS), Array(OPERATIONS).fill('ok'));
    client.close();
    await came(1);
    t.deepEqual(all, [end]);
    t.is(await countResting(clientPorts, server.port), close === 'fin' ? 1 : 0);
  },
  title: (_, { transport, close }, end) => `a kept connection closed by ${close} over ${transport} ends with ${end}`,
});

for (const transport of ['direct', 'undici'] as const) {
  test(endsKept, { transport, close: 'fin' }, 'end');
  test(endsKept, { transport, close: 'reset' }, 'ECONNRESET');
  test(endsPlain, { transport, close: 'fin' }, 'end');
  test(endsPlain, { transport, close: 'reset' }, 'ECONNRESET');
  test(endsSecured, { transport, close: 'fin' }, 'end');
  test(endsSecured, { transport, close: 'reset' }, 'ECONNRESET');
}

async function performAgainst(t: ExecutionContext, changes: Partial<ResolvedTarget>, from: string[] = []) {
  const server = await startSecureServer(t, { gsi: true }, (_request, response) => response.end('answered'));
  const target = secureTarget(server.port, await testSecurity(), {
    ...changes,
    connection: { perOperation: true, close: 'reset' },
  });
  const client = createPostClientOf(clientContext(target, { sourceAddresses: from }));
  return performAll(client, 3);
}

for (const transport of ['direct', 'undici'] as const) {
  test(`what fails before it is secured fails alike where it is to be reset (${transport})`, async (t) => {
    const nobody = [{ address: '127.0.0.1', family: 4 as const, port: 1 }];
    t.deepEqual(await performAgainst(t, { transport, addresses: nobody }), Array(3).fill('refused'));
    const security = { ...(await testSecurity()), trusted: [] };
    const untrusted = await performAgainst(t, { transport, security });
    t.true(untrusted.every((outcome) => outcome.startsWith('handshake-failure/server-certificate')));
  });

  test(`a source address that is none of this host is told apart from a lack of ports (${transport})`, async (t) => {
    for (const source of ['192.0.2.77', '::1']) {
      t.deepEqual(await performAgainst(t, { transport }, [source]), Array(3).fill('local/source-address'));
    }
  });
}
