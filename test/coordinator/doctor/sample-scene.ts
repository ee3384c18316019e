/** A host, a site, a target and a campaign that fit each other, and copies of them that do not. */

import type {
  CampaignDemand,
  EmbeddedDemand,
  SiteDemand,
  TargetDemand,
} from '../../../coordinator/doctor/campaign-demand.ts';
import type { Scene } from '../../../coordinator/doctor/scene.ts';
import type { HostCapacity } from '../../../foundation/host-capacity.ts';

export const HOST: HostCapacity = {
  hostname: 'desk',
  node: '24.12.0',
  bootId: 'boot-1',
  networkNamespace: 'net:[1]',
  descriptors: {
    soft: 20_000,
    hard: 20_000,
    highestHard: 1_048_576,
    mayRaiseHard: true,
    ofHost: { used: 1000, most: 1_001_000 },
  },
  ports: { lowest: 32_768, highest: 60_999, reserved: 0 },
  timeWait: { reuse: 2, reuseAfterMs: 1000, hasTimestamps: true, most: 131_072, finTimeoutS: 60 },
  acceptQueue: 4096,
  conntrack: null,
  tcpMemoryPages: { low: 1000, pressure: 2000, most: 3000 },
  memory: { totalBytes: 20e9, availableBytes: 16e9, cgroup: { limitBytes: null, roomBytes: null } },
  cores: { allowed: [0, 1, 2, 3], quota: { cores: null } },
  health: { runQueue: true, throttling: true, pressure: true, steal: true, tcp: true },
};

const SITE: SiteDemand = {
  site: 'local',
  path: 'pools[0]',
  clients: 1000,
  slotsPerPilot: 500,
  pilotsAtMost: 2,
  pilots: 2,
  threads: 1,
  sourceAddresses: [],
  launchWith: [],
  roundTripMs: 0,
};

const EMBEDDED: EmbeddedDemand = { descriptors: null, listings: 4, lookUps: 0, roundTripMs: 0, cpus: null };

const TARGET: TargetDemand = {
  name: 'door1',
  path: 'target',
  addresses: ['10.1.2.3'],
  perOperation: true,
  isReset: false,
  isSecured: false,
  embedded: null,
};

export function site(changes: Partial<SiteDemand> = {}): SiteDemand {
  return { ...SITE, ...changes };
}

export function target(changes: Partial<TargetDemand> = {}): TargetDemand {
  return { ...TARGET, ...changes };
}

export function embedded(changes: Partial<EmbeddedDemand> = {}): TargetDemand {
  return { ...TARGET, name: 'embedded', addresses: ['127.0.0.1'], embedded: { ...EMBEDDED, ...changes } };
}

/** A host whose groups of facts are changed, not replaced. */
export function host(
  changes: { [Name in keyof HostCapacity]?: Partial<HostCapacity[Name]> | null } = {},
): HostCapacity {
  const merged = Object.entries(changes).map(([name, value]) => {
    const before = HOST[name as keyof HostCapacity];
    const isGroup = typeof before === 'object' && typeof value === 'object' && value !== null;
    return [name, isGroup ? { ...before, ...value } : value];
  });
  return { ...HOST, ...(Object.fromEntries(merged) as Partial<HostCapacity>) };
}

type SceneChanges = {
  sites?: SiteDemand[];
  targets?: TargetDemand[];
  /** Of all sites; or one for each. */
  hosts?: HostCapacity | HostCapacity[];
  own?: HostCapacity;
  demand?: Partial<CampaignDemand>;
};

export function scene({
  sites = [site()],
  targets = [target()],
  hosts = HOST,
  own = HOST,
  demand = {},
}: SceneChanges = {}): Scene {
  const level = sites.reduce((sum, { clients }) => sum + clients, 0);
  const hostOf = (index: number): HostCapacity => (Array.isArray(hosts) ? (hosts[index] as HostCapacity) : hosts);
  return {
    demand: { name: 'sample', level, sites, targets, startsTogether: true, operationsPerClientPerS: 0.1, ...demand },
    places: sites.map((each, index) => ({ site: each, host: hostOf(index) })),
    own,
  };
}
