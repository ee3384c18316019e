/** A cell from a simulated service: true rows, true gauges and the server's count, from a seed. */

import type { Outcome } from '../../foundation/outcome.ts';
import { type Random, createRandom } from '../../foundation/random.ts';
import type { CellEvidence, GaugeSeries, PilotEvidence } from '../../reports/evidence.ts';
import { NOT_REACHED, type OperationBlock, createOperationBlock } from '../../reports/operation.ts';

/** One operation as the simulation knows it; times in microseconds since T0. */
export type SyntheticOperation = {
  client: number;
  sequence: number;
  startUs: number;
  durationUs: number;
  outcome: Outcome;
  /** Part of it that the handshake took; default: there was none. */
  handshakeUs?: number;
  polls?: number;
  pages?: number;
};

export type SyntheticOptions = {
  clients: number;
  /** Operations served at once; more wait in order of arrival. Default: no limit. */
  places?: number;
  /** Time that an operation needs in its place. */
  serviceUs: (random: Random, startUs: number) => number;
  outcomeOf?: (random: Random, sequence: number) => Outcome;
  /** Between an end and the next start. */
  turnUs?: number;
  pauseAfterFailureUs?: number;
  startSpreadMs?: number;
  windowMs?: number;
  warmUpLimitMs?: number;
  drainLimitMs?: number;
  pilots?: number;
  lostPilot?: { pilot: number; atMs: number };
  seed?: number;
};

export type SyntheticCell = {
  evidence: CellEvidence;
  operations: SyntheticOperation[];
};

const GAUGE_EVERY_MS = 10;

/** The interval in which a client is in one state; microseconds. */
type Stay = { client: number; fromUs: number; toUs: number };
type Stays = { turning: Stay[]; pausing: Stay[] };

export const HEALTHY: NonNullable<PilotEvidence['health']> = {
  loopUtilisation: 0.12,
  loopDelayP99Ms: 0.3,
  loopLateMeanMs: 0.01,
  cpuShare: 0.2,
  gcShare: 0.01,
  runQueueShare: 0.02,
  throttledShare: 0,
  pressureShare: 0.1,
  stolenShare: 0,
  tcp: { sent: 5000, retransmitted: 0, needless: 0, timeouts: 0, listenOverflows: 0, listenDrops: 0 },
};

/** Simulates a closed loop: window opened when every client has ended one operation, load on until the window has drained. */
export function simulateCell(options: SyntheticOptions): SyntheticCell {
  const { windowMs = 1000, warmUpLimitMs = 5000, drainLimitMs = 5000 } = options;
  const stays: Stays = { turning: [], pausing: [] };
  const all = simulateOperations(options, (warmUpLimitMs + windowMs + drainLimitMs) * 1000, stays);
  const firstEndsMs = all.filter(({ sequence }) => sequence === 0).map((operation) => endUs(operation) / 1000);
  const allEndedMs = firstEndsMs.length < options.clients ? Infinity : Math.max(...firstEndsMs);
  const openMs = onGrid(Math.min(allEndedMs, warmUpLimitMs));
  const closeMs = openMs + windowMs;
  const touching = all.filter(({ startUs }) => startUs < closeMs * 1000);
  const lastEndMs = Math.max(closeMs, ...touching.map((operation) => endUs(operation) / 1000));
  const drainedMs = onGrid(Math.min(lastEndMs, closeMs + drainLimitMs));
  const isCut = lastEndMs > closeMs + drainLimitMs;
  const fired = all.filter(({ startUs }) => startUs < drainedMs * 1000);
  const seen = fired.map((operation) => (isCut ? cutAt(operation, drainedMs * 1000) : operation));
  const pilots = dividePilots(options);
  const operations = seen.filter((operation) => endUs(operation) <= lostAtUs(pilots, operation.client));
  const evidence: CellEvidence = {
    ...EVIDENCE,
    level: options.clients,
    clientsFired: options.clients,
    window: {
      openMs,
      closeMs,
      openedBy: allEndedMs <= warmUpLimitMs ? 'every-client-ended-one' : 'warm-up-limit',
      closedBy: 'content',
    },
    drainedMs,
    startSpreadMs: options.startSpreadMs ?? 0,
    pilots: pilots.map((pilot) => countRows(pilot, operations)),
    gauges: gaugesOf(seen, stays, pilots, drainedMs),
    server: {
      source: 'frontend',
      counted: operations.filter(({ outcome }) => outcome === 'ok').length,
      byOutcome: {},
      okButCutHere: 0,
    },
  };
  return { evidence, operations };
}

