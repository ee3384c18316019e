/** All measures of one cell from its three lines of evidence: rows, gauges, the server's count. Defined in docs/measures.md. */

import type { CellEvidence, CellIdentity, CellWindow } from './evidence.ts';
import { sumConnections } from './measures/connections.ts';
import { averageGauges, averageHeld } from './measures/concurrency.ts';
import { compareServerCount, countEnded, countOperations } from './measures/counts.ts';
import { findWorstHealth, sumCpuShare } from './measures/worst-health.ts';
import { isHung } from './measures/hang.ts';
import { littleErrorRatio } from './measures/little.ts';
import { findMarks } from './measures/marks.ts';
import { completedRatePerS, edgeCorrectedRatePerS, sortedEndsUs } from './measures/rate.ts';
import { type CellRows, collectRows, spanOf } from './measures/rows.ts';
import { measureFirstCohort, measureTimes } from './measures/service-time.ts';
import { measureSites } from './measures/sites.ts';
import { measureStartSkew } from './measures/start-skew.ts';
import { judgeCell } from './measures/state.ts';
import type { OperationBlock } from './operation.ts';
import type { CellSummary } from './summary.ts';

/** The measures of a cell that was fired; reads every block once. */
export async function measureCell(evidence: CellEvidence, blocks: AsyncIterable<OperationBlock>): Promise<CellSummary> {
  const rows = await collectRows(blocks, evidence.pilots);
  const operations = countOperations(rows);
  const measured = {
    ...identityOf(evidence),
    ...NOTHING_MEASURED,
    ...(evidence.window === null ? {} : measureWindow(evidence, evidence.window, rows)),
    held: averageHeld(evidence, evidence.window).mean,
    operations,
    followUps: rows.followUps,
    firstCohort: measureFirstCohort(rows),
    startSkewMs: measureStartSkew(evidence, rows),
    server: compareServerCount(evidence, operations),
    recoveryMs: evidence.recovery?.recoveredMs ?? null,
    hung: isHung(evidence, rows),
    connections: sumConnections(evidence.pilots),
    identities: evidence.identities,
    generator: findWorstHealth(evidence),
    generatorCpuShare: sumCpuShare(evidence),
    service: evidence.service,
    sites: measureSites(evidence, rows),
  };
  return {
    ...measured,
    ...judgeCell(evidence, rows, measured.inWindow),
    marks: findMarks(evidence, rows, measured),
  };
}

/** A planned cell that was not measured, and why. */
export function skippedCell(identity: CellIdentity, reason: string): CellSummary {
  return { ...identityOf(identity), ...NOTHING_MEASURED, state: 'skipped', reason, marks: [] };
}

/** A cell whose files can't be read, and why. */
export function unreadableCell(identity: CellIdentity, reason: string): CellSummary {
  return { ...skippedCell(identity, reason), state: 'failed' };
}

function measureWindow(evidence: CellEvidence, window: CellWindow, rows: CellRows) {
  const span = spanOf(window);
  const rateCompletedPerS = completedRatePerS(sortedEndsUs(rows), span);
  const isTransient = window.openedBy === 'warm-up-limit';
  const gauges = averageGauges(evidence.gauges, window);
  return {
    ratePerS: isTransient ? rateCompletedPerS : edgeCorrectedRatePerS(rows, span),
    rateCompletedPerS,
    ...gauges,
    windowMs: { open: window.openMs, close: window.closeMs },
    inWindow: countEnded(rows, span),
    ...measureTimes(rows, span),
    littleErrorRatio: littleErrorRatio(rows, span, gauges.inFlight),
  };
}

function identityOf({ id, target, scenario, directorySize, level, run }: CellIdentity): CellIdentity {
  return { id, target, scenario, directorySize, level, run };
}

const NOTHING_MEASURED: Omit<CellSummary, keyof CellIdentity | 'state' | 'reason' | 'marks'> = {
  ratePerS: null,
  rateCompletedPerS: null,
  held: 0,
  inFlight: null,
  turning: null,
  pausing: null,
  windowMs: null,
  operations: { ok: 0, failed: 0, cut: 0, byOutcome: {} },
  followUps: { polls: 0, pages: 0 },
  inWindow: { ok: 0, failed: 0, local: 0 },
  serviceTimeMs: { count: 0, mean: null, p50: null, p90: null, p95: null, p99: null, max: null },
  phasesMs: { connect: null, handshake: null, firstByte: null, rest: null },
  failureTimeMs: { count: 0, mean: null, max: null },
  firstCohort: { count: 0, ok: 0, meanMs: null, maxMs: null },
  startSkewMs: { p50: null, p99: null, max: null, clockErrorMs: null },
  littleErrorRatio: null,
  server: null,
  recoveryMs: null,
  hung: null,
  connections: null,
  identities: 0,
  generator: null,
  generatorCpuShare: null,
  service: null,
  sites: [],
};
