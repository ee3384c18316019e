/** A real TLS service on the loopback that notes what comes: handshakes, the chunks of each connection, requests. */

import { once } from 'node:events';
import { type IncomingMessage, type RequestListener, createServer as createHttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type TLSSocket, type TlsOptions, createServer } from 'node:tls';
import type { ExecutionContext } from 'ava';
import type { ResolvedTarget, TargetSecurity } from '../../scenarios/scenario.ts';
import { testCertificates } from './certificates.ts';
import { type TargetChanges, loopbackTarget } from './loopback-server.ts';

export type SecureConnection = {
  /** Subject's common name of the certificate that the client showed; null: none. */
  peer: string | null;
  resumed: boolean;
  /** What came in the first application record; with GSI its byte. */
  first: string;
  /** Whether the client ended its side in order. */
  ended: boolean;
};

export type SecureServer = {
  port: number;
  connections: SecureConnection[];
  requests: IncomingMessage[];
  /** Resolves when all connections have closed. */
  closed(): Promise<void>;
};

/** @param gsi the first byte of a connection is taken off */
export async function startSecureServer(
  t: ExecutionContext,
  { gsi, ...options }: TlsOptions & { gsi: boolean },
  answer: RequestListener,
): Promise<SecureServer> {
  const { authority, host } = await testCertificates();
  const connections: SecureConnection[] = [];
  const requests: IncomingMessage[] = [];
  const open = new Set<Socket>();
  const http = createHttpServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  const server = createServer(
    {
      key: host.privateKey,
      cert: host.certificateChain,
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: false,
      ...options,
    },
    (socket) => {
      open.add(socket);
      const connection = describeConnection(socket);
      connections.push(connection);
      socket.on('end', () => (connection.ended = true));
      socket.on('close', () => {
        open.delete(socket);
        server.emit('left');
      });
      socket.on('error', () => {}); // clients may leave as they like
      const takeFirst = (): void => {
        const chunk = socket.read() as Buffer | null;
        if (chunk === null) return void socket.once('readable', takeFirst);
        connection.first = chunk.toString('latin1');
        const rest = gsi ? chunk.subarray(1) : chunk;
        if (rest.length > 0) socket.unshift(rest);
        http.emit('connection', socket);
      };
      takeFirst();
    },
  );
  server.on('tlsClientError', () => {}); // what handshakes fail with is the client's to tell
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    requests,
    async closed() {
      while (open.size > 0) await once(server, 'left');
    },
  };
}

function describeConnection(socket: TLSSocket): SecureConnection {
  const { subject } = socket.getPeerCertificate() as { subject?: { CN: string } };
  return { peer: subject?.CN ?? null, resumed: socket.isSessionReused(), first: '', ended: false };
}

/** Trusts the tests' authority, TLS 1.2 alone. */
export async function testSecurity(given: Partial<TargetSecurity> = {}): Promise<TargetSecurity> {
  const { authority } = await testCertificates();
  return { gsi: true, trusted: [authority.certificate], lowestVersion: 'TLSv1.2', highestVersion: 'TLSv1.2', ...given };
}

/** `localhost:port` with a connection for every operation, httpg or https as `security` has it. */
export function secureTarget(port: number, security: TargetSecurity, overrides: TargetChanges = {}): ResolvedTarget {
  const origin = `${security.gsi ? 'httpg' : 'https'}://localhost:${port}`;
  return loopbackTarget(port, { origin, security, connection: { perOperation: true }, ...overrides });
}
