/** What an error of the network means: the outcome that it gives an operation. */

import { errors } from 'undici';
import { messageOf, systemCodeOf } from '../foundation/error.ts';
import type { Outcome } from '../foundation/outcome.ts';

/**
 * Where an operation is: `queued` (nothing has left yet), `connecting`, `securing` (TLS), `answering` (request sent),
 * `reading` (the head of the answer has come). `idle`: there is none.
 */
export type Phase = 'idle' | 'queued' | 'connecting' | 'securing' | 'answering' | 'reading';

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
};

const CONNECT_OUTCOMES: Readonly<Record<string, Outcome>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused/unreachable',
  ETIMEDOUT: 'connect-timeout',
};

/** The body ended early, or the head has a length and something that can't be read. */
const LENGTH_MISMATCH_CODE = 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
/** What its parser, whose errors have no code, says of chunks that end early. */
const TRUNCATED_CHUNKS = 'Invalid EOF state';
const MALFORMED_CODES = new Set(['UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RES_EXCEEDED_MAX_SIZE']);
/** What undici says when the connection ended; its other socket errors are answers that HTTP does not allow. */
const CLOSED_MESSAGES = new Set(['other side closed', 'closed']);

/** The outcome of a network error in a phase; null when the error is none of the network's, that is, a bug. */
export function outcomeOfFailure(error: unknown, phase: Phase): Outcome | null {
  if (error instanceof errors.HTTPParserError) return error.message.includes(TRUNCATED_CHUNKS) ? 'reset' : 'malformed';
  const code = systemCodeOf(error);
  if (code === undefined) return null;
  const local = LOCAL_OUTCOMES[code];
  if (local !== undefined) return local;
  if (code === 'UND_ERR_SOCKET') return CLOSED_MESSAGES.has(messageOf(error)) ? 'reset' : 'malformed';
  if (code === LENGTH_MISMATCH_CODE) return phase === 'reading' ? 'reset' : 'malformed';
  if (MALFORMED_CODES.has(code)) return 'malformed';
  if (code.startsWith('UND_') || code.startsWith('ERR_')) return null;
  if (phase === 'connecting') return CONNECT_OUTCOMES[code] ?? 'reset';
  return 'reset';
}

/** The outcome when the timeout of a phase has passed. */
export function outcomeOfTimeout(phase: Phase): Outcome {
  if (phase === 'connecting') return 'connect-timeout';
  return phase === 'securing' ? 'handshake-timeout' : 'answer-timeout';
}
