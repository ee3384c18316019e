/** Whether the load generator, not the service, set the numbers. */

import { formatShare } from '../../foundation/quantity.ts';
import { type TcpCounts, combineTcpCounts } from '../../foundation/tcp-counts.ts';
import type { CellEvidence, GeneratorHealth, PilotEvidence } from '../evidence.ts';
import { formatNumber } from '../format-number.ts';
import type { CellSummary, Mark } from '../summary.ts';

const LOOP_UTILISATION_LIMIT = 0.85;
/** Of the p50 service time. */
const LOOP_DELAY_SHARE_LIMIT = 0.1;
/** The delay is sampled by a timer of this period: a shorter one can't be told from the timer's own rounding. */
const LOOP_DELAY_LEAST_MS = 2;
/** Of the clients that could be in flight; turning round takes the rest. */
const IN_FLIGHT_SHARE_LIMIT = 0.9;

type Figure = Exclude<keyof GeneratorHealth, 'tcp'>;

/**
 * The worst of each figure over the pilots whose health is known (those of the run queue of the pilot that waited for the
 * largest share); null when none is.
 */
export function findWorstHealth(evidence: Pick<CellEvidence, 'pilots'>): CellSummary['generator'] {
  const known = evidence.pilots.map(({ health }) => health).filter((health) => health !== null);
  if (known.length === 0) return null;
  const worst = (figure: Figure): number => Math.max(...known.map((health) => health[figure] ?? 0));
  const worstKnown = (figure: Figure): number | null =>
    known.every((health) => health[figure] === null) ? null : worst(figure);
  const [longest] = known.toSorted((a, b) => (b.runQueueShare ?? -1) - (a.runQueueShare ?? -1));
  return {
    loopUtilisation: worst('loopUtilisation'),
    loopDelayP99Ms: worst('loopDelayP99Ms'),
    cpuShare: worst('cpuShare'),
    gcShare: worst('gcShare'),
    runQueueShare: longest?.runQueueShare ?? null,
    runQueueMeanMs: longest?.runQueueMeanMs ?? null,
    throttledShare: worstKnown('throttledShare'),
    pressureShare: worstKnown('pressureShare'),
    stolenShare: worstKnown('stolenShare'),
    tcp: sumTcpCounts(evidence.pilots),
  };
}

/** The counts are a host's: of the pilots there the one that saw most stands for all. Null when no pilot told. */
function sumTcpCounts(pilots: readonly PilotEvidence[]): TcpCounts | null {
  const byHost = new Map<string, TcpCounts>();
  for (const { host, health } of pilots) {
    if (health?.tcp === null || health?.tcp === undefined) continue;
    const seen = byHost.get(host);
    byHost.set(host, seen === undefined ? health.tcp : combineTcpCounts(seen, health.tcp, Math.max));
  }
  const hosts = [...byHost.values()];
  return hosts.length === 0
    ? null
    : hosts.reduce((sum, counts) => combineTcpCounts(sum, counts, (one, other) => one + other));
}

/** CPU time of all pilots together over the window; null unless every pilot that had clients told. */
export function sumCpuShare({ pilots }: Pick<CellEvidence, 'pilots'>): number | null {
  const loaded = pilots.filter(({ clients }) => clients > 0);
  if (loaded.length === 0 || loaded.some(({ health }) => health === null)) return null;
  return pilots.reduce((sum, { health }) => sum + (health?.cpuShare ?? 0), 0);
}

type Measured = Pick<CellSummary, 'generator' | 'serviceTimeMs' | 'inFlight' | 'held' | 'pausing'>;
type Finding = Omit<Mark, 'code'>;

/** The mark `generator-bound` with a sentence for every limit that was crossed, or null. Value and limit are the first one's. */
export function explainGeneratorBound(measured: Measured): Mark | null {
  const findings = [findBusyLoop(measured), findLateLoop(measured), findIdleClients(measured)].filter(
    (finding) => finding !== null,
  );
  const [first] = findings;
  if (first === undefined) return null;
  return { ...first, code: 'generator-bound', text: findings.map(({ text }) => text).join(' ') };
}

function findBusyLoop({ generator }: Measured): Finding | null {
  if (generator === null || generator.loopUtilisation <= LOOP_UTILISATION_LIMIT) return null;
  const value = generator.loopUtilisation * 100;
  const limit = LOOP_UTILISATION_LIMIT * 100;
  return { value, limit, text: `A pilot's event loop was ${formatNumber(value)} % busy (limit ${limit} %).` };
}

function findLateLoop({ generator, serviceTimeMs }: Measured): Finding | null {
  const typicalMs = serviceTimeMs.p50 ?? serviceTimeMs.mean;
  if (generator === null || typicalMs === null) return null;
  const value = generator.loopDelayP99Ms;
  const limit = Math.max(LOOP_DELAY_LEAST_MS, LOOP_DELAY_SHARE_LIMIT * typicalMs);
  if (value <= limit) return null;
  const text =
    `A pilot's event loop was late by ${formatNumber(value)} ms at p99 (limit ${formatNumber(limit)} ms: ` +
    `${formatShare(LOOP_DELAY_SHARE_LIMIT)} of the typical service time, at least ${LOOP_DELAY_LEAST_MS} ms).`;
  return { value, limit, text };
}

function findIdleClients({ inFlight, held, pausing }: Measured): Finding | null {
  if (inFlight === null) return null;
  const limit = IN_FLIGHT_SHARE_LIMIT * (held - (pausing ?? 0));
  if (inFlight >= limit) return null;
  const text =
    `Only ${formatNumber(inFlight)} of ${formatNumber(held - (pausing ?? 0))} clients that were neither lost nor pausing ` +
    `were in flight (limit ${formatNumber(limit)}).`;
  return { value: inFlight, limit, text };
}
