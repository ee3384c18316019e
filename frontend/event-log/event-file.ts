/**
 * The file of the event log, to which several threads append line by line, each waiting until the kernel has its line: what
 * logging costs the service is what it is to show. Once it is full, `file` becomes `file.1`, that `file.2`, …, and the oldest goes.
 *
 * | a thread | and then |
 * | --- | --- |
 * | has written the line that made the file full | it renames the files, opens a new one and begins a new generation |
 * | is about to write, and the generation is not the one of its file | it opens the new file first |
 * | cannot rename the files | all go on with the one that they have; it is tried again when as much has been written again |
 * | cannot open the new file | it goes on with the one that it has |
 * | cannot write a line | the line is lost and counted; the next one is tried |
 */

import { closeSync, constants, fstatSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { getSystemErrorName } from 'node:util';
import { systemCodeOf } from '../../foundation/error.ts';

/** BeStMan's names, for how much a file holds and how many files there are. */
export const BESTMAN_EVENT_LOG_SIZE = 50_000_000;
export const BESTMAN_EVENT_LOG_COUNT = 10;

/** What a thread needs to write into the same file as the others; can be given to a thread. */
export type EventFileSeat = {
  file: string;
  /** A file with so much in it is full. */
  sizeBytes: number;
  /** Files, the one that is written to among them. */
  count: number;
  shared: Int32Array<SharedArrayBuffer>;
};

export type EventFileCounts = {
  /** Lines that are in the file. */
  lines: number;
  /** Lines that could not be written, and files that could not be changed for another. */
  failures: number;
  /** Of the last failure: `ENOSPC`, …; null: there was none that the system gave a reason for. */
  reason: string | null;
};

/** Appends one line, with its line end; never throws. */
export type EventFile = { write(line: string): void; close(): void };

const [BYTES, GENERATION, LINES, FAILURES, REASON] = [0, 1, 2, 3, 4];
const SHARED_NUMBERS = 5;

/** A pipe in its place would make an opening wait for ever. */
const OPEN_FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;
/** It says who has asked for what. */
const MODE = 0o600;

export function createEventFileSeat({ file, sizeBytes, count }: Omit<EventFileSeat, 'shared'>): EventFileSeat {
  const shared = new Int32Array(new SharedArrayBuffer(SHARED_NUMBERS * Int32Array.BYTES_PER_ELEMENT));
  return { file, sizeBytes, count, shared };
}

export function readEventFileCounts({ shared }: EventFileSeat): EventFileCounts {
  const reason = Atomics.load(shared, REASON);
  return {
    // Past 2^31 lines the counter goes on below zero.
    lines: Atomics.load(shared, LINES) >>> 0,
    failures: Atomics.load(shared, FAILURES) >>> 0,
    reason: reason === 0 ? null : getSystemErrorName(reason),
  };
}

/** @param isFirst the first of the threads to open it goes on where an earlier service has left it. @throws what opening throws */
export function openEventFile({ file, sizeBytes, count, shared }: EventFileSeat, isFirst = false): EventFile {
  let generation = Atomics.load(shared, GENERATION);
  let descriptor = openSync(file, OPEN_FLAGS, MODE);
  const stats = fstatSync(descriptor);
  /** Only the beginning of a line came to the disk. */
  let isTorn = false;

  const fail = (thrown: unknown): void => {
    Atomics.add(shared, FAILURES, 1);
    const { errno } = thrown as { errno?: unknown };
    if (typeof errno === 'number') Atomics.store(shared, REASON, errno);
  };
  const change = (): void => {
    const opened = openSync(file, OPEN_FLAGS, MODE);
    closeSync(descriptor);
    descriptor = opened;
  };
  /** Another thread has put a new file in the place of the one that is open here. */
  const keepUp = (): void => {
    const now = Atomics.load(shared, GENERATION);
    if (now === generation) return;
    try {
      change();
      generation = now;
    } catch (error) {
      fail(error);
    }
  };
  const rotate = (): void => {
    try {
      shiftFiles(file, count);
      change();
      generation = Atomics.add(shared, GENERATION, 1) + 1;
    } catch (error) {
      fail(error);
    }
    Atomics.store(shared, BYTES, 0);
  };
  const add = (bytes: number): void => {
    const before = Atomics.add(shared, BYTES, bytes);
    // Exactly one line crosses the limit, whoever writes it. What is no file (a device) has no size.
    if (before < sizeBytes && before + bytes >= sizeBytes && stats.isFile()) rotate();
  };

  if (isFirst) add(stats.size);
  return {
    write(line) {
      keepUp();
      try {
        const text = isTorn ? `\n${line}` : line;
        const written = writeSync(descriptor, text);
        isTorn = written < Buffer.byteLength(text);
        if (isTorn) Atomics.add(shared, FAILURES, 1);
        else Atomics.add(shared, LINES, 1);
        add(written);
      } catch (error) {
        fail(error);
      }
    },
    close: () => closeSync(descriptor),
  };
}

function shiftFiles(file: string, count: number): void {
  const nameOf = (place: number): string => (place === 0 ? file : `${file}.${place}`);
  if (count === 1) return unlinkSync(file);
  for (let place = count - 1; place >= 1; place -= 1) {
    try {
      renameSync(nameOf(place - 1), nameOf(place));
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT') throw error;
    }
  }
}
