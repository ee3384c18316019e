/** Cores: threads that want one at the same time, against those that they may use. Never more than a warning. */

import type { HostCapacity } from '../../foundation/host-capacity.ts';
import { formatNumber, formatQuantity } from '../../reports/format-number.ts';
import type { Finding } from './finding.ts';
import { type Place, type Scene, kernelOf, nameSites } from './scene.ts';

/** One finding for each set of cores. */
export function judgeCores({ places, demand, own }: Scene): Finding[] {
  const served = new Set(
    demand.targets.flatMap(({ embedded }) => (embedded === null ? [] : [coresKey(own, embedded.cpus)])),
  );
  return [...Map.groupBy(places, ({ host }) => coresKey(host, null)).values()].map((there): Finding => {
    const { host } = there[0] as Place;
    const threads = there.reduce((sum, place) => sum + threadsOf(place), 0);
    // Of several targets one is measured at a time.
    const isShared = served.has(coresKey(host, null));
    const needs = threads + (isShared ? 1 : 0);
    const has = countCores(host);
    const isTight = has !== null && needs > has;
    const who = `${formatQuantity(threads, 'thread')} of clients${isShared ? ' and the service' : ''}`;
    const room = has === null ? 'how many cores there are can not be read' : describeCores(host, has);
    return {
      resource: 'cores',
      where: nameSites(there),
      has,
      needs,
      verdict: has === null ? 'unknown' : isTight ? 'tight' : 'fits',
      says: `${who}; ${room}${isTight ? ': busy ones wait for each other, which a cell shows as a mark' : ''}`,
      fix: isTight ? suggest(there, Math.max(1, Math.floor(has) - (isShared ? 1 : 0))) : null,
    };
  });
}

/** What a process may use: the cores that it may run on, or less by quota. */
export function countCores({ cores: { allowed, quota } }: Pick<HostCapacity, 'cores'>): number | null {
  if (allowed === null) return null;
  return Math.min(allowed.length, quota?.cores ?? Infinity);
}

function describeCores({ cores }: HostCapacity, has: number): string {
  const quota = cores.quota?.cores ?? null;
  const limit = quota === null || quota > has ? '' : ' by the quota of the cgroup';
  return `${formatNumber(has)} ${has === 1 ? 'core' : 'cores'} to run on${limit}`;
}

/** The cores of a host, or those of them that something is pinned to. */
function coresKey(host: HostCapacity, pinned: readonly number[] | null): string {
  return `${kernelOf(host)} ${(pinned ?? host.cores.allowed ?? []).toSorted((a, b) => a - b).join()}`;
}

/** Fewer threads of each pilot, or fewer pilots with more clients each: a thread can have thousands. */
function suggest(places: readonly Place[], threads: number): string {
  const [{ site }] = places.toSorted((a, b) => threadsOf(b) - threadsOf(a)) as [Place];
  const share = Math.max(1, Math.floor(threads / places.length));
  if (site.threads > 1 && site.pilots <= share) return `${site.path}.threads: ${Math.floor(share / site.pilots)}`;
  const pilots = Math.max(1, Math.floor(share / site.threads));
  if (pilots >= site.pilots) return `${site.path}.threads: ${share}`;
  const slots = Math.ceil(site.clients / pilots);
  const larger = site.slotsPerPilot >= slots ? '' : `, slotsPerPilot: ${slots}`;
  return `${site.path}.pilots: ${pilots}${larger}`;
}

function threadsOf({ site }: Place): number {
  return site.pilots * site.threads;
}
