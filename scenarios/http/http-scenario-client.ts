/** What the clients of all HTTP scenarios have in common: one request after the other over one transport, each answer judged. */

import type { Outcome } from '../../foundation/outcome.ts';
import { operationHeader, operationHeaderPrefix } from '../operation-header.ts';
import type { ClientContext, Exchange, ScenarioClient } from '../scenario.ts';
import { createHttpClient } from './create-http-client.ts';
import type { AnswerReader, AskAgain, HttpClient, RepeatedRequest } from './http-client.ts';

export abstract class HttpScenarioClient implements ScenarioClient, AnswerReader {
  protected readonly request: RepeatedRequest;
  readonly #http: HttpClient;
  /** Null: operations are not named to the service. */
  readonly #labelPrefix: string | null;

  constructor(context: ClientContext, request: RepeatedRequest) {
    const { labels, client } = context;
    this.request = request;
    this.#labelPrefix = labels === null ? null : operationHeaderPrefix(labels, client);
    this.#http = createHttpClient({ context, request, reader: this });
  }

  abstract perform(sequence: number, exchange: Exchange, ended: () => void, started?: () => void): void;
  abstract begin(status: number): void;
  abstract write(chunk: Buffer, start: number, end: number): void;
  abstract end(): Outcome | AskAgain;

  open(): Promise<Outcome> {
    return this.#http.open();
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

  /** Names the next request to the service: `step` 0 is the first of the operation. */
  protected name(sequence: number, step: number): void {
    if (this.#labelPrefix !== null) this.request.operation = operationHeader(this.#labelPrefix, sequence, step);
  }

  /** Sends the request as it is now, as an operation of its own. */
  protected send(exchange: Exchange, ended: () => void, started?: () => void): void {
    this.#http.perform(exchange, ended, started);
  }
}
