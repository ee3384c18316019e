/** New connections a second that can go on for long: what is closed from this side keeps its port for a while. */

import type { HostCapacity } from '../../foundation/host-capacity.ts';
import { formatDuration } from '../../foundation/quantity.ts';
import { formatCount, formatQuantity } from '../../reports/format-number.ts';
import type { CampaignDemand, TargetDemand } from './campaign-demand.ts';
import type { Finding } from './finding.ts';
import { type PortPair, TIME_WAIT_MS, countPorts, keptMs, pairClients, pairRelays } from './port-pairs.ts';
import { type Scene, groupByNetwork, nameSites } from './scene.ts';

/**
 * The rate is not known before it is measured. A client that is answered in a second asks for this many connections a second:
 * if that can't go on, it is worth saying.
 */
const LIKELY_OPERATIONS_PER_CLIENT_PER_S = 1;

/** Connections from some place to a target. */
type Stream = { where: string; target: TargetDemand; pairs: PortPair[]; host: HostCapacity };

/** One finding for each network stack, about the target for which connections are the scarcest; one for the relays. */
export function judgeConnectionRate({ demand, places, own }: Scene): Finding[] {
  const ofSites = groupByNetwork(places).map((there) => {
    const { host } = there[0] as (typeof there)[number];
    const sites = there.map(({ site }) => site);
    const where = nameSites(there);
    return demand.targets.map((target): Stream => ({ where, target, pairs: pairClients(target, sites), host }));
  });
  const ofRelays = demand.targets.map((target): Stream => ({
    where: 'relays',
    target,
    pairs: pairRelays(target, demand.sites),
    host: own,
  }));
  return [...ofSites, ofRelays].flatMap((streams) =>
    worstOf(streams.filter(({ pairs }) => pairs.length > 0).map((stream) => judge(stream, demand))),
  );
}

function worstOf(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => marginOf(a) - marginOf(b)).slice(0, 1);
}

function marginOf({ has, needs }: Finding): number {
  return (has ?? Infinity) / Math.max(1, needs ?? 0);
}

function judge({ where, target, pairs, host }: Stream, { operationsPerClientPerS }: CampaignDemand): Finding {
  const common = { resource: 'connection-rate', where, has: null, needs: null, fix: null } as const;
  if (!target.perOperation) return { ...common, verdict: 'fits', says: 'clients keep their connections' };
  if (target.isReset) return { ...common, verdict: 'fits', says: 'no limit: connections are closed by a reset' };
  if (leavesNone(target, pairs)) {
    return { ...common, verdict: 'fits', says: 'no limit: the service answers the end of TLS, and no port rests' };
  }
  const ports = countPorts(host);
  if (ports === null) return { ...common, verdict: 'unknown', says: 'the range of ports can not be read' };
  const most = host.timeWait.most;
  if (most !== null && ports * pairs.length > most) {
    const says = `no limit by ports: the kernel keeps ${formatCount(most)} in TIME_WAIT, and there are more ports than that`;
    return { ...common, verdict: 'fits', says };
  }
  const clients = pairs.reduce((sum, pair) => sum + pair.clients, 0);
  const has = Math.floor(pairs.reduce((sum, pair) => sum + rateOf(pair, ports, host), 0));
  const needs = Math.ceil(clients * Math.max(LIKELY_OPERATIONS_PER_CLIENT_PER_S, operationsPerClientPerS));
  const longestMs = Math.max(...pairs.map((pair) => keptMs(pair, host)));
  const isTight = needs > Math.min(has, listenablePerS(longestMs, ports));
  return {
    ...common,
    has,
    needs,
    verdict: isTight ? 'tight' : 'fits',
    says: describeLimit({ has, clients, longestMs, ports, host }),
    fix: isTight ? `${target.path}.connection.close: 'reset'` : null,
  };
}

/**
 * The embedded service answers close_notify with its own, which meets a socket that is gone: a reset comes back, and nothing
 * waits. Other services may or may not; a relay passes the end on in good order.
 */
function leavesNone({ embedded, isSecured }: TargetDemand, pairs: readonly PortPair[]): boolean {
  return embedded !== null && isSecured && pairs.every(({ isRelayed }) => !isRelayed);
}

/**
 * A port that is reused early is in TIME_WAIT all the same, and only a connection may take it. Linux gives connections every
 * other port first, and listen() those in between: beyond half of them a rest, all are taken, and listen() finds none that is
 * free on that address (bench/time-wait.ts).
 */
function listenablePerS(longestMs: number, ports: number): number {
  return longestMs < TIME_WAIT_MS ? Math.floor(ports / 2 / (longestMs / 1000)) : Infinity;
}

/** A port is taken while its client waits for an answer, and then as long as it is kept: so many can begin a second. */
function rateOf(pair: PortPair, ports: number, host: HostCapacity): number {
  return Math.max(0, ports - pair.clients) / (keptMs(pair, host) / 1000);
}

type Limit = { has: number; clients: number; longestMs: number; ports: number; host: HostCapacity };

function describeLimit({ has, clients, longestMs, ports, host }: Limit): string {
  const { reuse } = host.timeWait;
  const early =
    longestMs < TIME_WAIT_MS ? `, tcp_tw_reuse ${reuse}` : reuse === null ? ', tcp_tw_reuse not readable' : '';
  const rests = `a port that is closed from here rests ${longestMs / 1000} s${early}`;
  const within = formatDuration((clients / has) * 1000);
  const reached = has === 0 ? '' : `; ${formatQuantity(clients, 'client')} reach that when answered within ${within}`;
  const listenable = listenablePerS(longestMs, ports);
  const crowded =
    listenable === Infinity ? '' : `; from ${formatCount(listenable)} on nothing can listen on a free port`;
  return `up to ${formatCount(has)} new connections a second (${rests})${reached}${crowded}`;
}
