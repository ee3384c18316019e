/** Events of a small campaign, and the clock and sink that the terminal is tested with. */

import type { CampaignEvent, TargetFacts } from '../../../coordinator/campaign-event.ts';
import { type Progress, type ProgressOptions, showProgress } from '../../../coordinator/progress/show-progress.ts';
import type { Clock } from '../../../foundation/clock.ts';
import type { CellIdentity } from '../../../reports/evidence.ts';
import type { CellSummary, Summary } from '../../../reports/summary.ts';

type EventOf<Type extends CampaignEvent['type']> = Extract<CampaignEvent, { type: Type }>;

export const TARGET: TargetFacts = {
  name: 'srm.example.org:8080',
  url: 'http://srm.example.org:8080/srm',
  addresses: ['192.0.2.10', '192.0.2.11'],
  clients: null,
  permissionBy: 'ops@example.org',
  timeouts: { connect: '10s', handshake: '10s', answer: '60s' },
};

export const STARTED: EventOf<'campaign-started'> = {
  type: 'campaign-started',
  name: 'sample',
  directory: 'results/sample-2026-11-21T140200Z',
  targets: [TARGET],
  cells: 4,
  expectedMs: { least: 12_000, most: 130_000 },
};

export const TRIED: EventOf<'operation-tried'> = {
  type: 'operation-tried',
  tried: {
    site: 'desk',
    operation: 'srmLs /d20',
    outcome: 'ok',
    connectMs: 12,
    handshakeMs: null,
    firstByteMs: 310,
    restMs: 2,
    answerBytes: 12_345,
  },
};

export function sampleCell(level: number, run = 1): CellIdentity {
  return {
    id: `00${level}-d20-l${level}-r${run}`,
    target: 'embedded',
    scenario: 'srm-ls',
    directorySize: 20,
    level,
    run,
  };
}

export function startedCell(position: number, attempt = 1): EventOf<'cell-started'> {
  return { type: 'cell-started', position, cell: sampleCell(position), attempt };
}

export const WINDOW: EventOf<'phase'> = { type: 'phase', phase: 'window' };

export const PROGRESS: EventOf<'progress'> = {
  type: 'progress',
  heldClients: 2000,
  readyPilots: 48,
  pendingPilots: 2,
  inFlight: 1996,
  ratePerS: 49.62,
  failed: 3,
  operations: { ok: 5000, reset: 3 },
  phaseElapsedMs: 72_000,
  phaseAtMostMs: 200_000,
};

export function finishedCell(position: number, changes: Partial<CellSummary> = {}): EventOf<'cell-finished'> {
  return { type: 'cell-finished', position, summary: { ...sampleSummary(position), ...changes } };
}

export function sampleSummary(level: number): CellSummary {
  return {
    ...sampleCell(level),
    state: 'ok',
    reason: null,
    marks: [],
    ratePerS: 20.14,
    rateCompletedPerS: 20,
    held: level,
    inFlight: 0.98,
    turning: 0.02,
    pausing: 0,
    windowMs: { open: 1000, close: 6000 },
    operations: { ok: 100, failed: 0, cut: 0, byOutcome: { ok: 100 } },
    followUps: { polls: 0, pages: 0 },
    inWindow: { ok: 90, failed: 0, local: 0 },
    serviceTimeMs: { count: 90, mean: 40, p50: 39.6, p90: 41, p95: 41_200, p99: null, max: 44 },
    phasesMs: { connect: null, handshake: null, firstByte: 39, rest: 1 },
    failureTimeMs: { count: 0, mean: null, max: null },
    firstCohort: { count: level, ok: level, meanMs: 41, maxMs: 44 },
    startSkewMs: { p50: 0.1, p99: 0.2, max: 0.3, clockErrorMs: 0.05 },
    littleErrorRatio: 0.001,
    server: { counted: 100, difference: 0 },
    recoveryMs: 300,
    hung: false,
    connections: null,
    identities: 0,
    generator: null,
    generatorCpuShare: null,
    service: null,
    sites: [],
  };
}

export const ENDED: EventOf<'campaign-finished'> = {
  type: 'campaign-finished',
  summary: {
    version: 2,
    name: 'sample',
    startedAt: '',
    finishedAt: '',
    complete: true,
    cells: [],
    findings: null,
    thresholds: [],
    models: [],
    acquisition: null,
  } satisfies Summary,
  report: null,
};

/** A clock that stands still until it is moved; timers that fall due are called in their order. */
export function createManualClock(): Clock & { move(byMs: number): void; timers(): number } {
  let nowMs = 0;
  let timers: { atMs: number; callback: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    unixMs: () => nowMs,
    after(delayMs, callback) {
      const timer = { atMs: nowMs + delayMs, callback };
      timers.push(timer);
      return () => void (timers = timers.filter((each) => each !== timer));
    },
    move(byMs) {
      const untilMs = nowMs + byMs;
      for (;;) {
        const [next] = timers.filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs);
        if (next === undefined) break;
        timers = timers.filter((each) => each !== next);
        nowMs = next.atMs;
        next.callback();
      }
      nowMs = untilMs;
    },
    timers: () => timers.length,
  };
}

export type Screen = { progress: Progress; clock: ReturnType<typeof createManualClock>; output(): string };

/** Progress on a clock that stands still, written into a string. */
export function openScreen(options: Partial<ProgressOptions> = {}): Screen {
  const clock = createManualClock();
  const written: string[] = [];
  const sink = { write: (text: string) => void written.push(text), columns: () => 100 };
  const progress = showProgress({
    version: '0.1.0',
    colour: false,
    redraw: false,
    quiet: false,
    clock,
    sink,
    ...options,
  });
  return { progress, clock, output: () => written.join('') };
}
