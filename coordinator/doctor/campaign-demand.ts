/** What a config asks of the hosts that it runs on, at its largest level. */

import type { Config } from '../config/schema.ts';
import type { EmbeddedTarget } from '../config/target-schema.ts';
import { type NamedTarget, targetsOf } from '../config/targets.ts';
import { shareOverSites } from '../pilots/keeper.ts';
import { durationMs, shareOf } from '../plan.ts';
import { readTargetUrl } from '../target/target-url.ts';
import { lookUpAddresses } from '../target/target.ts';

export type SiteDemand = {
  site: string;
  /** Where its pool stands in the config. */
  path: string;
  /** Its share of the largest level. */
  clients: number;
  slotsPerPilot: number;
  /** The most pilots that it may have, and those that are asked for at this level, spare ones included. */
  pilotsAtMost: number;
  pilots: number;
  /** Of one pilot: those that clients run on. */
  threads: number;
  /** None: the system chooses. */
  sourceAddresses: readonly string[];
  /** Its command before the pilot's own; empty: none. */
  launchWith: readonly string[];
  /** Distance of its own from a service on this machine. */
  roundTripMs: number;
};

export type TargetDemand = {
  name: string;
  path: string;
  addresses: readonly string[];
  /** A connection for each operation, in place of one for each client. */
  perOperation: boolean;
  /** Whether connections are closed by a reset, which leaves nothing behind. */
  isReset: boolean;
  isSecured: boolean;
  /** Null: a service that somebody else runs. */
  embedded: EmbeddedDemand | null;
};

export type EmbeddedDemand = {
  /** The limit of open files that the config gives it; null: none of its own. */
  descriptors: number | null;
  /** Threads that list. */
  listings: number;
  /** Of a mapping service, at once and at most. */
  lookUps: number;
  roundTripMs: number;
  /** Cores that it is pinned to; null: the system chooses. */
  cpus: readonly number[] | null;
};

export type CampaignDemand = {
  name: string;
  level: number;
  sites: SiteDemand[];
  targets: TargetDemand[];
  /** All clients connect at one instant. */
  startsTogether: boolean;
  /** Operations a second that each client must do for the window to hold what it should before its longest time has passed. */
  operationsPerClientPerS: number;
};

/** Looks up the targets' names, and touches nothing else. @throws GT_TARGET_NAME */
export async function readDemand(config: Config): Promise<CampaignDemand> {
  const level = Math.max(...config.load.levels);
  const { operationsPerClient, atMost } = config.timing.window;
  return {
    name: config.name,
    level,
    sites: readSites(config, level),
    targets: await Promise.all(targetsOf(config).map((target) => readTarget(target, level))),
    startsTogether: config.load.start === 'together',
    operationsPerClientPerS: operationsPerClient / Math.max(1e-3, durationMs(atMost) / 1000),
  };
}

function readSites({ pools, spread, barrier }: Config, level: number): SiteDemand[] {
  const shares = shareOverSites(
    pools.map(({ site, pilots, slotsPerPilot }) => ({
      pool: { site, pilotsAtMost: pilots, slotsPerPilot },
      weight: spread === undefined ? null : shareOf(spread[site] ?? '0%'),
    })),
    level,
  );
  return pools.map((pool, index): SiteDemand => {
    const clients = shares.get(pool.site) ?? 0;
    const wanted = Math.ceil((clients * (1 + shareOf(barrier.spare))) / pool.slotsPerPilot);
    return {
      site: pool.site,
      path: `pools[${index}]`,
      clients,
      slotsPerPilot: pool.slotsPerPilot,
      pilotsAtMost: pool.pilots,
      pilots: Math.min(pool.pilots, wanted),
      threads: Math.min(pool.threads, pool.slotsPerPilot),
      sourceAddresses: pool.sourceAddresses,
      launchWith: pool.launchWith,
      roundTripMs: durationMs(pool.roundTrip),
    };
  });
}

async function readTarget({ name, path, config: target }: NamedTarget, level: number): Promise<TargetDemand> {
  const { perOperation, close } = target.connection;
  const common = { name, path, perOperation, isReset: close === 'reset' };
  if (target.kind === 'embedded') {
    return { ...common, addresses: ['127.0.0.1'], isSecured: target.httpg, embedded: readEmbedded(target, level) };
  }
  const { host, scheme } = readTargetUrl(target.url);
  const addresses = (await lookUpAddresses(host, target)).map(({ address }) => address);
  return { ...common, addresses, isSecured: scheme !== 'http', embedded: null };
}

function readEmbedded(target: EmbeddedTarget, level: number): EmbeddedDemand {
  const { descriptors = null, fsConcurrency: listings, cpus = null } = target;
  const roundTripMs = durationMs(target.roundTrip);
  return { descriptors, listings, lookUps: countLookUps(target, level), roundTripMs, cpus };
}

/** Every client in a handshake may have one under way, as far as there are container threads; a lock lets one through. */
function countLookUps({ httpg, mapping, container, ...target }: EmbeddedTarget, level: number): number {
  if (!httpg || mapping.by !== 'service') return 0;
  if (container === 'bestman2' && target.lockOverCallOut) return 1;
  return container === undefined ? level : Math.min(level, target.maxContainerThreads);
}
