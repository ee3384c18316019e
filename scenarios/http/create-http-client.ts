/** Which transport carries a client's operations. */

import type { Outcome } from '../../foundation/outcome.ts';
import type { Exchange, ResolvedTarget } from '../scenario.ts';
import { prepareToDial } from './connect.ts';
import { DirectClient } from './direct-client.ts';
import type { HttpClient, HttpClientOptions } from './http-client.ts';
import { UndiciClient } from './undici-client.ts';

/**
 * A client that uses the target's transport; with `direct`, undici from the first unusual answer on. Each operation is counted
 * under the one that it began with.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  return new CountingClient(options);
}

class CountingClient implements HttpClient {
  readonly #options: HttpClientOptions;
  #transport: ResolvedTarget['transport'];
  #client: HttpClient;

  constructor(options: HttpClientOptions) {
    prepareToDial(options.context);
    this.#options = options;
    this.#transport = options.context.target.transport;
    this.#client =
      this.#transport === 'undici'
        ? new UndiciClient(options)
        : new DirectClient(options, () => (this.#transport = 'undici'));
  }

  open(): Promise<Outcome> {
    return this.#client.open();
  }

  perform(exchange: Exchange, ended: () => void, started?: () => void): void {
    this.#options.context.connections.carriedBy[this.#transport] += 1;
    if (this.#transport === 'undici' && this.#client instanceof DirectClient)
      this.#client = new UndiciClient(this.#options);
    this.#client.perform(exchange, ended, started);
  }

  wake(nowMs: number): void {
    this.#client.wake(nowMs);
  }

  abort(outcome: Outcome): void {
    this.#client.abort(outcome);
  }

  close(): void {
    this.#client.close();
  }
}
