/**
 * The frontend's own count of operations, per cell: the evidence that the client's rows are held against.
 *
 * | an operation is | and then | it is |
 * | --- | --- | --- |
 * | – | header and body of its first request have come | received, open |
 * | open | an answer after which its client asks no more was handed over whole | answered |
 * | open | any other answer was handed over whole | between requests |
 * | open | its client left | abandoned |
 * | between requests | its next request has come | open |
 * | between requests | its client has begun another operation | abandoned |
 */

import type { Outcome } from '../../foundation/outcome.ts';
import type { OperationName } from '../../scenarios/operation-header.ts';
import type { CellCount } from '../../scenarios/server-count.ts';

/** More cells than a campaign has; the ones not heard of for longest are forgotten. */
const CELLS_KEPT = 1000;
/** More clients than a cell has; what others would need is not kept. */
const CLIENTS_KEPT_PER_CELL = 100_000;

/** The cell of operations without our header, and of probes, which belong to no cell. */
const UNLABELLED = { campaign: '-', cell: '-', attempt: 0 };
const PROBE = 'probe';

export type CellName = { campaign: string; cell: string; attempt: number };

/** How an operation goes on from being open; `answered` or `abandoned` ends it. */
export type CountedOperation = {
  answered(outcome: Outcome): void;
  /** From open to between requests. */
  answeredMeanwhile(): void;
  /** From between requests to open. */
  askedAgain(): void;
  abandoned(): void;
};

export type OperationCounts = {
  /** Counts an operation as received; null: it has no name. */
  receive(name: OperationName | null): CountedOperation;
  /** A copy; a cell that has had no operation counts zero. */
  readCell(cell: CellName): CellCount;
  /** All cells that are kept, the one last heard of last. */
  readAll(): { name: CellName; count: CellCount }[];
};

type Counted = Pick<CellCount, 'received' | 'interim' | 'abandoned' | 'open' | 'between'> & {
  name: CellName;
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
      return name === null || name.client === PROBE ? count(countOf(UNLABELLED), null) : count(countOf(name), name);
    },
    readCell: (name) => copyCount(cells.get(keyOf(name)) ?? createCounted(name)),
    readAll: () => [...cells.values()].map((counted) => ({ name: counted.name, count: copyCount(counted) })),
  };
}

function count(counted: Counted, name: OperationName | null): CountedOperation {
  counted.received += 1;
  counted.open += 1;
  let state: 'open' | 'between' = 'open';
  return {
    answered(outcome) {
      counted[state] -= 1;
      counted.answered.set(outcome, (counted.answered.get(outcome) ?? 0) + 1);
      if (name !== null) keepLast(counted, name, outcome);
    },
    answeredMeanwhile() {
      counted.interim += 1;
      counted.open -= 1;
      counted.between += 1;
      state = 'between';
    },
    askedAgain() {
      counted.between -= 1;
      counted.open += 1;
      state = 'open';
    },
    abandoned() {
      counted[state] -= 1;
      counted.abandoned += 1;
    },
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
    answered: new Map(),
    interim: 0,
    abandoned: 0,
    open: 0,
    between: 0,
    lastAnswered: new Map(),
  };
}

function keepLast(counted: Counted, { client, sequence }: OperationName, outcome: Outcome): void {
  const { lastAnswered } = counted;
  if (lastAnswered.size < CLIENTS_KEPT_PER_CELL || lastAnswered.has(client))
    lastAnswered.set(client, [sequence, outcome]);
}

function copyCount({ received, answered, interim, abandoned, open, between, lastAnswered }: Counted): CellCount {
  return {
    received,
    answered: Object.fromEntries(answered),
    interim,
    abandoned,
    open,
    between,
    lastAnswered: Object.fromEntries(lastAnswered),
  };
}
