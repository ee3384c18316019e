/** Whether a server's certificate is for the host that was asked for. */

import { type PeerCertificate, checkServerIdentity } from 'node:tls';

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
