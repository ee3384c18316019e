/** A disk in memory: every promise settles without time, so that a virtual clock owns all waiting. */

import type { Disk } from '../../coordinator/disk.ts';
import type { OperationBlock } from '../../reports/operation.ts';

/** A line of the journal. */
export type JournalLine = { step: string; [field: string]: unknown };

export type MemoryDisk = Disk & {
  files: Map<string, string>;
  /** Blocks per file of rows, and the files that have been closed. */
  rows: Map<string, OperationBlock[]>;
  closed: Set<string>;
  /** Lines that had to survive a power cut. */
  durable: string[];
  /** The lines of a journal, read back. */
  journal(file: string): JournalLine[];
};

export function createMemoryDisk(): MemoryDisk {
  const files = new Map<string, string>();
  const rows = new Map<string, OperationBlock[]>();
  const closed = new Set<string>();
  const durable: string[] = [];
  return {
    files,
    rows,
    closed,
    durable,
    journal: (file) =>
      (files.get(file) ?? '')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as JournalLine),
    async makeFolder() {},
    async appendLine(file, line, isDurable) {
      files.set(file, `${files.get(file) ?? ''}${line}\n`);
      if (isDurable) durable.push(line);
    },
    async write(file, text) {
      files.set(file, text);
    },
    async openRows(file) {
      const blocks: OperationBlock[] = [];
      rows.set(file, blocks);
      return {
        append: (block) => void blocks.push(block),
        async close() {
          closed.add(file);
        },
      };
    },
    async *readRows(file) {
      yield* rows.get(file) ?? [];
    },
    sizeOf: async (file) => (rows.get(file) ?? []).reduce((sum, block) => sum + block.rows, 0),
    async rename(from, to) {
      const blocks = rows.get(from);
      if (blocks !== undefined) rows.set(to, blocks);
      rows.delete(from);
      const text = files.get(from);
      if (text !== undefined) files.set(to, text);
      files.delete(from);
    },
    async close() {},
  };
}
