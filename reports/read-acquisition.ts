/** How pilots were acquired and cells waited for them, from the journal. */

import type { Acquisition } from './acquisition.ts';
import { type AcquisitionLine, type JournalReading, readJournal } from './journal-steps.ts';
import { type SinceFirst, createPilotAccount } from './pilot-account.ts';

/**
 * Null: there is no journal.
 *
 * @throws GlideTesterError GT_RESULT_NOT_READABLE
 */
export async function readAcquisition(journalFile: string): Promise<Acquisition | null> {
  const reading = await readJournal(journalFile);
  return reading === null ? null : describeAcquisition(reading);
}

function describeAcquisition({ first, lines }: JournalReading): Acquisition {
  const timeline = createTimeline(first ?? { at: '', monotonicMs: 0 });
  const pilots = createPilotAccount();
  const cells = new Map<string, Acquisition['cells'][number]>();
  for (const line of lines) {
    const sinceFirst = timeline(line);
    if (line.step === 'cell-started') {
      // A repeated cell is told of by its last attempt.
      cells.set(line.cell, { id: line.cell, startedAtMs: sinceFirst(line.monotonicMs), firedAtMs: null });
    } else if (line.step === 'cell-fired') {
      const cell = cells.get(line.cell);
      if (cell !== undefined) cell.firedAtMs = sinceFirst(line.t0Ms);
    } else {
      pilots.take(line, sinceFirst);
    }
  }
  return { ...pilots.result(), cells: [...cells.values()] };
}

/** A clock that goes back was started anew with its host: from there on the time of day tells how far the first line is. */
function createTimeline(first: { at: string; monotonicMs: number }): (line: AcquisitionLine) => SinceFirst {
  let lastMs = first.monotonicMs;
  let zeroMs = first.monotonicMs;
  return ({ at, monotonicMs }) => {
    if (monotonicMs < lastMs) zeroMs = monotonicMs - (Date.parse(at) - Date.parse(first.at));
    lastMs = monotonicMs;
    const ownZeroMs = zeroMs;
    return (momentMs) => momentMs - ownZeroMs;
  };
}
