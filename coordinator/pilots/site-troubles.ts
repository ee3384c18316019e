/** What went wrong with the pilots of a level, site by site: when a site is to be given up, and why. */

import type { Roster, RosterPilot } from './roster.ts';

/** Pilots that ended before they joined must outnumber those that joined by so many before a site is given up. */
const UNJOINED_AT_MOST = 3;

/** Pilots that ended before they joined, or a request that was refused. */
type Trouble = { unjoined: number; reason: string; isRefused: boolean };

export type SiteTroubles = {
  /** A new level begins: everybody gets a new chance. */
  forget(sites: readonly string[]): void;
  endedUnjoined(site: string, reason: string): void;
  refused(site: string, pilots: number, reason: string): void;
  isHopeless(site: string): boolean;
  /** One sentence over all sites, or null. */
  describe(): string | null;
};

export function createSiteTroubles(roster: Roster): SiteTroubles {
  const troubles = new Map<string, Trouble>();
  /** Pilots that had ever joined when the level began. */
  let joinedBefore = new Map<string, number>();
  let unfitBefore: readonly RosterPilot[] = [];
  const unfitAt = (site: string): RosterPilot | undefined =>
    listUnfit(roster).find((pilot) => pilot.site === site && !unfitBefore.includes(pilot));
  return {
    forget(sites) {
      troubles.clear();
      joinedBefore = new Map(sites.map((site) => [site, countJoined(roster, site)]));
      unfitBefore = listUnfit(roster);
    },
    endedUnjoined(site, reason) {
      troubles.set(site, { unjoined: (troubles.get(site)?.unjoined ?? 0) + 1, reason, isRefused: false });
    },
    refused(site, pilots, reason) {
      troubles.set(site, { unjoined: pilots, reason, isRefused: true });
    },
    isHopeless(site) {
      if (unfitAt(site) !== undefined) return true;
      const trouble = troubles.get(site);
      if (trouble === undefined) return false;
      const joined = countJoined(roster, site) - (joinedBefore.get(site) ?? 0);
      return trouble.isRefused || trouble.unjoined - joined >= UNJOINED_AT_MOST;
    },
    describe() {
      const told = [...troubles].map(
        ([site, { unjoined, reason }]) => `${site}: ${unjoined} pilots did not join, the last because ${reason}`,
      );
      const unfit = [...joinedBefore.keys()].map(unfitAt).filter((pilot) => pilot !== undefined);
      const all = [...told, ...unfit.map(({ site, reason }) => `${site}: ${reason}`)];
      return all.length === 0 ? null : all.join('; ');
    },
  };
}

function listUnfit({ pilots }: Roster): RosterPilot[] {
  return [...pilots.values()].filter(({ isUnfit }) => isUnfit);
}

/** Pilots of a site that ever joined. */
function countJoined({ pilots }: Roster, site: string): number {
  return [...pilots.values()].filter((pilot) => pilot.site === site && pilot.connection !== null).length;
}
