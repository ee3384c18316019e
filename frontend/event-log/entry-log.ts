/** The two lines that DEBUG writes for each entry of a listing, before and after it, from the thread that lists. */

import { threadId } from 'node:worker_threads';
import type { PathDetail } from '../../scenarios/srm/ls-reply.ts';
import { type EventFileSeat, openEventFile } from './event-file.ts';
import { quotePath, writeEventLine } from './event-line.ts';

export type EntryLog = {
  begins(path: string): void;
  ended(detail: PathDetail): void;
};

/** @throws what opening the file throws */
export function openEntryLog(seat: EventFileSeat): EntryLog {
  const file = openEventFile(seat);
  const thread = `thread ${threadId}`;
  return {
    begins: (path) => file.write(writeEventLine('DEBUG', `${thread} looks at ${quotePath(path)}`)),
    ended({ path, status, type, bytes }) {
      const found = [type, bytes === null ? null : `${bytes} bytes`].filter((part) => part !== null).join(' ');
      file.write(writeEventLine('DEBUG', `${thread} has seen ${quotePath(path)}: ${status} ${found}`.trimEnd()));
    },
  };
}