const EVIDENCE: CellEvidence = {
  id: 'cell-1',
  target: 'synthetic',
  scenario: 'srm-ls',
  directorySize: 20,
  level: 1,
  run: 1,
  version: 1,
  attempt: 1,
  t0AtMs: 1_795_000_000_000,
  clientsFired: 1,
  window: null,
  drainedMs: null,
  failure: null,
  addresses: ['127.0.0.1:8443'],
  connection: { perOperation: true },
  identities: 0,
  timeoutsMs: { connect: 75_000, handshake: 60_000, answer: 600_000 },
  startSpreadMs: 0,
  pilots: [],
  gauges: { everyMs: GAUGE_EVERY_MS, inFlight: [], turning: [], pausing: [] },
  server: null,
  service: null,
  recovery: { recoveredMs: 40, answerWithinMs: 100, withinMs: 5000, probes: 3 },
};

/** Every client starts its next operation when the last has ended; places are taken in order of arrival. */
function simulateOperations(options: SyntheticOptions, horizonUs: number, stays: Stays): SyntheticOperation[] {
  const { clients, turnUs = 0, pauseAfterFailureUs = 0, startSpreadMs = 0, places = Infinity } = options;
  const random = createRandom(options.seed ?? 1);
  const nextStartUs = Array.from({ length: clients }, (_, client) =>
    Math.round((startSpreadMs * 1000 * client) / clients),
  );
  const sequences = nextStartUs.map(() => 0);
  const placeFreeAtUs = places === Infinity ? [] : Array.from({ length: places }, () => 0);
  const operations: SyntheticOperation[] = [];
  for (;;) {
    const startUs = Math.min(...nextStartUs);
    if (startUs >= horizonUs || operations.length >= 200_000) return operations;
    const client = nextStartUs.indexOf(startUs);
    const sequence = sequences[client] as number;
    sequences[client] = sequence + 1;
    const servedUs = takePlace(placeFreeAtUs, startUs, Math.round(options.serviceUs(random, startUs)));
    const outcome = options.outcomeOf?.(random, sequence) ?? 'ok';
    operations.push({ client, sequence, startUs, durationUs: servedUs - startUs, outcome });
    const pausedUs = outcome === 'ok' ? servedUs : servedUs + pauseAfterFailureUs;
    stays.pausing.push({ client, fromUs: servedUs, toUs: pausedUs });
    stays.turning.push({ client, fromUs: pausedUs, toUs: pausedUs + turnUs });
    nextStartUs[client] = pausedUs + turnUs;
  }
}

/** When an operation that arrives now has been served; without a limit on places it is served at once. */
function takePlace(placeFreeAtUs: number[], startUs: number, serviceUs: number): number {
  if (placeFreeAtUs.length === 0) return startUs + serviceUs;
  const freeAtUs = Math.min(...placeFreeAtUs);
  const servedUs = Math.max(startUs, freeAtUs) + serviceUs;
  placeFreeAtUs[placeFreeAtUs.indexOf(freeAtUs)] = servedUs;
  return servedUs;
}

function endUs({ startUs, durationUs }: SyntheticOperation): number {
  return startUs + durationUs;
}

function onGrid(ms: number): number {
  return Math.ceil(ms / GAUGE_EVERY_MS) * GAUGE_EVERY_MS;
}

function cutAt(operation: SyntheticOperation, atUs: number): SyntheticOperation {
  if (endUs(operation) <= atUs) return operation;
  return { ...operation, durationUs: atUs - operation.startUs, outcome: 'cut' };
}

function dividePilots({ clients, pilots = 1, lostPilot }: SyntheticOptions): PilotEvidence[] {
  const each = Math.ceil(clients / pilots);
  return Array.from({ length: pilots }, (_, index) => ({
    id: `p${index + 1}`,
    site: 'here',
    host: 'synthetic',
    pid: 1000 + index,
    firstClient: index * each,
    clients: Math.min(each, clients - index * each),
    clock: { method: 'exchange', offsetMs: 0, errorMs: 0.2, startCorrectionMs: 0 },
    lostAtMs: lostPilot?.pilot === index ? lostPilot.atMs : null,
    health: lostPilot?.pilot === index ? null : HEALTHY,
    rowsSent: null,
    rowsStored: 0,
    connections: null,
  }));
}

function pilotOf(pilots: readonly PilotEvidence[], client: number): PilotEvidence | undefined {
  return pilots.find(({ firstClient, clients }) => client >= firstClient && client < firstClient + clients);
}

