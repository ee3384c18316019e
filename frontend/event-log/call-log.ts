/** The event log as the service's main thread writes it: each call as it came and as it ended. */

import { monotonicNowMs } from '../../foundation/clock.ts';
import { GlideTesterError, messageOf } from '../../foundation/error.ts';
import type { OpenRequest } from '../counting/open-request.ts';
import type { Turn } from '../counting/operation.ts';
import { parseSurlPath } from '../listing/surl-path.ts';
import {
  BESTMAN_EVENT_LOG_COUNT,
  BESTMAN_EVENT_LOG_SIZE,
  type EventFile,
  type EventFileCounts,
  type EventFileSeat,
  createEventFileSeat,
  openEventFile,
  readEventFileCounts,
} from './event-file.ts';
import { type EventLogLevel, isWritten } from './event-level.ts';
import { quote, quotePath, writeEventLine } from './event-line.ts';

export type EventLogOptions = {
  /** Appended to. */
  file: string;
  level: EventLogLevel;
  /** Left out: {@link BESTMAN_EVENT_LOG_SIZE} and {@link BESTMAN_EVENT_LOG_COUNT}. */
  sizeBytes?: number;
  count?: number;
};

/** A call that the service was asked for. */
export type Call = {
  /** `srmLs`, …; null: what came could not be read. */
  operation: string | null;
  /** Null: the other end has shown none. */
  identity: string | null;
  surls?: readonly string[];
};

export type CallLog = {
  /** Writes how the call came, and how it ended once it has. */
  follow(call: Call, open: Pick<OpenRequest, 'onEnded'>): void;
  counts(): EventFileCounts;
  /** For the threads that list; null: they write nothing. */
  entryFile: EventFileSeat | null;
  close(): void;
};

/** Lines say no more paths than these. */
const MOST_PATHS = 5;

/**
 * Null when nothing is to be written. A file that can't be written to later on stops nothing: its lines are counted, and `tell` is
 * called once.
 *
 * @throws GlideTesterError GT_FRONTEND_EVENT_LOG when the file can't be opened
 */
export function openCallLog(options: EventLogOptions | null, tell: (text: string) => void): CallLog | null {
  if (options === null || options.level === 'off') return null;
  const { file, level, sizeBytes = BESTMAN_EVENT_LOG_SIZE, count = BESTMAN_EVENT_LOG_COUNT } = options;
  const seat = createEventFileSeat({ file, sizeBytes, count });
  const opened = openFirst(seat);
  const write = tellingOnce(opened, seat, tell);
  let calls = 0;
  return {
    follow(call, open) {
      calls += 1;
      const name = `call ${calls} ${call.operation ?? 'of nothing readable'}`;
      const sender = (): string =>
        `from ${call.identity === null ? 'nobody' : quote(call.identity)}${describePaths(call)}`;
      const cameMs = monotonicNowMs();
      if (isWritten('INFO', level)) write(writeEventLine('INFO', `${name} came ${sender()}`));
      open.onEnded((turn) => {
        const how = `${name} ${describeEnd(turn)} after ${(monotonicNowMs() - cameMs).toFixed(3)} ms`;
        if (hasFailed(turn)) write(writeEventLine('ERROR', `${how}, ${sender()}`));
        else if (isWritten('INFO', level)) write(writeEventLine('INFO', how));
      });
    },
    counts: () => readEventFileCounts(seat),
    entryFile: isWritten('DEBUG', level) ? seat : null,
    close: () => opened.close(),
  };
}

function openFirst(seat: EventFileSeat): EventFile {
  try {
    return openEventFile(seat, true);
  } catch (error) {
    throw new GlideTesterError(
      'GT_FRONTEND_EVENT_LOG',
      `the event log ${seat.file} cannot be written: ${messageOf(error)}`,
      {
        hint: 'Give a file in a directory that exists and that this user may write.',
        cause: error,
      },
    );
  }
}

/** Failures of other threads are told with the next line from here: every listing ends with one. */
function tellingOnce(opened: EventFile, seat: EventFileSeat, tell: (text: string) => void): (line: string) => void {
  let isTold = false;
  return (line) => {
    opened.write(line);
    if (isTold || readEventFileCounts(seat).failures === 0) return;
    isTold = true;
    const { reason } = readEventFileCounts(seat);
    const why = reason ?? 'a line came only in part';
    tell(`the event log ${seat.file} cannot be written: ${why}; the service goes on, lines that are lost are counted`);
  };
}

function hasFailed(turn: Turn | null): boolean {
  return turn === null || (turn.next === null && turn.outcome !== 'ok');
}

function describeEnd(turn: Turn | null): string {
  if (turn === null) return 'was left by its client';
  if (turn.next === null) return `ended ${turn.outcome}`;
  return turn.next === 'poll' ? 'ended: its client is to ask again' : 'ended: its client is to ask for more';
}

function describePaths({ surls = [] }: Call): string {
  const shown = surls.slice(0, MOST_PATHS).map((surl) => {
    const path = parseSurlPath(surl);
    return path === null ? 'no path of this service' : quotePath(path.asked);
  });
  if (surls.length > MOST_PATHS) shown.push(`${surls.length - MOST_PATHS} more`);
  return shown.length === 0 ? '' : ` for ${shown.join(', ')}`;
}
