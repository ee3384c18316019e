/** The disk as the coordinator's decisions see it, and the real one. */

import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type OperationBlock, createOperationBlock } from '../reports/operation.ts';
import { createCellStore, readOperationBlocks } from '../reports/cell-store.ts';
import { resultNotWritable, syncFolder, writeDurably } from '../reports/result-directory.ts';

/** A file of rows under way. */
export type RowsFile = {
  append(block: OperationBlock): Promise<void> | void;
  /** Resolves when all is on disk: file and folder synced. */
  close(): Promise<unknown>;
};

/** Paths are absolute. Every method that writes throws GT_RESULT_NOT_WRITABLE when the disk refuses. */
export type Disk = {
  makeFolder(folder: string): Promise<void>;
  /** Appends a line; with `durable`, resolves once it would survive a power cut. */
  appendLine(file: string, line: string, durable: boolean): Promise<void>;
  /** Replaces a file as a whole, durably. */
  write(file: string, text: string): Promise<void>;
  openRows(file: string): Promise<RowsFile>;
  /** The rows of a closed file. @throws GT_RESULT_NOT_READABLE */
  readRows(file: string): AsyncIterable<OperationBlock>;
  /** Bytes of a file that is there. */
  sizeOf(file: string): Promise<number>;
  rename(from: string, to: string): Promise<void>;
  close(): Promise<void>;
};

export function openDisk(): Disk {
  const appending = new Map<string, FileHandle>();
  return {
    makeFolder: (folder) => attempt(folder, () => makeFolderDurably(folder)),
    appendLine: (file, line, durable) =>
      attempt(file, async () => {
        const known = appending.get(file);
        const handle = known ?? (await open(file, 'a'));
        appending.set(file, handle);
        await handle.appendFile(`${line}\n`);
        if (durable) await handle.sync();
        if (known === undefined) await syncFolder(dirname(file));
      }),
    write: (file, text) => attempt(file, () => writeDurably(file, text)),
    async openRows(file) {
      const rows = createCellStore(file);
      // Told now, not after the cell: that the file can't be made.
      await rows.append(createOperationBlock(0));
      return rows;
    },
    readRows: readOperationBlocks,
    sizeOf: async (file) => (await stat(file)).size,
    rename: (from, to) => attempt(to, () => rename(from, to)),
    async close() {
      for (const handle of appending.values()) await handle.close();
      appending.clear();
    },
  };
}

/** A new folder survives a power cut once the folder that it stands in has been synced. */
async function makeFolderDurably(folder: string): Promise<void> {
  const firstMade = await mkdir(folder, { recursive: true });
  if (firstMade === undefined) return;
  for (let made = folder; made.length >= firstMade.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** Whatever the disk refuses is told as one error that names what was to be written. */
async function attempt<T>(what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw resultNotWritable(what, cause);
  }
}
