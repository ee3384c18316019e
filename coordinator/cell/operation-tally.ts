/** Counts of the operations of a running cell, as its rows come in: how many ended when, and who has not ended one yet. */

import { type OutcomeCounts, outcomeClassOf } from '../../foundation/outcome.ts';
import type { OperationBlock } from '../../reports/operation.ts';

/** An operation that we ended: the service may have counted it all the same. */
export type CutOperation = { client: number; sequence: number };

export type OperationTally = {
  count(block: OperationBlock): void;
  /** Operations that ended neither ok nor cut. */
  failed(): number;
  /** All of them, as they ended; the counts go on with the next block. */
  byClass(): Readonly<OutcomeCounts>;
  cut(): readonly CutOperation[];
  /** When a client ended its first operation, in ms since T0; Infinity: not yet. */
  firstEndMs(client: number): number;
  /** Operations that ended in (fromMs, toMs], of any outcome but cut. */
  endedBetween(fromMs: number, toMs: number): number;
  /** The successful ones of those. */
  okBetween(fromMs: number, toMs: number): number;
};

export function createOperationTally(clients: number, gridMs: number): OperationTally {
  const firstEndMs = new Float64Array(clients).fill(Infinity);
  const ended = createBins(gridMs);
  const ok = createBins(gridMs);
  const cut: CutOperation[] = [];
  const byClass: OutcomeCounts = {};
  const countClasses = (outcomes: readonly string[], counts: Uint32Array): void => {
    for (const [index, outcome] of outcomes.entries()) {
      const outcomeClass = outcomeClassOf(outcome);
      byClass[outcomeClass] = (byClass[outcomeClass] ?? 0) + (counts[index] as number);
    }
  };
  return {
    count(block) {
      const okIndex = block.outcomes.indexOf('ok');
      const cutIndex = block.outcomes.indexOf('cut');
      const counts = new Uint32Array(block.outcomes.length);
      for (let row = 0; row < block.rows; row += 1) {
        const client = block.client[row] as number;
        const outcome = block.outcome[row] as number;
        counts[outcome] = (counts[outcome] as number) + 1;
        if (outcome === cutIndex) {
          cut.push({ client, sequence: block.sequence[row] as number });
          continue;
        }
        const endMs = ((block.startUs[row] as number) + (block.durationUs[row] as number)) / 1000;
        ended.add(endMs);
        if (outcome === okIndex) ok.add(endMs);
        if (endMs < (firstEndMs[client] as number)) firstEndMs[client] = endMs;
      }
      countClasses(block.outcomes, counts);
    },
    failed: () => sumOf(byClass) - (byClass.ok ?? 0) - (byClass.cut ?? 0),
    byClass: () => byClass,
    cut: () => cut,
    firstEndMs: (client) => firstEndMs[client] as number,
    endedBetween: ended.between,
    okBetween: ok.between,
  };
}

function sumOf(counts: OutcomeCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Counts per grid interval; bin n covers (n, n + 1] grid steps. Running sums make any range cost one subtraction. */
function createBins(gridMs: number): { add(endMs: number): void; between: (fromMs: number, toMs: number) => number } {
  const counts: number[] = [];
  const sums: number[] = [0];
  return {
    add(endMs) {
      // A pilot's clock may be off by its error, so an end just before T0 is possible: it belongs to the first bin.
      const bin = Math.max(0, Math.ceil(endMs / gridMs) - 1);
      counts[bin] = (counts[bin] ?? 0) + 1;
      if (bin + 1 < sums.length) sums.length = bin + 1;
    },
    between: (fromMs, toMs) => {
      const to = Math.round(toMs / gridMs);
      for (let point = sums.length; point <= to; point += 1) {
        sums[point] = (sums[point - 1] as number) + (counts[point - 1] ?? 0);
      }
      return (sums[to] as number) - (sums[Math.round(fromMs / gridMs)] as number);
    },
  };
}
