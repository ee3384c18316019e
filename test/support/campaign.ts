/** A campaign through the real command line, with everything that is on disk about its cells afterwards. */

import type { ExecutionContext } from 'ava';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import type { CellEvidence } from '../../reports/evidence.ts';
import { readCellRecord } from '../../reports/result-directory.ts';
import type { CellSummary } from '../../reports/summary.ts';
import { type FinishedRun, type Run, finishRun, startRun } from './cli.ts';
import { type Row, readRows } from './rows.ts';

/** Cells of real length take their time. */
const ENDS_WITHIN_MS = 180_000;

export type FinishedCell = {
  summary: CellSummary;
  evidence: CellEvidence;
  rows: Row[];
  /** T0 on the host's monotonic clock. */
  t0Ms: number;
};

export type FinishedCampaign = FinishedRun & { readCell(id: string): Promise<FinishedCell> };

/** Starts a campaign in a fresh folder. */
export function startCampaign(t: ExecutionContext, config: ConfigInput): Promise<Run> {
  return startRun(t, config, { endsWithinMs: ENDS_WITHIN_MS });
}

/** Waits for its end. */
export async function finishCampaign(run: Run): Promise<FinishedCampaign> {
  const finished = await finishRun(run);
  const { directory, journal } = finished;
  return {
    ...finished,
    async readCell(id) {
      const fired = journal.findLast(({ step, cell }) => step === 'cell-fired' && cell === id);
      const record = await readCellRecord(directory, id);
      if (record === null) throw new Error(`cell ${id} has no record`);
      return { ...record, rows: await readRows(directory, id), t0Ms: fired?.['t0Ms'] as number };
    },
  };
}

/** Runs a campaign to its end. */
export async function runCampaign(t: ExecutionContext, config: ConfigInput): Promise<FinishedCampaign> {
  return finishCampaign(await startCampaign(t, config));
}
