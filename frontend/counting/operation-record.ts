/** The record: one NDJSON line per operation that carried our header, so that every row of a cell can be held against its own stamps. */

import { type WriteStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { GlideTesterError, messageOf } from '../../foundation/error.ts';
import type { Outcome } from '../../foundation/outcome.ts';
import type { OperationName } from '../../scenarios/operation-header.ts';

/** One line. Instants are milliseconds on the host's monotonic clock. */
export type OperationRecord = Omit<OperationName, 'step'> & {
  /** Header and body of the first request had come. */
  receivedMs: number;
  /** Just before the last answer was handed over, so that its client can't have it earlier; null when the client left before it was whole. */
  answeredMs: number | null;
  /** Null when the client left before. */
  outcome: Outcome | null;
  abandoned: boolean;
  /** Further requests of the operation that asked whether it was done. */
  polls: number;
  /** Further requests of the operation that asked for a page. */
  pages: number;
};

export type OperationRecorder = {
  write(record: OperationRecord): void;
  /** Resolves once every line is in the file. */
  close(): Promise<void>;
};

/** Starts the file anew; null writes nothing. @throws GlideTesterError GT_FRONTEND_RECORD */
export async function openOperationRecorder(path: string | null): Promise<OperationRecorder> {
  if (path === null) return { write() {}, async close() {} };
  const file = createWriteStream(path);
  try {
    await once(file, 'open');
  } catch (error) {
    throw new GlideTesterError('GT_FRONTEND_RECORD', `the record ${path} cannot be written: ${messageOf(error)}`, {
      hint: 'Give a file in a directory that exists and that this user may write.',
      cause: error,
    });
  }
  return createRecorder(file);
}

function createRecorder(file: WriteStream): OperationRecorder {
  let failure: Error | undefined;
  // A record with a hole is worse than none: the first failure ends it, and closing tells.
  file.on('error', (error) => {
    failure ??= error;
  });
  return {
    write(record) {
      if (failure === undefined) file.write(`${JSON.stringify(record)}\n`);
    },
    async close() {
      file.end();
      if (!file.closed) await new Promise<void>((closed) => file.once('close', closed));
      if (failure !== undefined) {
        throw new GlideTesterError('GT_FRONTEND_RECORD', `the record broke off: ${failure.message}`, {
          hint: 'Give a file on a disk with room; what it holds now is not complete.',
          cause: failure,
        });
      }
    },
  };
}
