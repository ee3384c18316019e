/** The row groups of a file of rows, one after the other in the same memory: those that we wrote by our own decoder, others by hyparquet. */

import { type FileHandle, open } from 'node:fs/promises';
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from 'hyparquet';
import type { FileMetaData, RowGroup } from 'hyparquet';
import { type OperationBlock, createOperationBlock } from '../operation.ts';
import { fillColumn, findMissingColumns } from './columns.ts';
import { createColumnDecoder } from './decode-columns.ts';

/** Stands in a file whose row groups are as encode-columns.ts makes them; earlier ones say `GlideTester` alone. */
export const WRITTEN_BY = 'GlideTester, rows in runs and deltas';

/** @throws Error when the file is not one of operations */
export async function* readRowGroups(file: string): AsyncGenerator<OperationBlock> {
  const buffer = await asyncBufferFromFile(file);
  const metadata = await parquetMetadataAsync(buffer);
  const missing = findMissingColumns(metadata.schema);
  if (missing.length > 0) throw new Error(`it has no column ${missing.join(', ')}`);
  const rowsAtMost = Math.max(0, ...metadata.row_groups.map(rowsOf));
  const block = createOperationBlock(rowsAtMost);
  yield* metadata.created_by === WRITTEN_BY
    ? readOwnGroups(file, metadata, block)
    : readAnyGroups(file, metadata, block);
}

async function* readOwnGroups(
  file: string,
  metadata: FileMetaData,
  block: OperationBlock,
): AsyncGenerator<OperationBlock> {
  await using handle = await open(file);
  const decoder = createColumnDecoder(block.client.length);
  const bytes = new Uint8Array(Math.max(0, ...metadata.row_groups.map(bytesOf)));
  for (const group of metadata.row_groups) {
    const own = bytes.subarray(0, bytesOf(group));
    await readFully(handle, own, Number(group.columns[0]?.file_offset));
    block.rows = rowsOf(group);
    decoder.fill(block, { bytes: own, at: 0 });
    yield block;
  }
}

async function readFully(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at, position + at);
    if (bytesRead === 0) throw new RangeError('it ends within a row group');
    at += bytesRead;
  }
}

async function* readAnyGroups(
  file: string,
  metadata: FileMetaData,
  block: OperationBlock,
): AsyncGenerator<OperationBlock> {
  const buffer = await asyncBufferFromFile(file);
  let first = 0;
  for (const group of metadata.row_groups) {
    const groupStart = first;
    block.rows = rowsOf(group);
    block.outcomes = [];
    // Columns that an earlier version did not write are zero.
    block.polls.fill(0);
    block.pages.fill(0);
    await parquetRead({
      file: buffer,
      metadata,
      rowStart: groupStart,
      rowEnd: groupStart + block.rows,
      onChunk: ({ columnName, columnData, rowStart }) =>
        fillColumn(block, columnName, columnData, rowStart - groupStart),
    });
    yield block;
    first += block.rows;
  }
}

function rowsOf({ num_rows: rows }: RowGroup): number {
  return Number(rows);
}

function bytesOf({ total_compressed_size: bytes }: RowGroup): number {
  return Number(bytes);
}
