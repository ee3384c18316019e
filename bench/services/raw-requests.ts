/** Cuts the bytes of one connection into HTTP requests, as cheaply as can be: a service of the bench is not to be the limit. */

const HEAD_END = '\r\n\r\n';
const NOTHING = Buffer.alloc(0);

/** Bodies have a Content-Length or there are none: the bench knows who asks. @returns a listener for `data` */
export function createRequestCutter(requested: () => void): (chunk: Buffer) => void {
  /** The last request that came in one piece: a client asks for the same again and again. */
  let last: Buffer = NOTHING;
  let pending: Buffer = NOTHING;
  return (chunk) => {
    if (pending.length === 0 && chunk.length === last.length && chunk.equals(last)) return requested();
    let rest = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const length = lengthOfRequest(rest);
      if (length === null || rest.length < length) break;
      if (length === chunk.length) last = Buffer.from(chunk);
      rest = rest.subarray(length);
      requested();
    }
    pending = rest;
  };
}

/** Bytes of head and body; null: the head is not whole. */
export function lengthOfRequest(bytes: Buffer): number | null {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) return null;
  const head = bytes.toString('latin1', 0, headEnd);
  return headEnd + HEAD_END.length + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
}
