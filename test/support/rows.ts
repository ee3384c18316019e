/** The rows of a measured cell as objects, for tests that look at each. */

import type { Outcome } from '../../foundation/outcome.ts';
import { readOperationBlocks } from '../../reports/cell-store.ts';
import { NOT_REACHED } from '../../reports/operation.ts';
import { cellFiles } from '../../reports/result-directory.ts';

/** Instants in ms since T0, as the pilot's clock saw it. */
export type Row = {
  client: number;
  sequence: number;
  startMs: number;
  endMs: number;
  /** Connect, handshake, first byte, rest; null: not reached or not needed. */
  phasesMs: (number | null)[];
  polls: number;
  pages: number;
  outcome: Outcome;
};

export async function readRows(directory: string, cellId: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const block of readOperationBlocks(cellFiles(directory, cellId).operations)) {
    for (let row = 0; row < block.rows; row += 1) {
      const startUs = block.startUs[row] as number;
      rows.push({
        client: block.client[row] as number,
        sequence: block.sequence[row] as number,
        startMs: startUs / 1000,
        endMs: (startUs + (block.durationUs[row] as number)) / 1000,
        phasesMs: [block.connectUs, block.handshakeUs, block.firstByteUs, block.restUs].map((column) =>
          column[row] === NOT_REACHED ? null : (column[row] as number) / 1000,
        ),
        polls: block.polls[row] as number,
        pages: block.pages[row] as number,
        outcome: block.outcomes[block.outcome[row] as number] as Outcome,
      });
    }
  }
  return rows;
}
