/** Memory: what processes and connections will take, against what the kernel has left and what cgroups allow. */

import { formatQuantity } from '../../reports/format-number.ts';
import type { HostCapacity } from '../../foundation/host-capacity.ts';
import type { SiteDemand, TargetDemand } from './campaign-demand.ts';
import { BYTES } from './costs.ts';
import { type Finding, compare, isShort } from './finding.ts';
import { type Place, type Scene, kernelOf, nameSites, relaysOf } from './scene.ts';

/** One finding for each kernel, and one for each limit of a cgroup. */
export function judgeMemory(scene: Scene): Finding[] {
  const { places, own } = scene;
  const byKernel = [...Map.groupBy(places, ({ host }) => kernelOf(host)).values()].map((there) => {
    const { host } = there[0] as Place;
    const isOwn = kernelOf(host) === kernelOf(own);
    const { availableBytes: has } = host.memory;
    const left = has === null ? 'what is left can not be read' : `${formatBytes(has)} are available`;
    return judge(scene, { where: nameSites(there), sites: sitesOf(there), isOwn, has, left });
  });
  const limited = places.filter(({ host }) => host.memory.cgroup?.limitBytes != null);
  const byLimit = [...Map.groupBy(limited, ({ host }) => limitOf(host)).values()].map((there) => {
    const { host } = there[0] as Place;
    const isOwn = limitOf(host) === limitOf(own);
    const { limitBytes, roomBytes } = host.memory.cgroup as { limitBytes: number; roomBytes: number | null };
    const left = `the cgroup allows ${formatBytes(limitBytes)}, of which ${roomBytes === null ? 'an unknown part is' : `${formatBytes(roomBytes)} are`} left`;
    return judge(scene, { where: nameSites(there), sites: sitesOf(there), isOwn, has: roomBytes, left });
  });
  return [...byKernel, ...byLimit];
}

function sitesOf(places: readonly Place[]): SiteDemand[] {
  return places.map(({ site }) => site);
}

function limitOf(host: HostCapacity): string {
  return `${kernelOf(host)} ${host.memory.cgroup?.limitBytes ?? 'none'}`;
}

type Room = { where: string; sites: SiteDemand[]; isOwn: boolean; has: number | null; left: string };

function judge(scene: Scene, { where, sites, isOwn, has, left }: Room): Finding {
  const { fixedBytes, bytesPerClient } = estimate(scene, sites, isOwn);
  const clients = sites.reduce((sum, site) => sum + site.clients, 0);
  const needs = fixedBytes + bytesPerClient * clients;
  const verdict = compare({ has, needs });
  const most = has === null ? 0 : Math.max(0, Math.floor((has - fixedBytes) / bytesPerClient));
  return {
    resource: 'memory',
    where,
    has,
    needs,
    verdict,
    says: `about ${formatBytes(needs)} for ${formatQuantity(clients, 'client')}; ${left}`,
    fix: isShort(verdict)
      ? `load.levels: at most ${Math.min(most, clients)} clients there, or a host with more memory`
      : null,
  };
}

/** Bytes of the processes, and of each client with what it takes elsewhere on the same machine. */
function estimate({ demand }: Scene, sites: readonly SiteDemand[], isOwn: boolean) {
  const { targets } = demand;
  const pilots = sites.map(({ pilots: count, threads }) => count * (BYTES.pilot + BYTES.pilotThread * (threads - 1)));
  const embedded = isOwn ? targets.filter((target) => target.embedded !== null) : [];
  const relays = isOwn ? targets.flatMap((target) => relaysOf(target, demand.sites)) : [];
  const services = [
    isOwn ? BYTES.coordinator : 0,
    embedded.length * BYTES.frontend,
    ...relays.map(({ clients }) => BYTES.relay + clients * (BYTES.relayedClient + 2 * BYTES.socket)),
  ];
  const clientBytes = targets.some(({ isSecured }) => isSecured) ? BYTES.securedClient : BYTES.plainClient;
  return {
    fixedBytes: [...pilots, ...services].reduce((sum, bytes) => sum + bytes, 0),
    bytesPerClient: clientBytes + BYTES.socket + connectionBytes(embedded),
  };
}

/** The other end of a client's connection; of several targets one is measured at a time. */
function connectionBytes(embedded: readonly TargetDemand[]): number {
  if (embedded.length === 0) return 0;
  const isSecured = embedded.some((target) => target.isSecured);
  return BYTES.socket + (isSecured ? BYTES.securedConnection : BYTES.plainConnection);
}

/** '1.4 GB', '380 MB'. */
export function formatBytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
}
