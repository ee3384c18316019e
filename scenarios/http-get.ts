/** One HTTP request, the same each time, judged by the status and the text of its answer. */

import type { Outcome } from '../foundation/outcome.ts';
import { createHttpClient } from './http/create-http-client.ts';
import type { AnswerReader, HttpClient, RepeatedRequest } from './http/http-client.ts';
import type { HttpGetSpec } from './http-get-spec.ts';
import type { PreparedScenario } from './registry.ts';
import type { ClientContext, Exchange, ResolvedTarget, ScenarioClient } from './scenario.ts';
import { OPERATION_HEADER, operationHeader, operationHeaderPrefix } from './server-count.ts';
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
  const fields = headers.flat();
  const bytes = body === null ? null : Buffer.from(body, 'base64');
  const shared: Shared = {
    createRequest: ({ path, userAgent }) => ({
      method,
      path,
      headers: ['user-agent', userAgent, ...fields],
      body: bytes,
      ...(method === 'HEAD' ? { reset: false } : {}),
    }),
    expectStatus,
    search: expectText === null ? null : createTextSearch(expectText),
  };
  const unlabelled = new Map<ResolvedTarget, RepeatedRequest>();
  return (context) => {
    if (context.labels !== null) return new HttpGetClient(context, shared, shared.createRequest(context.target));
    // Without a number of its own, every operation of every client is the same request.
    let request = unlabelled.get(context.target);
    if (request === undefined) unlabelled.set(context.target, (request = shared.createRequest(context.target)));
    return new HttpGetClient(context, shared, request);
  };
}

class HttpGetClient implements ScenarioClient, AnswerReader {
  readonly #shared: Shared;
  readonly #request: RepeatedRequest;
  /** Null: operations are not named to the service. */
  readonly #labelPrefix: string | null;
  readonly #body: SearchedBody | null;
  readonly #http: HttpClient;
  #status = 0;
  #isExpected = false;

  constructor(context: ClientContext, shared: Shared, request: RepeatedRequest) {
    const { labels, client } = context;
    this.#shared = shared;
    this.#request = request;
    this.#labelPrefix = labels === null ? null : operationHeaderPrefix(labels, client);
    if (this.#labelPrefix !== null) request.headers.push(OPERATION_HEADER, '');
    this.#body = shared.search === null ? null : shared.search.createBody();
    this.#http = createHttpClient({ context, request, reader: this });
  }

  open(): Promise<Outcome> {
    return this.#http.open();
  }

  perform(sequence: number, exchange: Exchange, ended: () => void, started?: () => void): void {
    const { headers } = this.#request;
    if (this.#labelPrefix !== null) headers[headers.length - 1] = operationHeader(this.#labelPrefix, sequence, 0);
    this.#http.perform(exchange, ended, started);
  }

  wake(nowMs: number): void {
    this.#http.wake(nowMs);
  }

  abort(outcome: Outcome): void {
    this.#http.abort(outcome);
  }

  close(): void {
    this.#http.close();
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
