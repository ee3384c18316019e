/** Which transport carries a client's operations. */

import type { HttpClient, HttpClientOptions } from './http-client.ts';
import { UndiciClient } from './undici-client.ts';

export function createHttpClient(options: HttpClientOptions): HttpClient {
  return new UndiciClient(options);
}