function lostAtUs(pilots: readonly PilotEvidence[], client: number): number {
  const lostAtMs = pilotOf(pilots, client)?.lostAtMs ?? null;
  return lostAtMs === null ? Infinity : lostAtMs * 1000;
}

function countRows(pilot: PilotEvidence, operations: readonly SyntheticOperation[]): PilotEvidence {
  const rows = operations.filter(({ client }) => pilotOf([pilot], client) !== undefined).length;
  return { ...pilot, rowsSent: pilot.lostAtMs === null ? rows : null, rowsStored: rows };
}

function gaugesOf(
  operations: readonly SyntheticOperation[],
  { turning, pausing }: Stays,
  pilots: readonly PilotEvidence[],
  drainedMs: number,
): GaugeSeries {
  const inFlight = operations.map((operation) => ({
    client: operation.client,
    fromUs: operation.startUs,
    toUs: endUs(operation),
  }));
  const integrate = (stays: readonly Stay[]): number[] =>
    integrateStays(
      stays.map((stay) => ({ ...stay, toUs: Math.min(stay.toUs, lostAtUs(pilots, stay.client)) })),
      drainedMs,
    );
  return {
    everyMs: GAUGE_EVERY_MS,
    inFlight: integrate(inFlight),
    turning: integrate(turning),
    pausing: integrate(pausing),
  };
}

/** Client-milliseconds spent in a state until each grid point: whole overlaps, summed from the per-cell parts. */
function integrateStays(stays: readonly Stay[], untilMs: number): number[] {
  const cells = Array.from({ length: untilMs / GAUGE_EVERY_MS + 1 }, () => 0);
  const widthUs = GAUGE_EVERY_MS * 1000;
  for (const { fromUs, toUs } of stays) {
    for (let cell = Math.floor(fromUs / widthUs); cell * widthUs < toUs && cell < cells.length - 1; cell += 1) {
      const overlapUs = Math.min(toUs, (cell + 1) * widthUs) - Math.max(fromUs, cell * widthUs);
      cells[cell + 1] = (cells[cell + 1] as number) + Math.max(0, overlapUs);
    }
  }
  let sumUs = 0;
  return cells.map((overlapUs) => {
    sumUs += overlapUs;
    return sumUs / 1000;
  });
}

/** The operations as blocks of up to `rowsPerBlock` rows, each with its own list of outcomes. */
export async function* blocksOf(
  operations: readonly SyntheticOperation[],
  rowsPerBlock = 97,
): AsyncGenerator<OperationBlock> {
  for (let from = 0; from < operations.length; from += rowsPerBlock) {
    yield blockOf(operations.slice(from, from + rowsPerBlock));
  }
}

export function blockOf(operations: readonly SyntheticOperation[]): OperationBlock {
  const block = createOperationBlock(operations.length);
  block.rows = operations.length;
  operations.forEach((operation, row) => {
    block.client[row] = operation.client;
    block.sequence[row] = operation.sequence;
    block.startUs[row] = operation.startUs;
    block.durationUs[row] = operation.durationUs;
    block.connectUs[row] = operation.outcome === 'ok' ? Math.floor(operation.durationUs / 10) : NOT_REACHED;
    block.handshakeUs[row] = operation.handshakeUs ?? NOT_REACHED;
    block.firstByteUs[row] = operation.outcome === 'ok' ? Math.floor(operation.durationUs / 2) : NOT_REACHED;
    block.restUs[row] = operation.outcome === 'ok' ? 7 : NOT_REACHED;
    block.answerBytes[row] = operation.outcome === 'ok' ? 4_000_000_000 : 0;
    block.polls[row] = operation.polls ?? 0;
    block.pages[row] = operation.pages ?? 0;
    const known = block.outcomes.indexOf(operation.outcome);
    block.outcome[row] = known === -1 ? block.outcomes.push(operation.outcome) - 1 : known;
  });
  return block;
}

/** Service times of a memoryless service with this mean. */
export function exponential(meanUs: number): (random: Random) => number {
  return (random) => -Math.log(1 - random()) * meanUs;
}

/** Leaves out about this share of the operations, chosen by a seed. */
export function dropShare(operations: readonly SyntheticOperation[], share: number, seed = 1): SyntheticOperation[] {
  const random = createRandom(seed);
  return operations.filter(() => random() >= share);
}

/** Everything that a stream yields. */
export async function listOf<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of stream) values.push(value);
  return values;
}
