/**
 * The frontend's own count of operations, per cell: the evidence that the client's rows are held against.
 *
 * | an operation is | and then | it is |
 * | --- | --- | --- |
 * | – | its header and body have come | received, open |
 * | open | its answer was handed over whole | answered |
 * | open | its client left | abandoned |
 */

import type { Outcome } from '../foundation/outcome.ts';
import type { CellCount, OperationName } from '../scenarios/server-count.ts';

/** More cells than a campaign has; the ones not heard of for longest are forgotten. */
const CELLS_KEPT = 1000;
/** More clients than a cell has; what others would need is not kept. */
const CLIENTS_KEPT_PER_CELL = 100_000;

/** The cell of operations without our header, and of probes, which belong to no cell. */
const UNLABELLED = { campaign: '-', cell: '-', attempt: 0 };
const PROBE = 'probe';

export type CellName = { campaign: string; cell: string; attempt: number };

/** How an open operation ends; exactly one of the two is called, once. */
export type OpenOperation = { answered(outcome: Outcome): void; abandoned(): void };

export type OperationCounts = {
  /** `name`: as the header has it; null without one. */
  receive(name: OperationName | null): OpenOperation;
  /** A copy; a cell that has had no operation counts zero. */
  readCell(cell: CellName): CellCount;
  /** All cells that are kept, the one last heard of last. */
  readAll(): { name: CellName; count: CellCount }[];
};

type Counted = {
  name: CellName;
  received: number;
  abandoned: number;
  open: number;
  answered: Map<Outcome, number>;
  lastAnswered: Map<string, [sequence: number, outcome: Outcome]>;
};

export function createOperationCounts(): OperationCounts {
  const cells = new Map<string, Counted>();

  const countOf = (name: CellName): Counted => {
    const key = keyOf(name);
    const counted = cells.get(key) ?? createCounted(name);
    cells.delete(key);
    cells.set(key, counted);
    if (cells.size > CELLS_KEPT) cells.delete(cells.keys().next().value as string);
    return counted;
  };

  return {
    receive(name) {
      const labelled = name !== null && name.client !== PROBE;
      const counted = countOf(labelled ? name : UNLABELLED);
      counted.received += 1;
      counted.open += 1;
      return {
        answered(outcome) {
          counted.open -= 1;
          counted.answered.set(outcome, (counted.answered.get(outcome) ?? 0) + 1);
          if (labelled) keepLast(counted, name, outcome);
        },
        abandoned() {
          counted.open -= 1;
          counted.abandoned += 1;
        },
      };
    },
    readCell: (name) => copyCount(cells.get(keyOf(name)) ?? createCounted(name)),
    readAll: () => [...cells.values()].map((counted) => ({ name: counted.name, count: copyCount(counted) })),
  };
}

/** No part of a name holds a slash. */
function keyOf({ campaign, cell, attempt }: CellName): string {
  return `${campaign}/${cell}/${attempt}`;
}

function createCounted({ campaign, cell, attempt }: CellName): Counted {
  return {
    name: { campaign, cell, attempt },
    received: 0,
    abandoned: 0,
    open: 0,
    answered: new Map(),
    lastAnswered: new Map(),
  };
}

function keepLast(counted: Counted, { client, sequence }: OperationName, outcome: Outcome): void {
  const { lastAnswered } = counted;
  if (lastAnswered.size < CLIENTS_KEPT_PER_CELL || lastAnswered.has(client))
    lastAnswered.set(client, [sequence, outcome]);
}

function copyCount({ received, abandoned, open, answered, lastAnswered }: Counted): CellCount {
  return {
    received,
    answered: Object.fromEntries(answered),
    abandoned,
    open,
    lastAnswered: Object.fromEntries(lastAnswered),
  };
}
