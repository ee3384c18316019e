/** Finds out what the hosts of a campaign can hold, and judges it against what the config asks. */

import type { HostCapacity } from '../../foundation/host-capacity.ts';
import type { Config } from '../config/schema.ts';
import { launchLine } from '../pools/local.ts';
import { askHost } from './ask-host.ts';
import { readDemand } from './campaign-demand.ts';
import type { Finding } from './finding.ts';
import { judgeAcceptQueue } from './judge-accept-queue.ts';
import { judgeConnectionRate } from './judge-connection-rate.ts';
import { judgeCores } from './judge-cores.ts';
import { judgeDescriptors } from './judge-descriptors.ts';
import { judgeHealth } from './judge-health.ts';
import { judgeMemory } from './judge-memory.ts';
import { judgePorts } from './judge-ports.ts';
import type { Scene } from './scene.ts';

export type Examination = {
  name: string;
  /** The largest of the config. */
  level: number;
  findings: Finding[];
  /** By site, as its pilots find it; and the one of the coordinator. */
  hosts: { sites: Record<string, HostCapacity>; own: HostCapacity };
};

const JUDGES = [
  judgeDescriptors,
  judgePorts,
  judgeConnectionRate,
  judgeAcceptQueue,
  judgeMemory,
  judgeCores,
  judgeHealth,
];

/**
 * @param command the command line that prints the facts of a host, to which a pool puts its own before
 * @throws GT_POOL_REQUEST, GT_TARGET_NAME
 */
export async function examine(config: Config, command: readonly string[]): Promise<Examination> {
  const demand = await readDemand(config);
  const own = await askHost(command, 'this machine');
  const hosts: HostCapacity[] = [];
  for (const pool of config.pools) hosts.push(await askHost(launchLine(pool, command), `site ${pool.site}`));
  const places = demand.sites.map((site, index) => ({ site, host: hosts[index] as HostCapacity }));
  const sites = Object.fromEntries(places.map(({ site, host }) => [site.site, host]));
  return { name: demand.name, level: demand.level, findings: judgeAll({ demand, places, own }), hosts: { sites, own } };
}

/** Resource by resource; sites that no client comes from are left out. */
export function judgeAll(scene: Scene): Finding[] {
  const places = scene.places.filter(({ site }) => site.clients > 0);
  return JUDGES.flatMap((judge) => judge({ ...scene, places }));
}
