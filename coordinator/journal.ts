/** `journal.ndjson`: one line for every step of the campaign, append-only; "finished" is written after the data is on disk. */

import type { Clock } from '../foundation/clock.ts';
import type { Disk } from './disk.ts';

export const JOURNAL_VERSION = 1;

export const JOURNAL_STEPS = [
  'campaign-started',
  'telemetry-started',
  'target-started',
  'target-restarted',
  'baseline-probed',
  'slots-needed',
  'pilots-asked',
  'pilot-joined',
  'pilot-refused',
  'pilot-lost',
  'pilot-ended',
  'operation-tried',
  'cell-started',
  'barrier-reached',
  'barrier-missed',
  'target-resolved',
  'clock-tied',
  'credential-expiring',
  'cell-prepared',
  'cell-rechecked',
  'cell-fired',
  'window-opened',
  'window-closed',
  'cell-drained',
  'rows-stored',
  'server-counted',
  'recovered',
  'not-recovered',
  'threshold-crossed',
  'cell-finished',
  'cell-repeated',
  'cell-interrupted',
  'cell-skipped',
  'campaign-interrupted',
  'campaign-failed',
  'campaign-finished',
] as const;

export type JournalStep = (typeof JOURNAL_STEPS)[number];

/** Steps after which nothing before may be lost: they wait for the disk. */
const DURABLE_STEPS: ReadonlySet<JournalStep> = new Set(['campaign-started', 'cell-finished', 'campaign-finished']);

export type Journal = {
  /** Writes `{v, at, monotonicMs, step, ...fields}`; lines come in the order of the calls. */
  write(step: JournalStep, fields?: Record<string, unknown>): Promise<void>;
  /** Resolves when everything written so far is in the file. @throws GT_RESULT_NOT_WRITABLE */
  settled(): Promise<void>;
};

export function createJournal(file: string, disk: Disk, clock: Clock): Journal {
  let writing: Promise<void> = Promise.resolve();
  return {
    write(step, fields = {}) {
      const line = JSON.stringify({
        v: JOURNAL_VERSION,
        at: new Date(clock.unixMs()).toISOString(),
        monotonicMs: Math.round(clock.nowMs() * 1000) / 1000,
        step,
        ...fields,
      });
      const written = writing.then(() => disk.appendLine(file, line, DURABLE_STEPS.has(step)));
      writing = written;
      written.catch(() => {}); // told by settled() and to whoever awaits this line
      return written;
    },
    settled: () => writing,
  };
}
