/** What coordinator and pilots tell each other of an `http-get`: one request, whole, and what its answer must be. */

import { z } from 'zod';
import type { HttpMethod } from './http/http-client.ts';

export const HTTP_METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
] as const satisfies readonly HttpMethod[];

/** As many bytes as a request may carry: in base64 it travels to a pilot together with the credentials of its clients. */
export const LARGEST_REQUEST_BODY_BYTES = 8 * 1024 * 1024;

export const HttpGetSpecSchema = z.strictObject({
  kind: z.literal('http-get'),
  method: z.enum(HTTP_METHODS),
  /** Names in lower case, each once, none that the transport sets itself. */
  headers: z.array(z.tuple([z.string(), z.string()])),
  /** In base64; null: none. */
  body: z.string().nullable(),
  /** Any other status is the outcome `status/http-<n>`. */
  expectStatus: z.array(z.number().int()).min(1),
  /** An answer whose body does not contain its UTF-8 bytes is the outcome `status/text`; null: not looked at. */
  expectText: z.string().min(1).nullable(),
});

export type HttpGetSpec = z.infer<typeof HttpGetSpecSchema>;
