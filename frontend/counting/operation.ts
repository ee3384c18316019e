/** One operation's way through the counters and the record, over all its requests. */

import { monotonicNowMs } from '../../foundation/clock.ts';
import type { Outcome } from '../../foundation/outcome.ts';
import type { OperationName } from '../../scenarios/operation-header.ts';
import type { OperationCounts } from './operation-counts.ts';
import type { OperationRecorder } from './operation-record.ts';

/** What an answer means to its operation. */
export type Turn = {
  /** What the client asks next in the same operation; null: nothing, the outcome is the operation's. */
  next: 'poll' | 'page' | null;
  outcome: Outcome;
};

export type Operation = {
  /** Null: it has no name, so that no further request can be told to be one of it. */
  name: OperationName | null;
  /** An answer was handed over whole; `answeredMs`: just before. */
  handedOver(turn: Turn, answeredMs: number): void;
  /** A further request has come, as the last answer told its client. */
  askedAgain(): void;
  abandoned(): void;
};

export type OperationEvidence = { counts: OperationCounts; recorder: OperationRecorder };

/** Counts an operation as received now. */
export function beginOperation(name: OperationName | null, { counts, recorder }: OperationEvidence): Operation {
  const counted = counts.receive(name);
  const receivedMs = monotonicNowMs();
  const asked = { poll: 0, page: 0 };
  let next: Turn['next'] = null;

  const record = (answeredMs: number | null, outcome: Outcome | null): void => {
    if (name === null) return;
    const { step: _, ...operation } = name;
    recorder.write({
      ...operation,
      receivedMs,
      answeredMs,
      outcome,
      abandoned: outcome === null,
      polls: asked.poll,
      pages: asked.page,
    });
  };

  return {
    name,
    handedOver(turn, answeredMs) {
      next = name === null ? null : turn.next;
      if (next !== null) return counted.answeredMeanwhile();
      counted.answered(turn.outcome);
      record(answeredMs, turn.outcome);
    },
    askedAgain() {
      counted.askedAgain();
      if (next !== null) asked[next] += 1;
    },
    abandoned() {
      counted.abandoned();
      record(null, null);
    },
  };
}
