/** Finds the end of an answer with a Content-Length, as cheaply as a bare socket can. */

const HEAD_END = '\r\n\r\n';

/** @returns a function that takes the next bytes and says whether the answer is whole; @throws Error unless it is a 200 */
export function createAnswerMeter(): (chunk: Buffer) => boolean {
  let head: Buffer | null = null;
  let left = -1;
  return (chunk) => {
    if (left >= 0) {
      left -= chunk.length;
    } else {
      const seen = head === null ? chunk : Buffer.concat([head, chunk]);
      const headEnd = seen.indexOf(HEAD_END);
      if (headEnd === -1) {
        head = Buffer.from(seen);
        return false;
      }
      head = null;
      left = lengthOfBody(seen.toString('latin1', 0, headEnd)) - (seen.length - headEnd - HEAD_END.length);
    }
    if (left > 0) return false;
    left = -1;
    return true;
  };
}

function lengthOfBody(head: string): number {
  if (!head.startsWith('HTTP/1.1 200')) throw new Error(`expected 200, got ${head.slice(0, 40)}`);
  const length = /content-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error('expected a Content-Length');
  return Number(length);
}
