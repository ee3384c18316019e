/** Cores: threads that want one at the same time, against those that they may use. Never more than a warning. */

import type { HostCapacity } from '../../foundation/host-capacity.ts';
import { formatNumber, formatQuantity } from '../../reports/format-number.ts';
import type { Finding } from './finding.ts';
import { type Place, type Scene, kernelOf, nameSites } from './scene.ts';

/** One finding for each set of cores. */
export function judgeCores({ places, demand, own }: Scene): Finding[] {
  const services = demand.targets.some(({ embedded }) => embedded !== null) ? 1 : 0;
  return [...Map.groupBy(places, ({ host }) => coresKey(host)).values()].map((there): Finding => {
    const { host } = there[0] as Place;
    const threads = there.reduce((sum, { site }) => sum + site.pilots * site.threads, 0);
    const isShared = services > 0 && coresKey(host) === coresKey(own);
    const needs = threads + (isShared ? services : 0);
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
      fix: isTight ? suggest(there, Math.max(1, Math.floor(has) - (isShared ? services : 0))) : null,
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

function coresKey(host: HostCapacity): string {
  return `${kernelOf(host)} ${host.cores.allowed?.join() ?? ''}`;
}

/** Fewer pilots with more clients each: a thread can have thousands. */
function suggest(places: readonly Place[], threads: number): string {
  const [{ site }] = places.toSorted((a, b) => b.site.pilots - a.site.pilots) as [Place];
  const pilots = Math.max(1, Math.floor(threads / places.length));
  const slots = Math.ceil(site.clients / pilots);
  const isThreads = site.pilots <= pilots;
  if (isThreads) return `${site.path}.threads: 1`;
  return site.slotsPerPilot >= slots
    ? `${site.path}.pilots: ${pilots}`
    : `${site.path}.pilots: ${pilots}, slotsPerPilot: ${slots}`;
}
