/** Measured cells in few words, for what is made of summaries. */

import { modelCampaign } from '../../reports/models/model-series.ts';
import { skippedCell } from '../../reports/measure.ts';
import { HEALTHY } from './synthetic-cell.ts';
import type { CellSummary, Summary } from '../../reports/summary.ts';

type CellChanges = Partial<CellSummary> & { p50?: number | null; p95?: number | null };

/** A cell of 20 files with all its clients in flight at this rate; anything else as changed. */
export function cellAt(level: number, ratePerS: number, changes: CellChanges = {}): CellSummary {
  const { p50 = 12, p95 = 30, ...rest } = changes;
  const run = rest.run ?? 1;
  const identity = {
    id: `d20-c${level}-r${run}`,
    target: 'http://t',
    scenario: 'srm-ls',
    directorySize: 20,
    level,
    run,
  };
  return {
    ...skippedCell(identity, ''),
    state: 'ok',
    reason: null,
    ratePerS,
    rateCompletedPerS: ratePerS,
    held: level,
    inFlight: level,
    turning: 0,
    pausing: 0,
    windowMs: { open: 100, close: 1100 },
    operations: { ok: 1000, failed: 0, cut: 0, byOutcome: { ok: 1000 } },
    inWindow: { ok: 900, failed: 0, local: 0 },
    serviceTimeMs: { count: 900, mean: p50, p50, p90: p95, p95, p99: p95, max: p95 },
    startSkewMs: { p50: 0.5, p99: 2, max: 3, clockErrorMs: 0.1 },
    littleErrorRatio: 0.001,
    server: { counted: 1000, difference: 0 },
    recoveryMs: 120,
    generator: { ...HEALTHY, loopUtilisation: 0.4, loopDelayP99Ms: 0.2, cpuShare: 0.5 },
    ...rest,
  };
}

/** The summary of a finished campaign of these cells. */
export function summaryOf(...cells: CellSummary[]): Summary {
  return {
    version: 2,
    name: 'n',
    startedAt: '2026-11-21T14:02:00Z',
    finishedAt: null,
    complete: true,
    cells,
    findings: null,
    thresholds: [],
    models: modelCampaign(cells),
    acquisition: null,
  };
}
