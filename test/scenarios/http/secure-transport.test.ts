/** httpg and https as the client speaks them, against real TLS servers. */

import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { ExecutionContext } from 'ava';
import { every, machineClock } from '../../../foundation/clock.ts';
import { createConnectionCounts } from '../../../foundation/connection-counts.ts';
import { issueHost } from '../../../scenarios/credentials/issue-certificate.ts';
import type { TargetSecurity } from '../../../scenarios/scenario.ts';
import { expiredValidity, testCertificates, wrongCertificates } from '../../support/certificates.ts';
import { secureTarget, startSecureServer, testSecurity } from '../../support/secure-server.ts';
import { clientContext, createPostClientOf, perform, performAll } from './perform.ts';
import { type Transport, testTransports } from './transports.ts';

const OPERATIONS = 4;
const answerOk = (_request: unknown, response: { end(body: string): void }): void => response.end('the whole answer');

testTransports(
  'each httpg operation is a fresh client: a connection, a whole handshake, one byte in a record of its own',
  async (t, transport) => {
    const { user } = await testCertificates();
    const server = await startSecureServer(t, { gsi: true }, answerOk);
    const connections = createConnectionCounts();
    const target = secureTarget(server.port, await testSecurity(), { transport });
    const client = createPostClientOf(clientContext(target, { credential: user, connections }));
    t.deepEqual(
      await performAll(client, OPERATIONS),
      Array.from({ length: OPERATIONS }, () => 'ok'),
    );
    await server.closed();
    const fresh = { peer: 'Load User 001', resumed: false, first: '0', ended: true };
    t.deepEqual(
      server.connections,
      Array.from({ length: OPERATIONS }, () => fresh),
    );
    t.is(connections.opened, OPERATIONS);
    t.is(connections.secured, OPERATIONS);
    t.is(connections.resumed, 0, 'though the server hands out tickets');
    t.deepEqual(Object.values(connections.byCipher), [OPERATIONS]);
    t.regex(Object.keys(connections.byCipher)[0] as string, /^TLSv1\.2 ECDHE-/);
  },
);

testTransports('a kept httpg connection has one handshake and one byte', async (t, transport) => {
  const { proxy } = await testCertificates();
  const server = await startSecureServer(t, { gsi: true }, answerOk);
  const target = secureTarget(server.port, await testSecurity(), { transport, connection: { perOperation: false } });
  const client = createPostClientOf(clientContext(target, { credential: proxy }));
  t.is(await client.open(), 'ok');
  t.deepEqual(
    await performAll(client, OPERATIONS),
    Array.from({ length: OPERATIONS }, () => 'ok'),
  );
  const exchange = await perform(client);
  t.is(exchange.securedAtMs, Number.NaN);
  client.close();
  await server.closed();
  t.deepEqual(
    server.connections.map(({ first }) => first),
    ['0'],
  );
  t.is(server.requests.length, OPERATIONS + 1);
});

testTransports('https has no byte', async (t, transport) => {
  const { user } = await testCertificates();
  const server = await startSecureServer(t, { gsi: false }, answerOk);
  const target = secureTarget(server.port, await testSecurity({ gsi: false, highestVersion: 'TLSv1.3' }), {
    transport,
  });
  const connections = createConnectionCounts();
  const client = createPostClientOf(clientContext(target, { credential: user, connections }));
  t.is((await perform(client)).outcome, 'ok');
  t.true(server.connections[0]?.first.startsWith('POST /srm/v2/server HTTP/1.1\r\nhost: localhost:'));
  t.regex(Object.keys(connections.byCipher)[0] as string, /^TLSv1\.3 /);
});

testTransports('connect, handshake and first byte are told apart', async (t, transport) => {
  const { user } = await testCertificates();
  const server = await startSecureServer(t, { gsi: true }, answerOk);
  const target = secureTarget(server.port, await testSecurity(), { transport });
  const { startedAtMs, connectedAtMs, securedAtMs, firstByteAtMs, endedAtMs } = await perform(
    createPostClientOf(clientContext(target, { credential: user })),
  );
  const instants = [startedAtMs, connectedAtMs, securedAtMs, firstByteAtMs, endedAtMs];
  t.deepEqual(
    instants,
    instants.toSorted((a, b) => a - b),
  );
  t.true(connectedAtMs < securedAtMs && securedAtMs < firstByteAtMs);
});

type Trouble = { server?: TlsOptions; security?: Partial<TargetSecurity>; outcome: RegExp };

/** How a handshake goes wrong, and the outcome that it makes. */
async function failsWith(
  t: ExecutionContext,
  transport: Transport,
  { server = {}, security = {}, outcome }: Trouble,
): Promise<void> {
  const { user } = await testCertificates();
  const { port } = await startSecureServer(t, { gsi: true, ...server }, answerOk);
  const connections = createConnectionCounts();
  const target = secureTarget(port, await testSecurity(security), { transport });
  const client = createPostClientOf(clientContext(target, { credential: user, connections }));
  const exchange = await perform(client);
  t.regex(exchange.outcome, outcome);
  t.false(Number.isNaN(exchange.connectedAtMs));
  for (const each of await performAll(client, 2)) t.regex(each, outcome);
  t.is(connections.opened, 3);
}

