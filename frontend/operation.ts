/** One operation's way through the counters and the record: received, then either answered whole or abandoned. */

import type { ServerResponse } from 'node:http';
import { monotonicNowMs } from '../foundation/clock.ts';
import type { Outcome } from '../foundation/outcome.ts';
import type { OperationName } from '../scenarios/server-count.ts';
import type { OperationCounts } from './operation-counts.ts';
import type { OperationRecorder } from './operation-record.ts';

/** An answer ready to be sent. */
export type Reply = { httpStatus: number; contentType: string; body: Uint8Array | string; outcome: Outcome };

export type Operation = {
  /** Sends the answer; nothing happens when the client has left. */
  answer(reply: Reply): void;
  /** Calls back when the client leaves before an answer was handed over whole. */
  onAbandoned(callback: () => void): void;
};

/** Counts the operation as received now. */
export function receiveOperation(
  name: OperationName | null,
  response: ServerResponse,
  { counts, recorder }: { counts: OperationCounts; recorder: OperationRecorder },
): Operation {
  const receivedMs = monotonicNowMs();
  const open = counts.receive(name);
  let outcome: Outcome | null = null;
  let answeredMs: number | null = null;
  let ended = false;
  let leave: (() => void) | undefined;

  const end = (answered: boolean): void => {
    if (ended) return;
    ended = true;
    if (answered && outcome !== null) open.answered(outcome);
    else open.abandoned();
    if (name === null) return;
    recorder.write({
      ...name,
      receivedMs,
      answeredMs: answered ? answeredMs : null,
      outcome: answered ? outcome : null,
      abandoned: !answered,
    });
  };

  response.once('finish', () => end(true));
  response.once('close', () => {
    if (ended) return;
    end(false);
    leave?.();
  });

  return {
    answer(reply) {
      if (ended) return;
      outcome = reply.outcome;
      response.writeHead(reply.httpStatus, {
        'Content-Type': reply.contentType,
        'Content-Length': typeof reply.body === 'string' ? Buffer.byteLength(reply.body) : reply.body.length,
      });
      answeredMs = monotonicNowMs();
      response.end(reply.body);
    },
    onAbandoned(callback) {
      leave = callback;
    },
  };
}
