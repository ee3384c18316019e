/** Whether a server's certificate is for the host that was asked for. */

import { type DetailedPeerCertificate, type PeerCertificate, TLSSocket, checkServerIdentity } from 'node:tls';

/**
 * The rules of https (RFC 2818: an alternative name, else the common name); with GSI also the common name `service/host`, as
 * grid authorities have issued it (`host/door1.example.org`), for a certificate without alternative names.
 *
 * @returns what is wrong, with Node's code ERR_TLS_CERT_ALTNAME_INVALID; undefined: nothing
 */
export function checkServerName(host: string, certificate: PeerCertificate, gsi: boolean): Error | undefined {
  const wrong = checkServerIdentity(host, certificate);
  if (wrong === undefined || !gsi || certificate.subjectaltname !== undefined) return wrong;
  const [name, ...others] = [certificate.subject.CN].flat();
  const isServiceOfHost = others.length === 0 && name?.toLowerCase().split('/').at(-1) === host.toLowerCase();
  return isServiceOfHost ? undefined : wrong;
}

/**
 * For the check of the name, Node has the server's certificate and those of all its issuers made into objects: 0.4 ms, as much as
 * all else that a handshake takes. The name is in the first of them, which takes 0.17 ms.
 */
export function translateNoIssuers(socket: TLSSocket): void {
  socket.getPeerCertificate = readWithoutIssuers;
}

function readWithoutIssuers(this: TLSSocket): DetailedPeerCertificate {
  return TLSSocket.prototype.getPeerCertificate.call(this, false) as DetailedPeerCertificate;
}
