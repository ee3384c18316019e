/**
 * The bytes of requests, made once for all the clients of a thread that send the same: what is an operation's own, the value of the
 * one header that names it, is written over that of the last one.
 */

import { OPERATION_HEADER } from '../operation-header.ts';
import type { RepeatedRequest } from './http-client.ts';

/** What undici refuses, too: a value could end the head, or not be written in Latin-1. */
const FORBIDDEN = /[^\t\x20-\x7e\x80-\xff]/;
/** Requests that have a body by their method say so even when it is empty. */
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** A longer body is written after the head, from where it is: there may be many heads, by the length of what is an operation's own. */
const LONGEST_BODY_BESIDE_HEAD_BYTES = 16 * 1024;

/** A request but for the operation's name, of which the length is known. */
type Template = {
  method: string;
  path: string;
  host: string;
  body: Buffer | null;
  /** -1: operations are not named. */
  nameLength: number;
  bytes: Buffer;
  /** Where the operation's name stands in the bytes. */
  nameAt: number;
  /** They are still on their way: nothing may be written over them. */
  isTaken: boolean;
};

/** By the list of headers, of which all clients that send the same have the same. */
const templates = new WeakMap<readonly string[], Template[]>();

export class RequestBytes {
  readonly #request: RepeatedRequest;
  readonly #host: string;
  #template: Template | null = null;
  #headers: readonly string[] | null = null;

  /** @param host the Host header */
  constructor(request: RepeatedRequest, host: string) {
    this.#request = request;
    this.#host = host;
  }

  /**
   * The request as it is now, but for a long body; the bytes hold it until the next call, of this or another client.
   * @throws TypeError for a header that HTTP does not allow (a bug of the caller)
   */
  current(): Buffer {
    const { headers, operation } = this.#request;
    let template = this.#template;
    if (template === null || this.#headers !== headers || !fits(template, this.#request, this.#host)) {
      template = findTemplate(this.#request, this.#host);
      this.#template = template;
      this.#headers = headers;
    }
    // Not looked at each time: it is made of names that the config's rules allow, and of digits.
    if (operation !== null) template.bytes.write(operation, template.nameAt, 'latin1');
    return template.bytes;
  }

  /** What follows the bytes that `current` gave; null: nothing. */
  get bodyApart(): Buffer | null {
    const { body } = this.#request;
    return isApart(body) ? body : null;
  }

  /** What `current` gave is still on its way: the next request is written elsewhere. */
  leave(): void {
    const template = this.#template;
    if (template === null) return;
    template.isTaken = true;
    const alike = templates.get(this.#headers as readonly string[]);
    alike?.splice(alike.indexOf(template), 1);
  }
}

function fits(template: Template, { method, path, operation, body }: RepeatedRequest, host: string): boolean {
  return (
    !template.isTaken &&
    template.body === body &&
    template.nameLength === lengthOf(operation) &&
    template.host === host &&
    template.path === path &&
    template.method === method
  );
}

function findTemplate(request: RepeatedRequest, host: string): Template {
  let alike = templates.get(request.headers);
  if (alike === undefined) templates.set(request.headers, (alike = []));
  let template = alike.find((one) => fits(one, request, host));
  if (template === undefined) alike.push((template = createTemplate(request, host)));
  return template;
}

function createTemplate({ method, path, headers, operation, body }: RepeatedRequest, host: string): Template {
  const nameLength = lengthOf(operation);
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
  for (let index = 0; index < headers.length; index += 2) {
    head += `${headers[index]}: ${checked(headers[index + 1] as string)}\r\n`;
  }
  if (body !== null || METHODS_WITH_BODY.has(method)) head += `content-length: ${body?.length ?? 0}\r\n`;
  if (operation !== null) head += `${OPERATION_HEADER}: `;
  const nameAt = head.length;
  if (operation !== null) head += `${checked(operation)}\r\n`;
  head += '\r\n';
  const bytes = Buffer.allocUnsafe(head.length + (isApart(body) ? 0 : (body?.length ?? 0)));
  bytes.write(head, 'latin1');
  if (!isApart(body)) body?.copy(bytes, head.length);
  return { method, path, host, body, nameLength, bytes, nameAt, isTaken: false };
}

function lengthOf(operation: string | null): number {
  return operation === null ? -1 : operation.length;
}

function isApart(body: Buffer | null): boolean {
  return body !== null && body.length > LONGEST_BODY_BESIDE_HEAD_BYTES;
}

function checked(value: string): string {
  if (FORBIDDEN.test(value)) throw new TypeError('a header value that HTTP does not allow');
  return value;
}
