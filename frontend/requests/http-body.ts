/** Collects the bodies of requests, each up to a limit and all that are unfinished together up to another. */

import type { IncomingMessage } from 'node:http';

export const BODY_LIMIT_BYTES = 1024 * 1024;
/** Room for 30,000 clients that all send an srmLs of 2 kB, or for 64 of the largest bodies. */
const TOGETHER_LIMIT_BYTES = 64 * 1024 * 1024;
/** A sender that is to be refused is read to its end, so that it is there for the answer; but not for ever. */
const DISCARD_LIMIT_BYTES = 16 * BODY_LIMIT_BYTES;

const SMALLEST_BUFFER_BYTES = 1024;

export type BodyRefusal = 'too-large' | 'too-many';
export type BodyCollector = (request: IncomingMessage, collected: (body: Buffer | BodyRefusal) => void) => void;

/**
 * What it makes calls back once the whole body has come, kept or not: `too-large`: it was longer than the limit; `too-many`: there
 * was no room for it beside the other unfinished ones. Never calls back when the sender leaves in the middle, or doesn't stop
 * sending what nobody keeps.
 */
export function createBodyCollector(togetherLimitBytes = TOGETHER_LIMIT_BYTES): BodyCollector {
  let heldTogether = 0;

  return (request, collected) => {
    // A buffer of its own that doubles: single chunks may be as small as a byte, and each would cost a hundred more.
    let held = Buffer.alloc(0);
    let bytes = 0;
    let refusal: BodyRefusal | null = null;

    const hold = (buffer: Buffer<ArrayBuffer>): void => {
      heldTogether += buffer.length - held.length;
      held = buffer;
    };
    const keep = (chunk: Buffer): void => {
      const needed = bytes + chunk.length;
      if (needed > held.length) {
        const capacity = Math.min(BODY_LIMIT_BYTES, Math.max(needed, 2 * held.length, SMALLEST_BUFFER_BYTES));
        if (heldTogether - held.length + capacity > togetherLimitBytes) return refuse('too-many');
        const larger = Buffer.allocUnsafeSlow(capacity);
        held.copy(larger, 0, 0, bytes);
        hold(larger);
      }
      chunk.copy(held, bytes);
    };
    const refuse = (reason: BodyRefusal): void => {
      refusal = reason;
      hold(Buffer.alloc(0));
    };

    request.on('data', (chunk: Buffer) => {
      if (refusal === null && bytes + chunk.length > BODY_LIMIT_BYTES) refuse('too-large');
      if (refusal === null) keep(chunk);
      bytes += chunk.length;
      if (bytes > DISCARD_LIMIT_BYTES) request.destroy();
    });
    request.on('end', () => {
      const body = held.subarray(0, bytes);
      hold(Buffer.alloc(0));
      collected(refusal ?? body);
    });
    request.on('close', () => hold(Buffer.alloc(0)));
  };
}
