/** What HTTP scenarios and the transports that carry them say to each other. */

import type { Outcome } from '../../foundation/outcome.ts';
import type { ClientContext, Exchange } from '../scenario.ts';

/** An answer with a larger body is malformed. */
export const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;

/** Reads one answer after the other and decides their outcomes; what it throws is a bug. */
export type AnswerReader = {
  /** The head of an answer came. */
  begin(status: number): void;
  /** Bytes `start` to `end` (not included) of `chunk` are the next of the body; they are overwritten after the call. */
  write(chunk: Buffer, start: number, end: number): void;
  /** The answer is whole: how the operation ended, or when to ask again; the request then says what. */
  end(): Outcome | AskAgain;
};

/** The operation goes on: its next request leaves after this long. */
export type AskAgain = { askAgainInMs: number };

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

/** A request that is sent again and again; between two of them its owner may change it. */
export type RepeatedRequest = {
  readonly method: HttpMethod;
  readonly path: string;
  /**
   * Names and values by turns, names in lower case; neither Host nor Content-Length. Clients that send the same share one list,
   * so that its bytes are made once; it is replaced, never changed.
   */
  headers: readonly string[];
  /** Value of the header that names the operation; null: it is not named to the service. */
  operation: string | null;
  /** Shared and never changed, as the headers are. */
  body: Buffer | null;
};

export type HttpClientOptions = { context: ClientContext; request: RepeatedRequest; reader: AnswerReader };

/** The HTTP operations of one client: timed, classified, never retried, never redirected. Calls as in a ScenarioClient. */
export type HttpClient = {
  open(): Promise<Outcome>;
  perform(exchange: Exchange, ended: () => void, started?: () => void): void;
  wake(nowMs: number): void;
  abort(outcome: Outcome): void;
  close(): void;
};
