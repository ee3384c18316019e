/** The clients of each site apart: the same measures as the whole cell's, over the rows of these clients alone. */

import type { CellEvidence, CellWindow, PilotEvidence } from '../evidence.ts';
import type { SiteSummary } from '../summary.ts';
import { completedRatePerS, edgeCorrectedRatePerS, sortedEndsUs } from './rate.ts';
import { COLUMNS, type CellRows, createRows, spanOf } from './rows.ts';
import { measureTimes } from './service-time.ts';

/**
 * In the order of the sites' clients; empty when all are of one site. The sites' rates add up to the cell's, as long as every
 * row is of a client that a pilot has.
 */
export function measureSites(
  { pilots, window }: Pick<CellEvidence, 'pilots' | 'window'>,
  rows: CellRows,
): SiteSummary[] {
  const bySite = Map.groupBy(
    pilots.filter(({ clients }) => clients > 0).toSorted((a, b) => a.firstClient - b.firstClient),
    ({ site }) => site,
  );
  if (bySite.size < 2) return [];
  return [...bySite].map(([site, there]) => ({
    site,
    clients: there.reduce((sum, { clients }) => sum + clients, 0),
    // One site's rows at a time: a cell of many rows is never in memory twice.
    ...(window === null ? NOTHING_MEASURED : measureWindow(window, selectRows(rows, there))),
  }));
}

type Measured = Omit<SiteSummary, 'site' | 'clients'>;

/** The rate is the cell's headline rate: a transient cell's is the completed one. */
function measureWindow(window: CellWindow, rows: CellRows): Measured {
  const span = spanOf(window);
  const isTransient = window.openedBy === 'warm-up-limit';
  const { serviceTimeMs, phasesMs } = measureTimes(rows, span);
  return {
    ratePerS: isTransient ? completedRatePerS(sortedEndsUs(rows), span) : edgeCorrectedRatePerS(rows, span),
    serviceTimeMs,
    phasesMs,
  };
}

/** The rows of these pilots' clients; without the follow-ups, which no row tells. */
function selectRows(rows: CellRows, pilots: readonly PilotEvidence[]): CellRows {
  const isThere = new Uint8Array(Math.max(...pilots.map(({ firstClient, clients }) => firstClient + clients)));
  for (const { firstClient, clients } of pilots) isThere.fill(1, firstClient, firstClient + clients);
  let count = 0;
  for (let row = 0; row < rows.count; row += 1) count += isThere[rows.client[row] as number] ?? 0;
  const selected = { ...createRows(count), count, outcomes: rows.outcomes };
  for (const column of COLUMNS) {
    const from = rows[column];
    const to = selected[column];
    let at = 0;
    for (let row = 0; row < rows.count; row += 1) {
      if (isThere[rows.client[row] as number] !== 1) continue;
      to[at] = from[row] as number;
      at += 1;
    }
  }
  return selected;
}

const NOTHING_MEASURED: Measured = {
  ratePerS: null,
  serviceTimeMs: { count: 0, mean: null, p50: null, p90: null, p95: null, p99: null, max: null },
  phasesMs: { connect: null, handshake: null, firstByte: null, rest: null },
};
