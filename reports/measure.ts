/** All measures of one cell from its three lines of evidence: rows, gauges, the server's count. Defined in docs/measures.md. */

import type { CellDetail } from './cell-detail.ts';
import type { CellEvidence, CellIdentity, CellWindow } from './evidence.ts';
import { createClientTable } from './measures/clients.ts';
import { sumConnections } from './measures/connections.ts';
import { averageGauges, averageHeld } from './measures/concurrency.ts';
import { compareServerCount, countCut, countEnded, countOperations, countUnended } from './measures/counts.ts';
import { measureDetail } from './measures/detail.ts';
import { findHang } from './measures/hang.ts';
import { averageInFlight, littleErrorRatio } from './measures/little.ts';
import { type WindowFindings, findMarks } from './measures/marks.ts';
import { measureCompletedRate, measureEdgeCorrectedRate } from './measures/rate.ts';
import { measureRateRange } from './measures/rate-range.ts';
import { spanOf, takeRows } from './measures/rows.ts';
import {
  measureFailureTimes,
  measureFirstCohort,
  measureMeanOk,
  measureServiceTimes,
} from './measures/service-time.ts';
import { type MeasuredSites, describeSites } from './measures/sites.ts';
import { measureStartSkew } from './measures/start-skew.ts';
import { judgeCell } from './measures/state.ts';
import { measureTrend } from './measures/steadiness.ts';
import { findWorstHealth, sumCpuShare } from './measures/worst-health.ts';
import type { OperationBlock } from './operation.ts';
import type { CellSummary } from './summary.ts';

/**
 * Goes up with every change after which the same rows and evidence have another summary: a definition, a limit or a sentence of
 * a mark, a field. Reports of earlier results then measure their cells anew. A test holds it to what the measures make.
 */
export const MEASURES_VERSION = 2;

export type MeasuredCell = { summary: CellSummary; detail: CellDetail };

/**
 * The measures of a cell that was fired. Every block is read once, in bounded memory: what is kept of the rows is 4 bytes an
 * operation of the window, and 8 bytes one of the warm-up and the drain.
 */
export async function measureCell(
  evidence: CellEvidence,
  blocks: AsyncIterable<OperationBlock>,
): Promise<MeasuredCell> {
  const { window, pilots } = evidence;
  const clients = createClientTable(pilots);
  const whole = {
    counts: countOperations(),
    firstCohort: measureFirstCohort(),
    startSkew: measureStartSkew(evidence),
    hang: findHang(evidence),
    detail: measureDetail(evidence, window === null ? null : spanOf(window)),
  };
  const inWindow = window === null ? null : measuresOfWindow(evidence, window, clients.sites.length);
  await takeRows(blocks, clients, [...Object.values(whole), ...Object.values(inWindow ?? {})]);
  const { operations, followUps } = whole.counts.result();
  const found = window === null || inWindow === null ? NO_WINDOW : finishWindow(evidence, window, inWindow);
  const measured = {
    ...identityOf(evidence),
    ...NOTHING_MEASURED,
    ...found.measures,
    held: averageHeld(evidence, window).mean,
    operations,
    followUps,
    firstCohort: whole.firstCohort.result(),
    startSkewMs: whole.startSkew.result(),
    server: compareServerCount(evidence, operations),
    recoveryMs: evidence.recovery?.recoveredMs ?? null,
    hung: whole.hang.result(),
    connections: sumConnections(pilots),
    identities: evidence.identities,
    generator: findWorstHealth(evidence),
    generatorCpuShare: sumCpuShare(evidence),
    service: evidence.service,
    sites: describeSites(clients.sites, found.sites),
  };
  const summary = {
    ...measured,
    ...judgeCell(evidence, { inWindow: measured.inWindow, failures: found.failures }),
    marks: findMarks(evidence, measured, found.findings),
  };
  return { summary, detail: whole.detail.result() };
}

/** A planned cell that was not measured, and why. */
export function skippedCell(identity: CellIdentity, reason: string): CellSummary {
  return { ...identityOf(identity), ...NOTHING_MEASURED, state: 'skipped', reason, marks: [] };
}

/** A cell whose files can't be read, and why. */
export function unreadableCell(identity: CellIdentity, reason: string): CellSummary {
  return { ...skippedCell(identity, reason), state: 'failed' };
}

type WindowMeasures = ReturnType<typeof measuresOfWindow>;

function measuresOfWindow({ clientsFired, drainedMs }: CellEvidence, window: CellWindow, sites: number) {
  const span = spanOf(window);
  return {
    edgeCorrected: measureEdgeCorrectedRate(span, sites),
    completed: measureCompletedRate(span, sites),
    rateRange: measureRateRange(span, drainedMs === null ? span.closeUs : drainedMs * 1000),
    meanOk: measureMeanOk(),
    trend: measureTrend(span),
    ended: countEnded(span),
    cut: countCut(span),
    unended: countUnended(span, clientsFired),
    times: measureServiceTimes(span, sites),
    failureTimes: measureFailureTimes(span),
    inFlight: averageInFlight(span),
  };
}

/** What a cell's rows say about its window: measures, those of the sites, and what the verdict and the marks look at. */
type Found = {
  measures: Partial<CellSummary>;
  sites: MeasuredSites | null;
  failures: ReturnType<WindowMeasures['ended']['result']>['failures'];
  findings: WindowFindings | null;
};

const NO_WINDOW: Found = { measures: {}, sites: null, failures: [], findings: null };

function finishWindow(evidence: CellEvidence, window: CellWindow, measures: WindowMeasures): Found {
  const completed = measures.completed.result();
  const edgeCorrected = measures.edgeCorrected.result();
  const headline = window.openedBy === 'warm-up-limit' ? completed : edgeCorrected;
  const gauges = averageGauges(evidence.gauges, window);
  const { inWindow, failures } = measures.ended.result();
  const times = measures.times.result();
  return {
    measures: {
      ratePerS: headline.perS,
      rateCompletedPerS: completed.perS,
      ...gauges,
      windowMs: { open: window.openMs, close: window.closeMs },
      inWindow,
      ...times.cell,
      failureTimeMs: measures.failureTimes.result(),
      littleErrorRatio: littleErrorRatio(measures.inFlight.result(), gauges.inFlight),
    },
    sites: { ratesPerS: headline.bySite, times: times.bySite },
    failures,
    findings: {
      edgeCorrectedPerS: edgeCorrected.perS,
      rateRange: measures.rateRange.result(),
      meanOkUs: measures.meanOk.result(),
      trend: measures.trend.result(),
      cut: measures.cut.result(),
      unended: measures.unended.result(),
    },
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
