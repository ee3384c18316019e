/** Operation rows on disk: one Parquet file a cell, written a row group at a time, readable by DuckDB, pandas and R. */

import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ColumnChunk } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { GlideTesterError, messageOf } from '../foundation/error.ts';
import { type OperationBlock, createOperationBlock } from './operation.ts';
import { PARQUET_SCHEMA, copyRows } from './parquet/columns.ts';
import { createColumnEncoder } from './parquet/encode-columns.ts';
import { describeRowGroup, writeColumnChunk } from './parquet/pages.ts';
import { WRITTEN_BY, readRowGroups } from './parquet/read-groups.ts';
import { resultNotWritable, syncFolder } from './result-directory.ts';

/** Rows kept in memory before they are encoded and written; about 2 MB. */
const ROWS_PER_GROUP = 50_000;

/** Takes the rows of one cell. A file that was not closed is unreadable: its cell is not finished. */
export type CellStore = {
  /**
   * Resolves when the block is not needed any more: its rows are copied, and no more than one row group of all rows waits to be
   * written. Await it before the block is changed, and before the next one, so that a slow disk slows the sender and memory
   * stays bounded.
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
  // It writes what stands at the beginning and the end of the file; the row groups between are written by us, without garbage.
  const parquet = new ParquetWriter({ writer: bytes, schema: PARQUET_SCHEMA, createdBy: WRITTEN_BY });
  const encoder = createColumnEncoder(ROWS_PER_GROUP);
  const opened = openNew(file);
  let writing: Promise<unknown> = opened;
  // A file that can't be opened is reported by the next append or close.
  opened.catch(() => {});
  const group = createOperationBlock(ROWS_PER_GROUP);
  let rows = 0;

  async function writeOut(): Promise<void> {
    await (await opened).writeFile(bytes.getBytes());
    bytes.index = 0;
  }

  async function writeGroup(): Promise<void> {
    const columns: ColumnChunk[] = [];
    for (const column of encoder.columnsOf(group)) columns.push(writeColumnChunk(column, group.rows, bytes));
    parquet.row_groups.push(describeRowGroup(columns, group.rows));
    parquet.num_rows += BigInt(group.rows);
    group.rows = 0;
    group.outcomes = [];
    await writeOut();
  }

  async function takeRows(block: OperationBlock): Promise<void> {
    for (let from = 0; from < block.rows;) {
      const count = Math.min(block.rows - from, ROWS_PER_GROUP - group.rows);
      copyRows(block, from, count, group);
      from += count;
      rows += count;
      if (group.rows === ROWS_PER_GROUP) await writeGroup();
    }
  }

  async function finish(): Promise<void> {
    const handle = await opened;
    try {
      await writing;
      if (group.rows > 0) await writeGroup();
      await parquet.finish();
      await writeOut();
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncFolder(dirname(file));
  }

  return {
    async append(block) {
      writing = writing.then(() => takeRows(block));
      await reportUnwritable(file, writing);
    },
    async close() {
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
 * The rows of a cell's file in the order in which they were written, a row group at a time. A block is valid until the next
 * one is asked for: its memory is used again.
 *
 * @throws GlideTesterError GT_RESULT_NOT_READABLE
 */
export async function* readOperationBlocks(file: string): AsyncGenerator<OperationBlock> {
  try {
    yield* readRowGroups(file);
  } catch (cause) {
    throw new GlideTesterError(
      'GT_RESULT_NOT_READABLE',
      `expected a Parquet file of operations at ${file}: ${messageOf(cause)}`,
      { hint: 'restore the file from a copy, or run the campaign again', cause },
    );
  }
}
