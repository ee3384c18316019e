/** Health of all pilots of a cell as one figure each. */

import { type TcpCounts, combineTcpCounts } from '../../foundation/tcp-counts.ts';
import type { CellEvidence, GeneratorHealth, PilotEvidence } from '../evidence.ts';
import type { CellSummary } from '../summary.ts';

type Figure = Exclude<keyof GeneratorHealth, 'tcp'>;

/** The worst of each figure over the pilots whose health is known; null when none is. */
export function findWorstHealth(evidence: Pick<CellEvidence, 'pilots'>): CellSummary['generator'] {
  const known = evidence.pilots.map(({ health }) => health).filter((health) => health !== null);
  if (known.length === 0) return null;
  const worst = (figure: Figure): number => Math.max(...known.map((health) => health[figure] ?? 0));
  const worstKnown = (figure: Figure): number | null =>
    known.every((health) => health[figure] === null) ? null : worst(figure);
  return {
    loopUtilisation: worst('loopUtilisation'),
    loopDelayP99Ms: worst('loopDelayP99Ms'),
    cpuShare: worst('cpuShare'),
    gcShare: worst('gcShare'),
    runQueueShare: worstKnown('runQueueShare'),
    loopLateMeanMs: worstKnown('loopLateMeanMs'),
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
