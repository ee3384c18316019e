/** Ephemeral ports: each connection takes one, of those that its two addresses leave it. */

import { isIPv4 } from 'node:net';
import type { HostCapacity } from '../../foundation/host-capacity.ts';
import { formatCount, formatQuantity } from '../../reports/format-number.ts';
import type { SiteDemand, TargetDemand } from './campaign-demand.ts';
import { type Finding, type Verdict, comfortableOf, compare, isShort } from './finding.ts';
import { type PortPair, countPorts, pairClients, pairRelays } from './port-pairs.ts';
import { type Scene, groupByNetwork, nameSites } from './scene.ts';

/** The widest range: ports below are for services. */
const WIDEST_RANGE = { lowest: 1024, highest: 65_535 };
const PORTS_AT_MOST = WIDEST_RANGE.highest - WIDEST_RANGE.lowest + 1;
/** Addresses of this machine that a fix may name: 127.0.0.1 is the one that the system chooses. */
const FIRST_SPARE_ADDRESS = 2;
const SPARE_ADDRESSES = 250;

/** One finding for each network stack, about the target and the pair of addresses that leave least; one for the relays. */
export function judgePorts({ demand, places, own }: Scene): Finding[] {
  const ofSites = groupByNetwork(places).flatMap((there) => {
    const sites = there.map(({ site }) => site);
    const pairs = demand.targets.flatMap((target) => pairClients(target, sites).map((pair) => ({ target, pair })));
    const { host } = there[0] as (typeof there)[number];
    return [...judgeWorst(nameSites(there), pairs, host), ...judgeTracking(nameSites(there), sites, host)];
  });
  const relays = demand.targets.flatMap((target) => pairRelays(target, demand.sites).map((pair) => ({ target, pair })));
  return [...ofSites, ...judgeWorst('relays', relays, own)];
}

type TargetPair = { target: TargetDemand; pair: PortPair };

/** All pairs of a network stack have the same ports: the one with most clients is the worst. */
function judgeWorst(where: string, pairs: readonly TargetPair[], host: HostCapacity): Finding[] {
  const [worst] = pairs.toSorted((a, b) => b.pair.clients - a.pair.clients);
  if (worst === undefined) return [];
  const { pair, target } = worst;
  const has = countPorts(host);
  const verdict = compare({ has, needs: pair.clients });
  const { ports } = host;
  const range =
    ports === null
      ? 'the range of ports can not be read'
      : `ports ${ports.lowest} to ${ports.highest} are ${formatCount(has as number)}`;
  return [
    {
      resource: 'ports',
      where,
      has,
      needs: pair.clients,
      verdict,
      says: `${formatQuantity(pair.clients, 'connection')} at once ${describePair(pair)}; ${range}`,
      fix: has !== null && isShort(verdict) ? suggest({ target, pair, ports: has }) : null,
    },
  ];
}

function describePair({ source, to }: PortPair): string {
  return source === null ? `from one address to ${to}` : `from ${source}`;
}

/**
 * More addresses of this machine where it is loopback, which needs no leave; else the widest range, if that is enough. Source
 * addresses don't go with a relay.
 */
function suggest({ target, pair, ports }: { target: TargetDemand; pair: PortPair; ports: number }): string {
  const widen = `sysctl -w net.ipv4.ip_local_port_range="${WIDEST_RANGE.lowest} ${WIDEST_RANGE.highest}"`;
  const isWideEnough = pair.clients <= comfortableOf(PORTS_AT_MOST) && ports < PORTS_AT_MOST;
  if (pair.isRelayed) return isWideEnough ? widen : `a level of at most ${comfortableOf(ports)} clients at a distance`;
  const isNear = pair.isNear || pair.sites.some(({ sourceAddresses }) => sourceAddresses.some(isLoopbackIPv4));
  if (isNear) return nameAddresses(pair.sites, ports);
  if (isWideEnough) return widen;
  const site = pair.sites[0] as SiteDemand;
  const needed = Math.ceil(pair.clients / comfortableOf(ports)) * Math.max(1, site.sourceAddresses.length);
  return `${site.path}.sourceAddresses: ${needed} addresses of its host, to reach ${target.name}`;
}

function isLoopbackIPv4(address: string): boolean {
  return isIPv4(address) && address.startsWith('127.');
}

/** Addresses of its own for each site, as many as its clients need. */
function nameAddresses(sites: readonly SiteDemand[], ports: number): string {
  let next = FIRST_SPARE_ADDRESS;
  return sites
    .map(({ path, clients }) => {
      const addresses = Array.from({ length: Math.ceil(clients / comfortableOf(ports)) }, () => {
        const number = next % SPARE_ADDRESSES;
        next += 1;
        return `'127.0.0.${number}'`;
      });
      return `${path}.sourceAddresses: [${addresses.join(', ')}]`;
    })
    .join(', ');
}

/** A firewall that keeps account of connections drops what it has no room for. Silent while it fits, or where it keeps none. */
function judgeTracking(where: string, sites: readonly SiteDemand[], { conntrack }: HostCapacity): Finding[] {
  if (conntrack === null || conntrack.used === 0) return [];
  const has = conntrack.most - conntrack.used;
  const needs = sites.reduce((sum, { clients }) => sum + clients, 0);
  const verdict: Verdict = compare({ has, needs }) === 'fits' ? 'fits' : 'tight';
  if (verdict === 'fits') return [];
  return [
    {
      resource: 'ports',
      where,
      has,
      needs,
      verdict,
      says: `the firewall keeps account of ${formatCount(conntrack.used)} connections and has room for ${formatCount(has)} more`,
      fix: `sysctl -w net.netfilter.nf_conntrack_max=${conntrack.used + 2 * needs}`,
    },
  ];
}
