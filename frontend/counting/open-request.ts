/** One request that is to be answered: tells its operation whether the answer was handed over whole or the client has left. */

import type { ServerResponse } from 'node:http';
import { monotonicNowMs } from '../../foundation/clock.ts';
import type { OperationName } from '../../scenarios/operation-header.ts';
import { type Operation, type OperationEvidence, type Turn, beginOperation } from './operation.ts';
import { type ToldOperations, createToldOperations } from './told-operations.ts';

/** An answer ready to be sent. */
export type Reply = Turn & { httpStatus: number; contentType: string; body: Uint8Array | string };

export type OpenRequest = {
  /** Sends the answer; nothing happens when the client has left. */
  answer(reply: Reply): void;
  /** Calls back when the client leaves before an answer was handed over whole. */
  onAbandoned(callback: () => void): void;
  /** Calls back once, when an answer was handed over whole, or with null when the client has left before. */
  onEnded(callback: (turn: Turn | null) => void): void;
  /** The answer was handed over or the client has left: work for it would be in vain. */
  hasEnded(): boolean;
};

export type RequestCounter = {
  /** A request has come, header and body: of a new operation, or of one whose client was told to ask again. */
  receive(name: OperationName | null, response: ServerResponse): OpenRequest;
  /** No client can come back any more. */
  abandonAll(): void;
};

export function createRequestCounter(evidence: OperationEvidence): RequestCounter {
  const told = createToldOperations();
  return {
    receive(name, response) {
      const resumed = name === null ? null : told.take(name);
      resumed?.askedAgain();
      // A further request of an operation that isn't known here (it began before a restart) can't be one of its cell.
      const operation = resumed ?? beginOperation(name?.step === 0 ? name : null, evidence);
      return openRequest(operation, response, told);
    },
    abandonAll: () => told.abandonAll(),
  };
}

function openRequest(operation: Operation, response: ServerResponse, told: ToldOperations): OpenRequest {
  let turn: Turn | null = null;
  let answeredMs = Number.NaN;
  let ended = false;
  let leave: (() => void) | undefined;
  let tellEnd: ((turn: Turn | null) => void) | undefined;

  const handOver = (): void => {
    if (ended || turn === null) return;
    ended = true;
    operation.handedOver(turn, answeredMs);
    tellEnd?.(turn);
  };
  response.once('finish', handOver);
  response.once('close', () => {
    if (ended) return;
    ended = true;
    told.drop(operation);
    operation.abandoned();
    leave?.();
    tellEnd?.(null);
  });

  return {
    answer({ httpStatus, contentType, body, outcome, next }) {
      if (ended) return;
      turn = { outcome, next };
      if (next !== null) told.put(operation, handOver);
      response.writeHead(httpStatus, {
        'Content-Type': contentType,
        'Content-Length': typeof body === 'string' ? Buffer.byteLength(body) : body.length,
      });
      answeredMs = monotonicNowMs();
      response.end(body);
    },
    onAbandoned(callback) {
      leave = callback;
    },
    onEnded(callback) {
      tellEnd = callback;
    },
    hasEnded: () => ended,
  };
}
