/**
 * The rows of one cell as the measures take them, a block at a time: on the coordinator's clock, with what they count as. A
 * measure keeps sums and counts, no rows: a cell may have ten million.
 */

import { outcomeClassOf } from '../../foundation/outcome.ts';
import type { CellWindow } from '../evidence.ts';
import type { OperationBlock } from '../operation.ts';
import { indexOfOutcome } from '../parquet/columns.ts';
import type { ClientTable } from './clients.ts';

/** What an operation counts as: success, failure of the service, failure of our own side, ended by us. */
export const KIND = { ok: 0, failed: 1, local: 2, cut: 3 } as const;

/**
 * Columns of equal length; only the first `count` entries are filled. They are valid until the next block comes. `startUs` and
 * `endUs` are on the coordinator's clock, `kind` is a {@link KIND}, `site` an index into the table's sites, `outcome` one into
 * the outcomes of the whole cell so far.
 */
export type CellRows = Pick<
  OperationBlock,
  | 'client'
  | 'sequence'
  | 'durationUs'
  | 'connectUs'
  | 'handshakeUs'
  | 'firstByteUs'
  | 'restUs'
  | 'polls'
  | 'pages'
  | 'outcomes'
> & {
  count: number;
  startUs: Float64Array;
  endUs: Float64Array;
  kind: Uint8Array;
  site: Uint16Array;
  outcome: Uint16Array;
};

/** One measure under way: it sees every row once, in the order of the file. */
export type Measure<Result> = { take(rows: CellRows): void; result(): Result };

/** A stretch of a cell in microseconds since T0. */
export type Span = { openUs: number; closeUs: number };

export function spanOf(window: CellWindow): Span {
  return { openUs: window.openMs * 1000, closeUs: window.closeMs * 1000 };
}

/** Length of a span in seconds. */
export function lengthS(span: Span): number {
  return (span.closeUs - span.openUs) / 1e6;
}

/** Shows every row to every measure. */
export async function takeRows(
  blocks: AsyncIterable<OperationBlock>,
  clients: ClientTable,
  measures: readonly Pick<Measure<unknown>, 'take'>[],
): Promise<void> {
  const prepare = createPreparation(clients);
  for await (const block of blocks) {
    const rows = prepare(block);
    for (const measure of measures) measure.take(rows);
  }
}

function createPreparation({ correctionUs, siteOf }: ClientTable): (block: OperationBlock) => CellRows {
  const outcomes: string[] = [];
  let own = createOwnColumns(0);
  return (block) => {
    if (block.rows > own.kind.length) own = createOwnColumns(block.rows);
    const { startUs, endUs, kind, site, outcome } = own;
    const indexes = block.outcomes.map((each) => indexOfOutcome(outcomes, each));
    const kinds = block.outcomes.map(kindOf);
    for (let row = 0; row < block.rows; row += 1) {
      const client = block.client[row] as number;
      const index = block.outcome[row] as number;
      startUs[row] = (block.startUs[row] as number) + correctionUs(client);
      endUs[row] = (startUs[row] as number) + (block.durationUs[row] as number);
      site[row] = siteOf(client);
      outcome[row] = indexes[index] as number;
      kind[row] = kinds[index] as number;
    }
    const { client, sequence, durationUs, connectUs, handshakeUs, firstByteUs, restUs, polls, pages } = block;
    const copied = { client, sequence, durationUs, connectUs, handshakeUs, firstByteUs, restUs, polls, pages };
    return { ...copied, ...own, outcomes, count: block.rows };
  };
}

function createOwnColumns(capacity: number): Pick<CellRows, 'startUs' | 'endUs' | 'kind' | 'site' | 'outcome'> {
  return {
    startUs: new Float64Array(capacity),
    endUs: new Float64Array(capacity),
    kind: new Uint8Array(capacity),
    site: new Uint16Array(capacity),
    outcome: new Uint16Array(capacity),
  };
}

/** The {@link KIND} of an outcome. */
export function kindOf(outcome: string): number {
  const outcomeClass = outcomeClassOf(outcome);
  if (outcomeClass === 'ok') return KIND.ok;
  if (outcomeClass === 'local') return KIND.local;
  return outcomeClass === 'cut' ? KIND.cut : KIND.failed;
}
