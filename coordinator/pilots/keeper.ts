/** The keeper: asks the sites for pilots until the slots that a level needs are held or coming. */

import { randomUUID } from 'node:crypto';
import type { Join } from '../../agent/protocol.ts';
import type { Changes } from '../../foundation/changes.ts';
import { type Clock, every } from '../../foundation/clock.ts';
import { messageOf } from '../../foundation/error.ts';
import { shareByWeight } from '../../foundation/shares.ts';
import { demandPilots } from './demand.ts';
import type { Journal } from '../journal.ts';
import { describeLimited, slotsOfOne } from './limited-pilots.ts';
import type { PilotPool } from '../pools/pool.ts';
import type { Roster } from './roster.ts';
import { createSiteTroubles } from './site-troubles.ts';
import type { Switchboard } from './switchboard.ts';

/** A shared engine is asked again after this; the own machine whenever something changed. */
const ASK_AGAIN_AFTER_MS = 20_000;
const LOOK_EVERY_MS = 1000;

/** 100 x 1.1 is 110.00000000000001 slots: that does not need 111. */
const ROUNDING = 1e-9;

/** A place with its pool and its share of the clients (null: in proportion to its slots). */
export type Site = {
  pool: PilotPool;
  weight: number | null;
  /** Where its pilots dial in. */
  url: string;
};

export type Keeper = {
  /** Splits clients over the sites, by name: by weight where given, else in proportion to the slots that they may have. */
  shareOverSites(clients: number): Map<string, number>;
  /**
   * From now on each site needs the slots of its share of these clients and `spare` (a fraction) more; missing pilots are
   * asked for until that changes. The spare is added to the shares: shares of a larger number of clients may be smaller.
   */
  need(clients: number, spare: number): void;
  /** Whether a site can't give what the level needs: it has been given up or is full, and no pilot is on its way there. */
  hasGivenUp(): boolean;
  /** Why a site gave no pilots, or fewer slots than its pool has; null: neither. */
  troubles(): string | null;
  stop(): void;
};

export type KeeperOptions = {
  sites: readonly Site[];
  roster: Roster;
  switchboard: Switchboard;
  journal: Journal;
  clock: Clock;
  changes: Changes;
  /** The join of a new pilot, but for what the keeper knows itself. */
  joinCommon: Pick<Join, 'campaign' | 'secret' | 'certificate' | 'idleLimitMs'>;
};

export function createKeeper(options: KeeperOptions): Keeper {
  const { sites, roster, switchboard, journal, clock, changes, joinCommon } = options;
  const troubles = createSiteTroubles(roster);
  const askedAtMs = new Map<string, number>();
  let neededSlots = new Map<string, number>();
  /** The same without the spare: fewer than these can't be fired with. */
  let shares = new Map<string, number>();
  let pilotNumber = 0;
  let isStopped = false;

  for (const { pool } of sites) {
    pool.onEnd(({ pilot, reason }) => {
      if (roster.pilots.get(pilot)?.state === 'asked') troubles.endedUnjoined(pool.site, reason);
      switchboard.lose(pilot, reason);
      if (!isStopped) look();
    });
  }

  const look = (): void => {
    for (const site of sites) lookAt(site, neededSlots.get(site.pool.site) ?? 0);
  };
  const lookAt = ({ pool, url }: Site, needed: number): void => {
    if (troubles.isHopeless(pool.site)) return;
    const sinceAskedMs = clock.nowMs() - (askedAtMs.get(pool.site) ?? -Infinity);
    if (pool.damped && sinceAskedMs < ASK_AGAIN_AFTER_MS) return;
    const pilots = pilotsMissing(pool, roster, needed);
    if (pilots === 0) return;
    askedAtMs.set(pool.site, clock.nowMs());
    void journal.write('pilots-asked', { site: pool.site, pilots: ask(pool, url, pilots), neededSlots: needed });
  };
  const ask = (pool: PilotPool, url: string, pilots: number): string[] => {
    const joins = Array.from({ length: pilots }, (): Join => {
      pilotNumber += 1;
      return {
        ...joinCommon,
        url,
        pilot: namePilot(pool.site, pilotNumber),
        site: pool.site,
        slots: pool.slotsPerPilot,
        threads: pool.threads,
        sourceAddresses: [...pool.sourceAddresses],
      };
    });
    const expectedSlots = slotsOfOne(pool, roster);
    for (const { pilot } of joins) roster.ask({ id: pilot, site: pool.site, slots: expectedSlots });
    pool.request(joins).catch((thrown: unknown) => {
      const reason = messageOf(thrown);
      troubles.refused(pool.site, joins.length, reason);
      for (const { pilot } of joins) switchboard.lose(pilot, reason);
    });
    return joins.map(({ pilot }) => pilot);
  };
  const stopLooking = every(clock, LOOK_EVERY_MS, look);

  return {
    shareOverSites: (clients) => shareOverSites(sites, clients),
    need(clients, spare) {
      shares = shareOverSites(sites, clients);
      const needed = new Map([...shares].map(([site, share]) => [site, Math.ceil(share * (1 + spare) - ROUNDING)]));
      const isNews = [...needed].some(([site, slots]) => neededSlots.get(site) !== slots);
      neededSlots = needed;
      if (isNews) void journal.write('slots-needed', { clients, sites: Object.fromEntries(needed) });
      troubles.forget([...shares.keys()]);
      look();
      changes.notify();
    },
    hasGivenUp: () =>
      sites.some(({ pool }) => {
        const { site } = pool;
        if (roster.slots('asked', site) > 0 || roster.slots('ready', site) >= (shares.get(site) ?? 0)) return false;
        // Where there can be no more pilots, those that are there hold fewer than their pool says.
        return troubles.isHopeless(site) || roster.count('ready', site) >= pool.pilotsAtMost;
      }),
    troubles() {
      const told = [troubles.describe(), ...sites.map(({ pool }) => describeLimited(pool, roster))];
      const all = told.filter((sentence) => sentence !== null);
      return all.length === 0 ? null : all.join('; ');
    },
    stop() {
      isStopped = true;
      stopLooking();
    },
  };
}

/** What sharing has to know of a site. */
type SharedSite = { pool: Pick<PilotPool, 'site' | 'pilotsAtMost' | 'slotsPerPilot'>; weight: Site['weight'] };

/** Clients per site, by name; more than all sites can hold are cut to that. */
export function shareOverSites(sites: readonly SharedSite[], clients: number): Map<string, number> {
  const capacities = sites.map(({ pool, weight }) => (weight === 0 ? 0 : pool.pilotsAtMost * pool.slotsPerPilot));
  const total = capacities.reduce((sum, each) => sum + each, 0);
  const weights = sites.map(({ weight }, index) => weight ?? (capacities[index] as number));
  const shares = shareByWeight(Math.min(clients, total), weights, capacities);
  return new Map(sites.map(({ pool }, index) => [pool.site, shares[index] as number]));
}

/** The tail keeps pilots of a crashed campaign from being taken for ours. */
function namePilot(site: string, number: number): string {
  return `${site}-${number}-${randomUUID().slice(0, 8)}`;
}

function pilotsMissing(pool: PilotPool, roster: Roster, neededSlots: number): number {
  return demandPilots({
    neededSlots,
    heldSlots: roster.slots('ready', pool.site),
    pendingSlots: roster.slots('asked', pool.site),
    slotsPerPilot: slotsOfOne(pool, roster),
    pilots: roster.count('ready', pool.site) + roster.count('asked', pool.site),
    pilotsAtMost: pool.pilotsAtMost,
    damped: pool.damped,
  });
}
