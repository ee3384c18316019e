/** What a row's client tells of it: how far its pilot's clock was off, and at which site it was. */

import type { PilotEvidence } from '../evidence.ts';

export type SiteClients = { site: string; clients: number };

export type ClientTable = {
  /** The sites that have clients, in the order of their first. */
  sites: readonly SiteClients[];
  /** To add to the start of a client's rows, in microseconds; 0 for a client that no pilot has. */
  correctionUs(client: number): number;
  /** Index into `sites`; their number for a client that no pilot has. */
  siteOf(client: number): number;
};

export function createClientTable(pilots: readonly PilotEvidence[]): ClientTable {
  const clients = Math.max(0, ...pilots.map((pilot) => pilot.firstClient + pilot.clients));
  const corrections = new Float64Array(clients);
  const bySite = Map.groupBy(
    pilots.filter((pilot) => pilot.clients > 0).toSorted((a, b) => a.firstClient - b.firstClient),
    ({ site }) => site,
  );
  const siteIndexes = new Uint16Array(clients).fill(bySite.size);
  for (const [index, there] of [...bySite.values()].entries()) {
    for (const { firstClient, clients: own, clock } of there) {
      corrections.fill(clock.startCorrectionMs * 1000, firstClient, firstClient + own);
      siteIndexes.fill(index, firstClient, firstClient + own);
    }
  }
  return {
    sites: [...bySite].map(([site, there]) => ({
      site,
      clients: there.reduce((sum, pilot) => sum + pilot.clients, 0),
    })),
    correctionUs: (client) => corrections[client] ?? 0,
    siteOf: (client) => siteIndexes[client] ?? bySite.size,
  };
}
