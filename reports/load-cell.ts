/** One cell as its files have it: as it was measured when it ended, or measured anew. */

import { stat } from 'node:fs/promises';
import { systemCodeOf } from '../foundation/error.ts';
import { type CellDetail, CellDetailSchema } from './cell-detail.ts';
import { readOperationBlocks } from './cell-store.ts';
import type { CellEvidence } from './evidence.ts';
import { MEASURES_VERSION, type MeasuredCell, measureCell } from './measure.ts';
import type { OperationBlock } from './operation.ts';
import { type CellRecord, cellFiles, findCellRecord } from './result-directory.ts';
import { type CellSummary, CellSummarySchema } from './summary.ts';

export type StoredCell = { evidence: CellEvidence; summary: CellSummary; detail: CellDetail };

/**
 * Summary and detail are those that stand beside the rows, when the measures are those that made them and the rows have not
 * changed in size; otherwise, and when asked for, they are made anew. Null: the cell was not finished.
 *
 * @throws GlideTesterError GT_RESULT_NOT_READABLE
 */
export async function loadCell(directory: string, cellId: string, anew: boolean): Promise<StoredCell | null> {
  const stored = await findCellRecord(directory, cellId);
  if (stored === null) return null;
  const { evidence, summary, detail } = stored;
  const rowsFile = cellFiles(directory, cellId).operations;
  const rowsBytes = await findSize(rowsFile);
  if (!anew && detail !== null && isUpToDate(stored, rowsBytes)) return { evidence, summary, detail };
  return { evidence, ...(await measureAnew(evidence, rowsFile, rowsBytes)) };
}

function isUpToDate({ madeOf }: CellRecord, rowsBytes: number | null): boolean {
  return madeOf !== null && madeOf.measures === MEASURES_VERSION && madeOf.rowsBytes === rowsBytes;
}

/** One that ended before its first row may have no file. */
async function measureAnew(evidence: CellEvidence, rowsFile: string, rowsBytes: number | null): Promise<MeasuredCell> {
  const expected = evidence.pilots.reduce((sum, { rowsStored }) => sum + rowsStored, 0);
  const isWithoutRows = expected === 0 && rowsBytes === null;
  const { summary, detail } = await measureCell(evidence, isWithoutRows ? noBlocks() : readOperationBlocks(rowsFile));
  // As they would be read back: the same text, whether they were measured now or then.
  return { summary: CellSummarySchema.parse(summary), detail: CellDetailSchema.parse(detail) };
}

/** Null when there is no such file. */
async function findSize(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function* noBlocks(): AsyncGenerator<OperationBlock> {
  yield* [];
}
