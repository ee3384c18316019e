/**
 * Opens connections to an address that is already resolved: no name is looked up, no proxy is asked.
 *
 * | step | on | next |
 * | --- | --- | --- |
 * | connecting | the TCP connection stands | done, or securing (https, httpg) |
 * | securing | the handshake is complete | done, or delegating (httpg) |
 * | delegating | the GSI byte has been written, in a record of its own | done |
 * | any | an error | failed |
 */

import { type OnReadOpts, type Socket, isIP } from 'node:net';
import type { ConnectionOptions, PeerCertificate, TLSSocket } from 'node:tls';
import { machineClock } from '../../foundation/clock.ts';
import type { ConnectionCounts } from '../../foundation/connection-counts.ts';
import { CREDENTIAL_OVER_CODE } from './failure.ts';
import type { ClientContext, ResolvedTarget, TargetSecurity } from '../scenario.ts';
import { routeOf } from './route.ts';
import { openSocket } from './sockets.ts';
import { prepareSecurity } from './secure-context.ts';
import { checkServerName, translateNoIssuers } from './server-name.ts';

/** Hears of a connection at the instants that are measured; every connection ends with one of `ready` and `failed`. */
export type ConnectionListener = {
  /** There is a socket, which has not called connect() yet. */
  created(socket: Socket): void;
  /** connect() is being called. */
  connecting(): void;
  connected(): void;
  /** The handshake is complete, the GSI byte is on its way; not called with plain http. */
  secured(): void;
  /** The connection is ready for its first request; from now on its errors are its owner's. */
  ready(socket: Socket): void;
  failed(error: Error): void;
};

/** GSI: "I delegate nothing". A server that reads it together with more bytes drops those. */
const NO_DELEGATION = '0';

/**
 * Reads key, certificates and authorities ahead of the first handshake, which takes milliseconds for the first client with them.
 *
 * @throws Error of OpenSSL when one can't be read
 */
export function prepareToDial({ target, credential }: ClientContext): void {
  if (target.security !== null) prepareSecurity(target.security, credential);
}

/**
 * Opens a connection of this client. Nothing is kept between two of them, since thousands of clients wait on one connection each.
 *
 * @param onread where its bytes go, if not into the stream
 */
export function dial(context: ClientContext, listener: ConnectionListener, onread?: OnReadOpts): void {
  const { target, connections } = context;
  const secure = target.security === null ? null : prepareHandshake(context, target.security);
  if (secure?.isCredentialOver === true) {
    // It counts as an attempt, and nothing leaves: the service is not to be asked to refuse it.
    listener.connecting();
    queueMicrotask(() => listener.failed(createCredentialOverError()));
    return;
  }
  const { socket, tcp } = openSocket(routeOf(context), {
    secured: secure?.options ?? null,
    close: target.connection.close,
    onread,
  });
  let hasBegun = false;
  const begin = (): void => {
    hasBegun = true;
    listener.connecting();
  };
  const failed = (error: Error): void => {
    if (!hasBegun) begin(); // bind() failed: it never came to connect()
    listener.failed(error);
  };
  const handOver = (): void => {
    socket.off('error', failed);
    listener.ready(socket);
  };
  listener.created(socket);
  socket.once('error', failed);
  // Node calls connect() in a later tick: with a thousand clients started in one go, tens of milliseconds later.
  tcp.once('connectionAttempt', begin);
  tcp.once('connect', () => {
    connections.opened += 1;
    listener.connected();
    if (secure === null) handOver();
  });
  if (secure === null) return;
  translateNoIssuers(socket as TLSSocket);
  socket.once('secureConnect', () => {
    countHandshake(connections, socket as TLSSocket);
    listener.secured();
    if (secure.gsi) socket.write(NO_DELEGATION, (error) => (error ? undefined : handOver()));
    else handOver();
  });
}

type Handshake = { gsi: boolean; options: ConnectionOptions; isCredentialOver: boolean };

/** What is asked for in all handshakes with a target. */
type ServerName = Required<Pick<ConnectionOptions, 'servername' | 'checkServerIdentity'>>;
const serverNames = new WeakMap<ResolvedTarget, ServerName>();

/** No earlier session is among the options: every handshake is that of a fresh client. */
function prepareHandshake({ target, credential }: ClientContext, security: TargetSecurity): Handshake {
  let name = serverNames.get(target);
  if (name === undefined) serverNames.set(target, (name = nameServer(hostOf(target.origin), security)));
  const { context, credentialEndsAtMs } = prepareSecurity(security, credential);
  return {
    gsi: security.gsi,
    options: { secureContext: context, ...name },
    isCredentialOver: machineClock.unixMs() >= credentialEndsAtMs,
  };
}

/** An address is no server name (RFC 6066); the certificate is checked against it all the same. */
function nameServer(host: string, { gsi }: TargetSecurity): ServerName {
  return {
    servername: isIP(host) === 0 ? host : '',
    checkServerIdentity: (_name: string, certificate: PeerCertificate) => checkServerName(host, certificate, gsi),
  };
}

function createCredentialOverError(): Error {
  return Object.assign(new Error('the own certificate has expired'), { code: CREDENTIAL_OVER_CODE });
}

function countHandshake(counts: ConnectionCounts, socket: TLSSocket): void {
  const cipher = `${socket.getProtocol()} ${socket.getCipher().name}`;
  counts.secured += 1;
  if (socket.isSessionReused()) counts.resumed += 1;
  counts.byCipher[cipher] = (counts.byCipher[cipher] ?? 0) + 1;
}

/** Ports that an origin may leave out, by its protocol as URL has it. */
export const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'httpg:': 8443 };

/** The origin as http or https, which is all that HTTP itself knows of it; httpg is https on a port of its own. */
export function httpOriginOf({ origin, security }: ResolvedTarget): string {
  if (security === null) return origin;
  const { hostname, port, protocol } = new URL(origin);
  return `https://${hostname}:${port || DEFAULT_PORTS[protocol]}`;
}

/** The Host header: without a port where it is the protocol's own. */
export function hostHeaderOf(target: ResolvedTarget): string {
  return new URL(httpOriginOf(target)).host;
}

/** The host of an origin; an IPv6 address without its brackets. */
export function hostOf(origin: string): string {
  return new URL(origin).hostname.replace(/^\[|\]$/g, '');
}
