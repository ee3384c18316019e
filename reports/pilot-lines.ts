/** The pilots of a campaign, each over all its cells. */

import type { CellEvidence, GeneratorHealth, PilotEvidence } from './evidence.ts';
import { combineTcpCounts } from '../foundation/tcp-counts.ts';

export type PilotLine = Pick<PilotEvidence, 'id' | 'site' | 'host'> & {
  /** Cells that it held clients in. */
  cells: number;
  /** The most clients that it held at once. */
  clientsAtMost: number;
  /** The cell in which it was lost; null: it stayed. */
  lostIn: string | null;
  /** The worst of each figure over its cells, and the cell that had it busiest; null: it never told. */
  worst: (GeneratorHealth & { busiestCell: string }) | null;
  clockMethod: PilotEvidence['clock']['method'];
  clockErrorMsAtMost: number;
};

/** Gathers the lines cell by cell, so that no cell's evidence need be kept. */
export type PilotGathering = {
  add(cell: Pick<CellEvidence, 'id' | 'pilots'>): void;
  /** In the order of their first cell. */
  lines(): PilotLine[];
};

export function gatherPilots(): PilotGathering {
  const lines = new Map<string, PilotLine>();
  return {
    add({ id: cell, pilots }) {
      for (const pilot of pilots) lines.set(pilot.id, extendLine(lines.get(pilot.id), pilot, cell));
    },
    lines: () => [...lines.values()],
  };
}

function extendLine(line: PilotLine | undefined, pilot: PilotEvidence, cell: string): PilotLine {
  const { id, site, host, clients, lostAtMs, health, clock } = pilot;
  return {
    id,
    site,
    host,
    cells: (line?.cells ?? 0) + (clients > 0 ? 1 : 0),
    clientsAtMost: Math.max(line?.clientsAtMost ?? 0, clients),
    lostIn: lostAtMs === null ? (line?.lostIn ?? null) : cell,
    worst: health === null ? (line?.worst ?? null) : worsen(line?.worst ?? null, health, cell),
    // Told of its worst tie: one that shares the clock in all cells but one does not share it.
    clockMethod: line?.clockMethod === 'exchange' ? 'exchange' : clock.method,
    clockErrorMsAtMost: Math.max(line?.clockErrorMsAtMost ?? 0, clock.errorMs),
  };
}

function worsen(worst: PilotLine['worst'], health: GeneratorHealth, cell: string): PilotLine['worst'] {
  if (worst === null) return { ...health, busiestCell: cell };
  return {
    loopUtilisation: Math.max(worst.loopUtilisation, health.loopUtilisation),
    loopDelayP99Ms: Math.max(worst.loopDelayP99Ms, health.loopDelayP99Ms),
    cpuShare: Math.max(worst.cpuShare, health.cpuShare),
    gcShare: Math.max(worst.gcShare, health.gcShare),
    runQueueShare: largerKnown(worst.runQueueShare, health.runQueueShare),
    loopLateMeanMs: largerKnown(worst.loopLateMeanMs, health.loopLateMeanMs),
    throttledShare: largerKnown(worst.throttledShare, health.throttledShare),
    pressureShare: largerKnown(worst.pressureShare, health.pressureShare),
    stolenShare: largerKnown(worst.stolenShare, health.stolenShare),
    tcp:
      worst.tcp !== null && health.tcp !== null
        ? combineTcpCounts(worst.tcp, health.tcp, Math.max)
        : (worst.tcp ?? health.tcp),
    busiestCell: health.loopUtilisation > worst.loopUtilisation ? cell : worst.busiestCell,
  };
}

function largerKnown(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}
