/** One HTTP request, the same each time, judged by the status and the text of its answer. */

import type { Outcome } from '../foundation/outcome.ts';
import { HttpScenarioClient } from './http/http-scenario-client.ts';
import type { RepeatedRequest } from './http/http-client.ts';
import type { HttpGetSpec } from './http-get-spec.ts';
import type { ClientContext, Exchange, PreparedScenario, ResolvedTarget } from './scenario.ts';
import { type SearchedBody, type TextSearch, createTextSearch } from './text-search.ts';

/** What the clients of a thread have in common. */
type Shared = {
  createRequest(target: ResolvedTarget): RepeatedRequest;
  expectStatus: readonly number[];
  /** Null: no text is looked for. */
  search: TextSearch | null;
};

/** The clients of a thread that send one request: they share its headers, its body, and what is known of its answers. */
export function prepareHttpGet({ method, headers, body, expectStatus, expectText }: HttpGetSpec): PreparedScenario {
  const bytes = body === null ? null : Buffer.from(body, 'base64');
  const fieldsOf = new Map<string, readonly string[]>();
  const shareFields = (userAgent: string): readonly string[] => {
    let fields = fieldsOf.get(userAgent);
    if (fields === undefined) fieldsOf.set(userAgent, (fields = ['user-agent', userAgent, ...headers.flat()]));
    return fields;
  };
  const shared: Shared = {
    createRequest: ({ path, userAgent }) => ({
      method,
      path,
      headers: shareFields(userAgent),
      operation: null,
      body: bytes,
    }),
    expectStatus,
    search: expectText === null ? null : createTextSearch(expectText),
  };
  return (context) => new HttpGetClient(context, shared);
}

class HttpGetClient extends HttpScenarioClient {
  readonly #shared: Shared;
  readonly #body: SearchedBody | null;
  #status = 0;
  #isExpected = false;

  constructor(context: ClientContext, shared: Shared) {
    super(context, shared.createRequest(context.target));
    this.#shared = shared;
    this.#body = shared.search === null ? null : shared.search.createBody();
  }

  perform(sequence: number, exchange: Exchange, ended: () => void, started?: () => void): void {
    this.name(sequence, 0);
    this.send(exchange, ended, started);
  }

  begin(status: number): void {
    this.#status = status;
    this.#isExpected = this.#shared.expectStatus.includes(status);
    if (this.#isExpected) this.#body?.begin();
  }

  /** An error page is an error, whatever its text. */
  write(chunk: Buffer, start: number, end: number): void {
    if (this.#isExpected) this.#body?.write(chunk, start, end);
  }

  end(): Outcome {
    if (!this.#isExpected) return `status/http-${this.#status}`;
    return this.#body === null || this.#body.end() ? 'ok' : 'status/text';
  }
}
