/**
 * Which connections share ephemeral ports, and for how long each keeps its own.
 *
 * Without a source address of its own a connection shares them with those to the same address and port. Bound to one, as Node
 * binds it, with all from that address, wherever they go; and a port in TIME_WAIT is then never taken early, whatever
 * tcp_tw_reuse says. Both as seen on Linux 6.18 (bench/time-wait.ts, docs/doctor.md).
 */

import type { HostCapacity } from '../../foundation/host-capacity.ts';
import { isLoopback } from '../target/target.ts';
import type { SiteDemand, TargetDemand } from './campaign-demand.ts';
import { distanceMs, relaysOf } from './scene.ts';

export type PortPair = {
  /** Null: the address that the system chooses. */
  source: string | null;
  /** Where to, in words; null: anywhere. */
  to: string | null;
  /** Whether `to` is on loopback. */
  isNear: boolean;
  /** Whether it is the way to a relay, or from one on. */
  isRelayed: boolean;
  clients: number;
  /** Those whose clients share it; none: those of a relay. */
  sites: SiteDemand[];
};

/** TCP_TIMEWAIT_LEN of Linux, which no setting changes. */
export const TIME_WAIT_MS = 60_000;

/** What the clients of sites on one network stack share. */
export function pairClients(target: TargetDemand, sites: readonly SiteDemand[]): PortPair[] {
  const all = sites.flatMap((site) => (site.clients === 0 ? [] : pairsOf(target, site)));
  const shared = Map.groupBy(all, ({ source, to }) => source ?? `to ${to}`);
  return [...shared.values()].map((pairs) => ({
    ...(pairs[0] as PortPair),
    clients: pairs.reduce((sum, { clients }) => sum + clients, 0),
    sites: pairs.flatMap((pair) => pair.sites),
  }));
}

/** The clients of a site take turns in its source addresses, or else in the addresses of the target. */
function pairsOf(target: TargetDemand, site: SiteDemand): PortPair[] {
  const { clients, sourceAddresses } = site;
  const relayMs = distanceMs(target, site);
  if (sourceAddresses.length > 0) {
    const each = Math.ceil(clients / sourceAddresses.length);
    return sourceAddresses.map((source) => ({
      source,
      to: null,
      isNear: false,
      isRelayed: false,
      clients: each,
      sites: [site],
    }));
  }
  return target.addresses.map((address) => ({
    source: null,
    to: relayMs > 0 ? `the relay of ${relayMs} ms before ${address}` : address,
    isNear: relayMs > 0 || isLoopback(address),
    isRelayed: relayMs > 0,
    clients: Math.ceil(clients / target.addresses.length),
    sites: [site],
  }));
}

/** What relays share among each other on the way to the service; none, when there are no relays. */
export function pairRelays(target: TargetDemand, sites: readonly SiteDemand[]): PortPair[] {
  const clients = relaysOf(target, sites).reduce((sum, relay) => sum + relay.clients, 0);
  if (clients === 0) return [];
  const each = Math.ceil(clients / target.addresses.length);
  return target.addresses.map((to) => ({ source: null, to, isNear: true, isRelayed: true, clients: each, sites: [] }));
}

/** Ephemeral ports that may be used; null: not known. */
export function countPorts({ ports }: Pick<HostCapacity, 'ports'>): number | null {
  return ports === null ? null : ports.highest - ports.lowest + 1 - ports.reserved;
}

/** How long a port stays taken after its connection was closed from this side: TIME_WAIT, or less where it may be reused. */
export function keptMs({ source, isNear }: PortPair, { timeWait }: Pick<HostCapacity, 'timeWait'>): number {
  const { reuse, hasTimestamps, reuseAfterMs } = timeWait;
  const isReused = source === null && hasTimestamps === true && (reuse === 1 || (reuse === 2 && isNear));
  return isReused ? Math.min(reuseAfterMs, TIME_WAIT_MS) : TIME_WAIT_MS;
}
