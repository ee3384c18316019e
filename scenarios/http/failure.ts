/** What an error of the network means: the outcome that it gives an operation. */

import { messageOf, systemCodeOf } from '../../foundation/error.ts';
import type { Outcome } from '../../foundation/outcome.ts';

/**
 * Where an operation is: `queued` (nothing has left yet), `connecting`, `securing` (TLS), `answering` (request sent),
 * `reading` (the head of the answer has come), `waiting` (to ask again). `idle`: there is none.
 */
export type Phase = 'idle' | 'queued' | 'connecting' | 'securing' | 'answering' | 'reading' | 'waiting';

/** Of an error that says that the client's own certificate is of no use any more. */
export const CREDENTIAL_OVER_CODE = 'OWN_CREDENTIAL_OVER';

/** Our own side failed: the same code means the same in every phase. */
const LOCAL_OUTCOMES: Readonly<Record<string, Outcome>> = {
  EMFILE: 'local/no-descriptor',
  ENFILE: 'local/no-descriptor',
  EADDRNOTAVAIL: 'local/no-port',
  EADDRINUSE: 'local/no-port',
  ENOTFOUND: 'local/name',
  EAI_AGAIN: 'local/name',
  ENOMEM: 'local/no-memory',
  ENOBUFS: 'local/no-memory',
  ENETUNREACH: 'local/no-route',
  EACCES: 'local/forbidden',
  EPERM: 'local/forbidden',
  [CREDENTIAL_OVER_CODE]: 'local/credential-expired',
};

/** What Node and OpenSSL say of a server's certificate that they don't accept. */
const SERVER_CERTIFICATE_OUTCOMES: Readonly<Record<string, Outcome>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: 'handshake-failure/server-name',
  CERT_HAS_EXPIRED: 'handshake-failure/server-certificate-expired',
  CERT_NOT_YET_VALID: 'handshake-failure/server-certificate-not-yet-valid',
  SELF_SIGNED_CERT_IN_CHAIN: 'handshake-failure/server-certificate-untrusted',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'handshake-failure/server-certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'handshake-failure/server-certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'handshake-failure/server-certificate-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'handshake-failure/server-certificate-untrusted',
};
/** Errors of the system, in any phase: there is no connection any more. */
const SYSTEM_CODE = /^E[A-Z]+$/;
/** `ERR_SSL_TLSV1_ALERT_UNKNOWN_CA`: what OpenSSL found wrong, after the version that it found it in. */
const TLS_CODE = /^ERR_SSL_(?:(?:TLSV1|TLSV13|SSLV3)_)?(?<reason>[A-Z0-9_]+)$/;

const CONNECT_OUTCOMES: Readonly<Record<string, Outcome>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused/unreachable',
  ETIMEDOUT: 'connect-timeout',
};

/** The body ended early, or the head has a length and something that can't be read. */
const LENGTH_MISMATCH_CODE = 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
/** By its name alone: undici is not to be loaded for it. */
const HTTP_PARSER_ERROR = 'HTTPParserError';
/** What its parser, whose errors have no code, says of chunks that end early. */
const TRUNCATED_CHUNKS = 'Invalid EOF state';
const MALFORMED_CODES = new Set(['UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RES_EXCEEDED_MAX_SIZE']);
/** What undici says when the connection ended; its other socket errors are answers that HTTP does not allow. */
const CLOSED_MESSAGES = new Set(['other side closed', 'closed']);

/** The outcome of a network error in a phase; null when the error is none of the network's, that is, a bug. */
export function outcomeOfFailure(error: unknown, phase: Phase): Outcome | null {
  if (error instanceof Error && error.name === HTTP_PARSER_ERROR)
    return error.message.includes(TRUNCATED_CHUNKS) ? 'reset' : 'malformed';
  const code = systemCodeOf(error);
  if (code === undefined) return null;
  if (isOfSourceAddress(error, code)) return 'local/source-address';
  const local = LOCAL_OUTCOMES[code];
  if (local !== undefined) return local;
  if (code === 'UND_ERR_SOCKET') return CLOSED_MESSAGES.has(messageOf(error)) ? 'reset' : 'malformed';
  if (code === LENGTH_MISMATCH_CODE) return phase === 'reading' ? 'reset' : 'malformed';
  if (MALFORMED_CODES.has(code)) return 'malformed';
  if (phase === 'securing') return outcomeOfHandshake(code);
  // With TLS 1.3 the server looks at the client's certificate after the client thinks that all is done.
  const tls = TLS_CODE.exec(code);
  if (tls !== null) return phase === 'answering' && code.includes('_ALERT_') ? outcomeOfHandshake(code) : 'reset';
  if (code.startsWith('UND_') || code.startsWith('ERR_')) return null;
  if (phase === 'connecting') return CONNECT_OUTCOMES[code] ?? 'reset';
  return 'reset';
}

/**
 * The address that the connection was to start from is none of this host, not of the target's family, or leads to no target:
 * bind() says so, or connect() that such a pair of addresses is impossible. All ports taken is another matter.
 */
function isOfSourceAddress(error: unknown, code: string): boolean {
  const { syscall } = error as { syscall?: unknown };
  return syscall === 'bind' ? code !== 'EADDRINUSE' : syscall === 'connect' && code === 'EINVAL';
}

/** `handshake-failure/…`: what was wrong, in the words of the one that found it. */
function outcomeOfHandshake(code: string): Outcome {
  const known = SERVER_CERTIFICATE_OUTCOMES[code];
  if (known !== undefined) return known;
  const reason = TLS_CODE.exec(code)?.groups?.['reason'];
  if (reason !== undefined) return `handshake-failure/${toDashes(reason)}`;
  if (code === 'ETIMEDOUT') return 'handshake-timeout';
  return SYSTEM_CODE.test(code) ? 'handshake-failure/reset' : `handshake-failure/${toDashes(code)}`;
}

function toDashes(code: string): string {
  return code.toLowerCase().replaceAll('_', '-');
}

/** The outcome when the timeout of a phase has passed. */
export function outcomeOfTimeout(phase: Phase): Outcome {
  if (phase === 'connecting') return 'connect-timeout';
  return phase === 'securing' ? 'handshake-timeout' : 'answer-timeout';
}
