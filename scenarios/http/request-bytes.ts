/** The bytes of a request that is sent again and again: what changes is written over what was there. */

import type { RepeatedRequest } from './http-client.ts';

/** What undici refuses, too: a value could end the head, or not be written in Latin-1. */
const FORBIDDEN = /[^\t\x20-\x7e\x80-\xff]/;
/** Requests that have a body by their method say so even when it is empty. */
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

export class RequestBytes {
  readonly #request: RepeatedRequest;
  readonly #start: string;
  #bytes: Buffer | null = null;
  /** The values and the body as they stand in the bytes, and where each value begins. */
  #values: string[] = [];
  #offsets: number[] = [];
  #body: Buffer | null = null;

  /** @param host the Host header */
  constructor(request: RepeatedRequest, host: string) {
    this.#request = request;
    this.#start = `${request.method} ${request.path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
  }

  /**
   * The request as it is now; valid until the next call.
   * @throws TypeError for a header that HTTP does not allow (a bug of the caller)
   */
  current(): Buffer {
    const { headers, body } = this.#request;
    const bytes = this.#bytes;
    if (bytes === null || body !== this.#body) return this.#write();
    for (let index = 0; index < this.#values.length; index += 1) {
      const value = headers[2 * index + 1] as string;
      const written = this.#values[index] as string;
      if (value === written) continue;
      if (value.length !== written.length) return this.#write();
      bytes.write(checked(value), this.#offsets[index] as number, 'latin1');
      this.#values[index] = value;
    }
    return bytes;
  }

  /** The bytes may still be on their way: the next request is written elsewhere. */
  forget(): void {
    this.#bytes = null;
  }

  #write(): Buffer {
    const { method, headers, body } = this.#request;
    let head = this.#start;
    this.#values = [];
    this.#offsets = [];
    for (let index = 0; index < headers.length; index += 2) {
      const value = headers[index + 1] as string;
      head += `${headers[index]}: `;
      this.#offsets.push(head.length);
      this.#values.push(value);
      head += `${checked(value)}\r\n`;
    }
    if (body !== null || METHODS_WITH_BODY.has(method)) head += `content-length: ${body?.length ?? 0}\r\n`;
    head += '\r\n';
    const bytes = Buffer.allocUnsafe(head.length + (body?.length ?? 0));
    bytes.write(head, 'latin1');
    body?.copy(bytes, head.length);
    this.#bytes = bytes;
    this.#body = body;
    return bytes;
  }
}

function checked(value: string): string {
  if (FORBIDDEN.test(value)) throw new TypeError('a header value that HTTP does not allow');
  return value;
}
