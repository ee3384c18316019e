/** The clients of each site apart: the same measures as the whole cell's, over the rows of these clients alone. */

import type { SiteSummary } from '../summary.ts';
import type { SiteClients } from './clients.ts';
import type { ServiceTimes } from './service-time.ts';

/** In the order of the sites. */
export type MeasuredSites = { ratesPerS: readonly number[]; times: readonly ServiceTimes[] };

/**
 * In the order of the sites' clients; empty when all are of one site. The rate is the cell's headline rate, and the sites' rates
 * add up to the cell's, as long as every row is of a client that a pilot has. `measured` is null in a cell without a window.
 */
export function describeSites(sites: readonly SiteClients[], measured: MeasuredSites | null): SiteSummary[] {
  if (sites.length < 2) return [];
  return sites.map((site, index) => {
    if (measured === null) return { ...site, ...NOTHING_MEASURED };
    return { ...site, ratePerS: measured.ratesPerS[index] as number, ...(measured.times[index] as ServiceTimes) };
  });
}

const NOTHING_MEASURED: Omit<SiteSummary, 'site' | 'clients'> = {
  ratePerS: null,
  serviceTimeMs: { count: 0, mean: null, p50: null, p90: null, p95: null, p99: null, max: null },
  phasesMs: { connect: null, handshake: null, firstByte: null, rest: null },
};