testTransports('a server of an authority that is not trusted', async (t, transport) => {
  const { otherAuthority } = await wrongCertificates();
  const security = { trusted: [otherAuthority.certificate] };
  await failsWith(t, transport, {
    security,
    outcome: /^handshake-failure\/(server-certificate-untrusted|cert-signature-failure)$/,
  });
});

testTransports('a server with the name of another host', async (t, transport) => {
  const { authority } = await testCertificates();
  const { certificateChain, privateKey } = await issueHost(authority, { names: ['elsewhere.example.org'] });
  const server = { cert: certificateChain, key: privateKey };
  await failsWith(t, transport, { server, outcome: /^handshake-failure\/server-name$/ });
});

testTransports("a server's own certificate bears its name, not one that it shows behind it", async (t, transport) => {
  const { authority, host, user } = await testCertificates();
  const elsewhere = await issueHost(authority, { names: ['elsewhere.example.org'] });
  const cert = elsewhere.certificateChain + host.certificateChain;
  const server = { cert, key: elsewhere.privateKey };
  await failsWith(t, transport, { server, outcome: /^handshake-failure\/server-name$/ });

  const right = { cert: host.certificateChain + elsewhere.certificateChain, key: host.privateKey };
  const { port } = await startSecureServer(t, { gsi: true, ...right }, answerOk);
  const target = secureTarget(port, await testSecurity(), { transport });
  t.is((await perform(createPostClientOf(clientContext(target, { credential: user })))).outcome, 'ok');
});

testTransports('a server whose certificate has expired', async (t, transport) => {
  const { authority } = await testCertificates();
  const { certificateChain, privateKey } = await issueHost(authority, { names: ['localhost'], ...expiredValidity() });
  const server = { cert: certificateChain, key: privateKey };
  await failsWith(t, transport, { server, outcome: /^handshake-failure\/server-certificate-expired$/ });
});

testTransports('a server that does not trust the client', async (t, transport) => {
  const { otherAuthority } = await wrongCertificates();
  const server = { ca: otherAuthority.certificate, rejectUnauthorized: true, maxVersion: 'TLSv1.2' as const };
  await failsWith(t, transport, { server, outcome: /^(handshake-failure\/|reset$)/ });
});

testTransports('a server that speaks TLS 1.3 alone', async (t, transport) => {
  const server = { minVersion: 'TLSv1.3' as const };
  await failsWith(t, transport, { server, outcome: /^handshake-failure\/alert-protocol-version$/ });
});

/** A TCP server that does this to every connection. */
async function startRawServer(t: ExecutionContext, greet: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    greet(socket);
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const NOT_TLS: [what: string, greet: (socket: Socket) => void, outcome: string][] = [
  ['plain HTTP', (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 No\r\n\r\n')), 'wrong-version-number'],
  ['the end', (socket) => socket.once('data', () => socket.end()), 'reset'],
  ['a reset', (socket) => socket.once('data', () => socket.resetAndDestroy()), 'reset'],
];
for (const [what, greet, detail] of NOT_TLS) {
  testTransports(`a ClientHello that is answered by ${what} is a failed handshake`, async (t, transport) => {
    const target = secureTarget(await startRawServer(t, greet), await testSecurity(), { transport });
    const { user: credential } = await testCertificates();
    const client = createPostClientOf(clientContext(target, { credential }));
    t.is((await perform(client)).outcome, `handshake-failure/${detail}`);
  });
}

testTransports('a handshake that never comes to its end has a timeout of its own', async (t, transport) => {
  const port = await startRawServer(t, (socket) => socket.resume());
  const timeoutsMs = { connect: 20_000, handshake: 100, answer: 20_000 };
  const target = secureTarget(port, await testSecurity(), { transport, timeoutsMs });
  const client = createPostClientOf(clientContext(target));
  const exchange = await perform(client);
  t.is(exchange.outcome, 'handshake-timeout');
  t.is(exchange.securedAtMs, Number.NaN);
  t.deepEqual(await performAll(client, 2), ['handshake-timeout', 'handshake-timeout']);
  const kept = createPostClientOf(
    clientContext({ ...target, connection: { ...target.connection, perOperation: false } }),
  );
  const stopLooking = every(machineClock, 5, () => kept.wake(machineClock.nowMs()));
  t.is(await kept.open(), 'handshake-timeout');
  stopLooking();
});

testTransports(
  'a client whose own certificate has expired is to blame itself: no handshake begins',
  async (t, transport) => {
    const { expiredProxy } = await wrongCertificates();
    const server = await startSecureServer(t, { gsi: true }, answerOk);
    const connections = createConnectionCounts();
    const target = secureTarget(server.port, await testSecurity(), { transport });
    const client = createPostClientOf(clientContext(target, { credential: expiredProxy, connections }));
    t.deepEqual(await performAll(client, 2), ['local/credential-expired', 'local/credential-expired']);
    t.is(connections.opened, 0);
    t.is(server.connections.length, 0);
  },
);

testTransports('an address may be the name, and the certificate must hold it', async (t, transport) => {
  const { user: credential } = await testCertificates();
  const server = await startSecureServer(t, { gsi: true }, answerOk);
  const target = secureTarget(server.port, await testSecurity(), {
    transport,
    origin: `httpg://127.0.0.1:${server.port}`,
  });
  t.is((await perform(createPostClientOf(clientContext(target, { credential })))).outcome, 'ok');
  t.is(server.requests[0]?.headers.host, `127.0.0.1:${server.port}`);
});
