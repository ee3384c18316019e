/** Collects the body of a request, up to a limit. */

import type { IncomingMessage } from 'node:http';

export const BODY_LIMIT_BYTES = 1024 * 1024;

/**
 * Calls back once the whole body has come; null: it was longer than the limit, and was read to its end without being kept,
 * so that the sender is there for the answer. Never calls back when the sender leaves in the middle.
 */
export function collectBody(request: IncomingMessage, collected: (body: Buffer | null) => void): void {
  let chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > BODY_LIMIT_BYTES) chunks = [];
    else chunks.push(chunk);
  });
  request.on('end', () => {
    if (bytes > BODY_LIMIT_BYTES) collected(null);
    else collected(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
  });
}
