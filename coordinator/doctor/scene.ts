/** The hosts of a campaign beside what it asks of them: what every judge looks at. */

import type { HostCapacity } from '../../foundation/host-capacity.ts';
import type { CampaignDemand, SiteDemand, TargetDemand } from './campaign-demand.ts';

/** A site with the host that its pilots find themselves on, with their limits. */
export type Place = { site: SiteDemand; host: HostCapacity };

export type Scene = {
  demand: CampaignDemand;
  places: Place[];
  /** Of the coordinator, and of the services and relays that it starts. */
  own: HostCapacity;
};

/** Clients that reach a service of this machine over a distance: one relay stands before it for each distance. */
export type RelayDemand = { roundTripMs: number; clients: number };

/** The same kernel: memory and cores are shared. A host that does not tell is its name. */
export function kernelOf({ bootId, hostname }: HostCapacity): string {
  return bootId ?? hostname;
}

/** The same network stack: ports are shared. */
function networkOf(host: HostCapacity): string {
  return `${kernelOf(host)} ${host.networkNamespace ?? ''}`;
}

/** How far the clients of a site are from a target: 0, no relay is between them. */
export function distanceMs({ embedded }: TargetDemand, { roundTripMs }: SiteDemand): number {
  return (embedded?.roundTripMs ?? 0) + roundTripMs;
}

/** The relays that stand before a target. */
export function relaysOf(target: TargetDemand, sites: readonly SiteDemand[]): RelayDemand[] {
  const clientsAt = new Map<number, number>();
  for (const site of sites) {
    const roundTripMs = distanceMs(target, site);
    if (roundTripMs > 0) clientsAt.set(roundTripMs, (clientsAt.get(roundTripMs) ?? 0) + site.clients);
  }
  return [...clientsAt].map(([roundTripMs, clients]) => ({ roundTripMs, clients }));
}

/** The sites of some places, as a finding names them: `desk`, `desk, shelf`. */
export function nameSites(places: readonly Place[]): string {
  return places.map(({ site }) => site.site).join(', ');
}

/** The places by network stack. */
export function groupByNetwork(places: readonly Place[]): Place[][] {
  return [...Map.groupBy(places, ({ host }) => networkOf(host)).values()];
}
