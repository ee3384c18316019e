/** One row an operation, into typed arrays that are used again and again. */

import type { Outcome } from '../foundation/outcome.ts';
import { NOT_REACHED, type OperationBlock, createOperationBlock, encodeOperationBlock } from '../reports/operation.ts';
import { type Exchange, readyToAskAtMs } from '../scenarios/scenario.ts';

/** A full buffer ships at once. */
export const ROWS_PER_BUFFER = 4096;

export type Recorder = {
  /** @returns true when the buffer is full and must be shipped before the next row */
  record(client: number, sequence: number, exchange: Exchange): boolean;
  /** The rows since the last call, encoded; the buffer is empty afterwards. */
  ship(): { rows: number; block: Uint8Array };
  /** Rows recorded since the cell began. */
  total(): number;
};

export function createRecorder(t0Ms: number): Recorder {
  const block: OperationBlock = createOperationBlock(ROWS_PER_BUFFER);
  const indexOf = new Map<Outcome, number>();
  let total = 0;

  const outcomeIndex = (outcome: Outcome): number => {
    const known = indexOf.get(outcome);
    if (known !== undefined) return known;
    indexOf.set(outcome, block.outcomes.length);
    block.outcomes.push(outcome);
    return block.outcomes.length - 1;
  };

  return {
    record(client, sequence, exchange) {
      const row = block.rows;
      const { startedAtMs, connectedAtMs, securedAtMs, firstByteAtMs, endedAtMs } = exchange;
      block.client[row] = client;
      block.sequence[row] = sequence;
      block.startUs[row] = Math.round((startedAtMs - t0Ms) * 1000);
      block.durationUs[row] = Math.round((endedAtMs - startedAtMs) * 1000);
      block.connectUs[row] = phaseUs(startedAtMs, connectedAtMs);
      block.handshakeUs[row] = phaseUs(connectedAtMs, securedAtMs);
      block.firstByteUs[row] = phaseUs(readyToAskAtMs(exchange), firstByteAtMs);
      block.restUs[row] = phaseUs(firstByteAtMs, endedAtMs);
      block.answerBytes[row] = exchange.answerBytes;
      block.polls[row] = exchange.polls;
      block.pages[row] = exchange.pages;
      block.outcome[row] = outcomeIndex(exchange.outcome);
      block.rows = row + 1;
      total += 1;
      return block.rows === ROWS_PER_BUFFER;
    },
    ship() {
      const shipped = { rows: block.rows, block: encodeOperationBlock(block) };
      block.rows = 0;
      return shipped;
    },
    total: () => total,
  };
}

/** NaN on either side: the phase was not reached, or not needed. */
function phaseUs(fromMs: number, toMs: number): number {
  const spanMs = toMs - fromMs;
  return Number.isNaN(spanMs) ? NOT_REACHED : Math.round(spanMs * 1000);
}
