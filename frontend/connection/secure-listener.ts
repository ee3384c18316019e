/**
 * The port that speaks httpg and https. With a container, connections come in by its door, and here once they have a thread.
 *
 * | a connection | on | is |
 * | --- | --- | --- |
 * | shakes hands | an error, or the time is over | closed, `failed` |
 * | shakes hands | the handshake is complete, its chain breaks a rule | closed, `refused` by the rule |
 * | shakes hands | the handshake is complete, its chain is good | waits for HTTP |
 * | waits | HTTP's first byte, after the one by which GSI doesn't delegate or without | given to the service |
 * | waits | any other byte | closed, `delegations` or `notHttp` |
 *
 * Only who has shown a good chain may wait, and may do so without limit: clients connect long before they have to ask.
 */

import { constants } from 'node:crypto';
import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { Server, Socket } from 'node:net';
import { DEFAULT_CIPHERS, type TLSSocket, createServer } from 'node:tls';
import { walkChain } from '../../scenarios/credentials/chain-walk.ts';
import type { TrustedAuthorities } from '../../scenarios/credentials/trusted-authorities.ts';
import type { Container } from '../container/container.ts';
import { createChainMemory } from './chain-memory.ts';
import { keepPeer, readShownChain } from './client-certificate.ts';
import { type Opening, awaitOpening } from './gsi-byte.ts';
import type { HandshakeCounts } from './handshake-counts.ts';
import type { Listener } from '../listening.ts';
import type { RefusalLog } from './refusal-log.ts';

export type SecureListenerOptions = {
  /** PEM of the certificate, with what its issuers signed behind it if need be. */
  certificate: string;
  /** PEM. */
  key: string;
  trusted: TrustedAuthorities;
  handshakeWithinMs: number;
  /** Whether clients get tickets to resume their session by. */
  sessionResumption: boolean;
  counts: HandshakeCounts;
  refuse: RefusalLog;
  /** Null: connections shake hands as they come. */
  container: Container | null;
};

/** First what gfal2 and JGlobus agree on. */
const CIPHERS = `ECDHE-RSA-AES128-GCM-SHA256:${DEFAULT_CIPHERS}`;

/** `service` gets the connections and is not to listen itself. */
export function createSecureListener(service: HttpServer, options: SecureListenerOptions): Listener {
  const { certificate, key, trusted, counts, container } = options;
  const judge = createJudge(options);
  const server = createServer(
    {
      cert: certificate,
      key,
      // The names of the authorities go out to the client. OpenSSL's verdict is not used: it knows no proxies.
      ca: trusted.pems,
      requestCert: true,
      rejectUnauthorized: false,
      // TLS 1.3 has tickets follow the handshake, which Globus takes for the end of the connection.
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
      ciphers: CIPHERS,
      honorCipherOrder: true,
      handshakeTimeout: options.handshakeWithinMs,
      secureOptions: options.sessionResumption ? 0 : constants.SSL_OP_NO_TICKET,
      noDelay: true,
    },
    (socket) => {
      // A second handshake could show another certificate than the one that was judged: Node tells of it by an error alone.
      socket.disableRenegotiation();
      socket.on('error', () => socket.destroy());
      container?.adopt(socket);
      if (judge(socket)) awaitOpening(socket, (opening) => open(socket, opening));
      else socket.destroySoon();
    },
  );
  server.on('tlsClientError', (_error, socket) => {
    counts.failed += 1;
    socket.destroy();
  });
  const open = createOpener(service, options);
  // Node's HTTP server looks out for slow senders from the moment it listens, which this one never does.
  service.emit('listening');
  const listener = container?.createDoor((raw) => server.emit('connection', raw)) ?? listenItself(server);

  return {
    server: listener.server,
    async close() {
      const closed = once(service, 'close');
      service.close();
      await listener.close();
      await closed;
    },
  };
}

function listenItself(server: Server): Listener {
  const sockets = trackSockets(server);
  return {
    server,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Whether the connection may stay; says and counts why not. */
function createJudge({ trusted, counts, refuse }: SecureListenerOptions): (socket: TLSSocket) => boolean {
  const memory = createChainMemory();
  return (socket) => {
    const shown = readShownChain(socket);
    const isResumed = socket.isSessionReused();
    counts.completed += 1;
    if (isResumed) counts.resumed += 1;
    const chain = isResumed ? memory.complete(shown) : shown;
    const verdict = walkChain(chain, trusted, Date.now());
    if (verdict.kind === 'refused') {
      counts.refused.set(verdict.rule, (counts.refused.get(verdict.rule) ?? 0) + 1);
      refuse(verdict.rule, verdict.text);
      return false;
    }
    if (verdict.via === 'proxy' && !isResumed) memory.keep(chain);
    keepPeer(socket, { identity: verdict.identity, via: verdict.via });
    return true;
  };
}

function createOpener(service: HttpServer, { counts, refuse }: SecureListenerOptions) {
  return (socket: TLSSocket, opening: Opening): void => {
    switch (opening) {
      case 'http':
        service.emit('connection', socket);
        return;
      case 'delegation':
        counts.delegations += 1;
        refuse('delegation', 'the client wants to delegate a credential, which is not done here');
        break;
      case 'unknown':
        counts.notHttp += 1;
        refuse('not-http', 'neither the byte of GSI nor HTTP came first');
        break;
    }
    socket.destroySoon();
  };
}

/** All connections that are open, in whatever state. */
function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}
