/** Operation rows on disk: one Parquet file a cell, written a row group at a time, readable by DuckDB, pandas and R. */

import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from 'hyparquet';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { GlideTesterError, messageOf } from '../foundation/error.ts';
import { type OperationBlock, createOperationBlock } from './operation.ts';
import { PARQUET_SCHEMA, columnsOf, copyRows, fillColumn, findMissingColumns } from './parquet-columns.ts';
import { resultNotWritable, syncFolder } from './result-directory.ts';

/** Rows kept in memory before they are encoded and written; about 2 MB. */
const ROWS_PER_GROUP = 50_000;

/** Takes the rows of one cell. A file that was not closed is unreadable: its cell is not finished. */
export type CellStore = {
  /**
   * Takes a copy of the block's rows. Await it before the next one, so that a slow disk slows the sender and memory stays
   * bounded.
   * @throws GlideTesterError GT_RESULT_NOT_WRITABLE, here or at the next call
   */
  append(block: OperationBlock): Promise<void>;
  /**
   * Writes what is left and makes file and folder survive a crash; returns how many rows the file has.
   * @throws GlideTesterError GT_RESULT_NOT_WRITABLE
   */
  close(): Promise<{ rows: number }>;
};

/** A new Parquet file at `file` (folders are made, the file of an earlier attempt is replaced). */
export function createCellStore(file: string): CellStore {
  const bytes = new ByteWriter();
  const parquet = new ParquetWriter({ writer: bytes, schema: PARQUET_SCHEMA, createdBy: 'GlideTester' });
  const opened = openNew(file);
  let writing: Promise<unknown> = opened;
  // A file that can't be opened is reported by the next append or close.
  opened.catch(() => {});
  let group = createOperationBlock(ROWS_PER_GROUP);
  let rows = 0;

  async function writeOut(handle: FileHandle): Promise<void> {
    await handle.writeFile(bytes.getBytes());
    bytes.index = 0;
  }

  async function writeGroup(full: OperationBlock, before: Promise<unknown>): Promise<void> {
    await before;
    await parquet.write({ columnData: columnsOf(full), rowGroupSize: full.rows });
    await writeOut(await opened);
  }

  function queueGroup(): void {
    writing = writeGroup(group, writing);
    // Reported by the next append or close.
    writing.catch(() => {});
    group = createOperationBlock(ROWS_PER_GROUP);
  }

  async function finish(): Promise<void> {
    const handle = await opened;
    try {
      await writing;
      await parquet.finish();
      await writeOut(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncFolder(dirname(file));
  }

  return {
    async append(block) {
      for (let from = 0; from < block.rows;) {
        const count = Math.min(block.rows - from, ROWS_PER_GROUP - group.rows);
        copyRows(block, from, count, group);
        from += count;
        rows += count;
        if (group.rows === ROWS_PER_GROUP) queueGroup();
      }
      await reportUnwritable(file, writing);
    },
    async close() {
      if (group.rows > 0) queueGroup();
      await reportUnwritable(file, finish());
      return { rows };
    },
  };
}

async function openNew(file: string): Promise<FileHandle> {
  await mkdir(dirname(file), { recursive: true });
  return open(file, 'w');
}

async function reportUnwritable(file: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw resultNotWritable(file, error);
  }
}

/**
 * The rows of a cell's file in the order in which they were written, a row group at a time.
 *
 * @throws GlideTesterError GT_RESULT_NOT_READABLE
 */
export async function* readOperationBlocks(file: string): AsyncGenerator<OperationBlock> {
  try {
    const buffer = await asyncBufferFromFile(file);
    const metadata = await parquetMetadataAsync(buffer);
    const missing = findMissingColumns(metadata.schema);
    if (missing.length > 0) throw new Error(`it has no column ${missing.join(', ')}`);
    let rowStart = 0;
    for (const { num_rows: count } of metadata.row_groups) {
      yield await readGroup(buffer, metadata, rowStart, rowStart + Number(count));
      rowStart += Number(count);
    }
  } catch (cause) {
    throw new GlideTesterError(
      'GT_RESULT_NOT_READABLE',
      `expected a Parquet file of operations at ${file}: ${messageOf(cause)}`,
      { hint: 'restore the file from a copy, or run the campaign again', cause },
    );
  }
}

async function readGroup(
  file: AsyncBuffer,
  metadata: FileMetaData,
  rowStart: number,
  rowEnd: number,
): Promise<OperationBlock> {
  const block = createOperationBlock(rowEnd - rowStart);
  block.rows = rowEnd - rowStart;
  await parquetRead({
    file,
    metadata,
    rowStart,
    rowEnd,
    onChunk: ({ columnName, columnData, rowStart: at }) => fillColumn(block, columnName, columnData, at - rowStart),
  });
  return block;
}
