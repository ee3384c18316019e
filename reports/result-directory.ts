/** A campaign's result directory: what its files are called, how they are written so that a crash loses none, and how they are read. */

import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { GlideTesterError, messageOf, systemCodeOf } from '../foundation/error.ts';
import { type CampaignRecord, CampaignRecordSchema } from './campaign-record.ts';
import { CellDetailSchema } from './cell-detail.ts';
import { CellEvidenceSchema } from './evidence.ts';
import { CellSummarySchema } from './summary.ts';

/**
 * What a stored summary was made of and by: it stands for the cell as long as neither has changed. `measures` is the version of
 * the measures, `rowsBytes` the size of the file of rows.
 */
const MadeOfSchema = z.object({ measures: z.number().int(), rowsBytes: z.number().int() });

/** What `cells/<id>/cell.json` holds: the evidence beside the rows, and the measures as they were at the end of the cell. */
export const CellRecordSchema = z.object({
  evidence: CellEvidenceSchema,
  summary: CellSummarySchema,
  /** Null: a result from before this was kept. */
  detail: CellDetailSchema.nullable().default(null),
  /** Null: a result from before this was kept. */
  madeOf: MadeOfSchema.nullable().default(null),
});
export type CellRecord = z.infer<typeof CellRecordSchema>;

/** Paths of the files of one cell. */
export type CellFiles = { folder: string; operations: string; record: string };

export const campaignFile = (directory: string): string => join(directory, 'campaign.json');
export const journalFile = (directory: string): string => join(directory, 'journal.ndjson');
export const summaryFile = (directory: string): string => join(directory, 'summary.json');
export const reportFile = (directory: string): string => join(directory, 'report.html');

/**
 * @throws GlideTesterError GT_RESULT_NOT_READABLE when the id would lead out of the cells' folder
 */
export function cellFiles(directory: string, cellId: string): CellFiles {
  if (cellId === '' || cellId === '.' || cellId === '..' || basename(cellId) !== cellId) {
    throw new GlideTesterError(
      'GT_RESULT_NOT_READABLE',
      `expected a cell id that is a plain file name, got "${cellId}"`,
      {
        hint: 'campaign.json was not written by GlideTester or was edited: restore it from a copy',
      },
    );
  }
  const folder = join(directory, 'cells', cellId);
  return { folder, operations: join(folder, 'operations.parquet'), record: join(folder, 'cell.json') };
}

/** Makes the entries of a folder (a new or renamed file) survive a crash. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a whole file so that a crash at any moment leaves either the old file or the new one. Folders are made.
 *
 * @throws GlideTesterError GT_RESULT_NOT_WRITABLE
 */
export async function writeDurably(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(dirname(file));
  } catch (error) {
    throw resultNotWritable(file, error);
  }
}

/** The error of a result file that could not be written. */
export function resultNotWritable(file: string, cause: unknown): GlideTesterError {
  return new GlideTesterError('GT_RESULT_NOT_WRITABLE', `could not write ${file}: ${messageOf(cause)}`, {
    hint: 'make the result directory writable and free some disk space; the finished cells are kept',
    cause,
  });
}

/** @throws GlideTesterError GT_RESULT_NOT_READABLE */
export async function readCampaign(directory: string): Promise<CampaignRecord> {
  const file = campaignFile(directory);
  const hint = 'give the directory that `glidetester run` wrote, such as results/latest';
  return orAbsent(await readJson(file, CampaignRecordSchema, hint), file, hint);
}

/**
 * The record of a cell that was finished.
 *
 * @throws GlideTesterError GT_RESULT_NOT_READABLE
 */
export async function readCellRecord(directory: string, cellId: string): Promise<CellRecord> {
  return orAbsent(await findCellRecord(directory, cellId), cellFiles(directory, cellId).record, CELL_HINT);
}

/**
 * The record of one cell; null when there is none, as when the cell was not finished.
 *
 * @throws GlideTesterError GT_RESULT_NOT_READABLE
 */
export function findCellRecord(directory: string, cellId: string): Promise<CellRecord | null> {
  return readJson(cellFiles(directory, cellId).record, CellRecordSchema, CELL_HINT);
}

const CELL_HINT = 'restore the file from a copy, or run the campaign again';

function orAbsent<T>(content: T | null, file: string, hint: string): T {
  if (content !== null) return content;
  throw new GlideTesterError('GT_RESULT_NOT_READABLE', `expected the file ${file}, but there is none`, { hint });
}

/** The checked content of a JSON file, or null when there is no file. */
async function readJson<T>(file: string, schema: z.ZodType<T>, hint: string): Promise<T | null> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return null;
    const message = `expected readable JSON in ${file}: ${messageOf(cause)}`;
    throw new GlideTesterError('GT_RESULT_NOT_READABLE', message, { hint, cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`);
  const message = `expected version 1 of a result in ${file}, got ${problems.slice(0, 5).join('; ')}`;
  throw new GlideTesterError('GT_RESULT_NOT_READABLE', message, { hint, cause: parsed.error });
}
