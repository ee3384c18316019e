/** The rows of one cell as columns in memory, on the coordinator's clock: about 34 bytes an operation. */

import { outcomeClassOf } from '../../foundation/outcome.ts';
import type { CellWindow, PilotEvidence } from '../evidence.ts';
import type { OperationBlock } from '../operation.ts';
import { indexOfOutcome } from '../parquet-columns.ts';

/** What an operation counts as: success, failure of the service, failure of our own side, ended by us. */
export const KIND = { ok: 0, failed: 1, local: 2, cut: 3 } as const;

/**
 * Columns as in a block of rows, of equal length; only the first `count` entries are filled. `outcomes` are the distinct ones of
 * the cell, `startUs` is on the coordinator's clock, `kind` is a {@link KIND}.
 */
export type CellRows = Omit<OperationBlock, 'rows' | 'answerBytes' | 'polls' | 'pages'> & {
  count: number;
  kind: Uint8Array;
  /** Requests beyond the first of all operations together. */
  followUps: { polls: number; pages: number };
};

/** A stretch of a cell in microseconds since T0. */
export type Span = { openUs: number; closeUs: number };

export function spanOf(window: CellWindow): Span {
  return { openUs: window.openMs * 1000, closeUs: window.closeMs * 1000 };
}

/** Length of a span in seconds. */
export function lengthS(span: Span): number {
  return (span.closeUs - span.openUs) / 1e6;
}

/** Reads all blocks into one set of columns and puts each row's start on the coordinator's clock. */
export async function collectRows(
  blocks: AsyncIterable<OperationBlock>,
  pilots: readonly PilotEvidence[],
): Promise<CellRows> {
  const correctionUsOf = createClockCorrection(pilots);
  let rows = createRows(1024);
  for await (const block of blocks) {
    rows = growTo(rows, rows.count + block.rows);
    appendBlock(rows, block, correctionUsOf);
  }
  return rows;
}

/** What to add to the start of a client's rows, in microseconds; 0 for a client that no pilot has. */
function createClockCorrection(pilots: readonly PilotEvidence[]): (client: number) => number {
  const clients = Math.max(0, ...pilots.map((pilot) => pilot.firstClient + pilot.clients));
  const corrections = new Float64Array(clients);
  for (const pilot of pilots) {
    corrections.fill(pilot.clock.startCorrectionMs * 1000, pilot.firstClient, pilot.firstClient + pilot.clients);
  }
  return (client) => corrections[client] ?? 0;
}

export function createRows(capacity: number): CellRows {
  return {
    count: 0,
    followUps: { polls: 0, pages: 0 },
    outcomes: [],
    outcome: new Uint16Array(capacity),
    kind: new Uint8Array(capacity),
    client: new Uint32Array(capacity),
    sequence: new Uint32Array(capacity),
    startUs: new Float64Array(capacity),
    durationUs: new Int32Array(capacity),
    connectUs: new Int32Array(capacity),
    handshakeUs: new Int32Array(capacity),
    firstByteUs: new Int32Array(capacity),
    restUs: new Int32Array(capacity),
  };
}

export const COLUMNS = [
  'outcome',
  'kind',
  'client',
  'sequence',
  'startUs',
  'durationUs',
  'connectUs',
  'handshakeUs',
  'firstByteUs',
  'restUs',
] as const;

/** Columns copied from a block as they are. */
const COPIED = ['client', 'sequence', 'durationUs', 'connectUs', 'handshakeUs', 'firstByteUs', 'restUs'] as const;

function growTo(rows: CellRows, count: number): CellRows {
  if (count <= rows.startUs.length) return rows;
  const grown = createRows(Math.max(count, rows.startUs.length * 2));
  for (const column of COLUMNS) grown[column].set(rows[column].subarray(0, rows.count));
  grown.count = rows.count;
  grown.followUps = rows.followUps;
  grown.outcomes = rows.outcomes;
  return grown;
}

function appendBlock(rows: CellRows, block: OperationBlock, correctionUsOf: (client: number) => number): void {
  const at = rows.count;
  for (const column of COPIED) rows[column].set(block[column].subarray(0, block.rows), at);
  const indexes = block.outcomes.map((outcome) => indexOfOutcome(rows.outcomes, outcome));
  const kinds = block.outcomes.map(kindOf);
  for (let row = 0; row < block.rows; row += 1) {
    const outcome = block.outcome[row] as number;
    rows.outcome[at + row] = indexes[outcome] as number;
    rows.kind[at + row] = kinds[outcome] as number;
    rows.startUs[at + row] = (block.startUs[row] as number) + correctionUsOf(block.client[row] as number);
    rows.followUps.polls += block.polls[row] as number;
    rows.followUps.pages += block.pages[row] as number;
  }
  rows.count += block.rows;
}

function kindOf(outcome: string): number {
  const outcomeClass = outcomeClassOf(outcome);
  if (outcomeClass === 'ok') return KIND.ok;
  if (outcomeClass === 'local') return KIND.local;
  return outcomeClass === 'cut' ? KIND.cut : KIND.failed;
}
