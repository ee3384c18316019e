/** A request taken apart, for peers that put it together themselves. */

const HEAD_END = '\r\n\r\n';
/** Every peer writes these itself. */
const WRITTEN_BY_PEER: ReadonlySet<string> = new Set(['host', 'content-length', 'connection']);

export type HttpRequest = { method: string; headers: Record<string, string>; body: Buffer };

export function takeApart(request: Buffer): HttpRequest {
  const headEnd = request.indexOf(HEAD_END);
  const [requestLine = '', ...lines] = request.toString('latin1', 0, headEnd).split('\r\n');
  const headers = lines
    .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const)
    .filter(([name]) => !WRITTEN_BY_PEER.has(name));
  return {
    method: requestLine.split(' ')[0] ?? '',
    headers: Object.fromEntries(headers),
    body: request.subarray(headEnd + HEAD_END.length),
  };
}
