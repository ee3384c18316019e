/** Frames of rows as pilots send them, for tests of what takes them. */

import type { RowsFrame } from '../../agent/protocol.ts';
import { type OperationBlock, createOperationBlock } from '../../reports/operation.ts';

/** One operation as far as the coordinator looks at it. */
export type BriefRow = { client: number; sequence?: number; startMs: number; endMs: number; outcome?: string };

/** A block of these operations; sequence 0 and `ok` unless told. */
export function briefBlock(rows: readonly BriefRow[]): OperationBlock {
  const block = createOperationBlock(rows.length);
  block.rows = rows.length;
  block.outcomes = [...new Set(rows.map(({ outcome = 'ok' }) => outcome))];
  for (const [index, { client, sequence = 0, startMs, endMs, outcome = 'ok' }] of rows.entries()) {
    block.client[index] = client;
    block.sequence[index] = sequence;
    block.startUs[index] = Math.round(startMs * 1000);
    block.durationUs[index] = Math.round((endMs - startMs) * 1000);
    block.outcome[index] = block.outcomes.indexOf(outcome);
  }
  return block;
}

export type FrameParts = {
  cell?: string;
  attempt?: number;
  epoch?: number;
  sequence?: number;
  thread?: number;
  threads?: number;
  firstSample?: number;
  /** Integrals at one grid point after the other: in flight, turning round, pausing. */
  samples?: readonly (readonly [number, number, number])[];
  rows?: readonly BriefRow[];
};

/** A frame of campaign `test`. */
export function makeFrame({ samples = [], rows = [], ...parts }: FrameParts = {}): RowsFrame {
  return {
    header: {
      v: 1,
      campaign: 'test',
      cell: '001-d20-l4-r1',
      attempt: 1,
      epoch: 1,
      sequence: 0,
      thread: 0,
      threads: 1,
      firstSample: 0,
      ...parts,
      samples: samples.length,
    },
    gauges: Float64Array.from(samples.flat()),
    block: briefBlock(rows),
  };
}
