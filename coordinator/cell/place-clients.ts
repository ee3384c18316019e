/** Which pilot carries which clients of a cell: pure. */

import { shareByCapacity } from '../../foundation/shares.ts';

/** A pilot that is ready, as far as placing clients goes. */
export type Holder = { id: string; site: string; slots: number };
export type Placement<Pilot extends Holder> = { pilot: Pilot; firstClient: number; clients: number };

/**
 * Places each site's share on its pilots in proportion to their slots. Client numbers run through: the first pilot has
 * 0 … n-1, the next goes on. Pilots without a client are left out.
 *
 * @param shares clients per site
 * @returns null when a site's pilots can't hold its share
 */
export function placeClients<Pilot extends Holder>(
  shares: ReadonlyMap<string, number>,
  ready: readonly Pilot[],
): Placement<Pilot>[] | null {
  const placements: Placement<Pilot>[] = [];
  let firstClient = 0;
  for (const [site, share] of shares) {
    const there = ready.filter((pilot) => pilot.site === site);
    const capacities = there.map(({ slots }) => slots);
    if (capacities.reduce((sum, slots) => sum + slots, 0) < share) return null;
    const clientsOf = shareByCapacity(share, capacities);
    for (const [index, pilot] of there.entries()) {
      const clients = clientsOf[index] as number;
      if (clients === 0) continue;
      placements.push({ pilot, firstClient, clients });
      firstClient += clients;
    }
  }
  return placements;
}

/** Each site's share, cut down to what its ready pilots can hold: what a degraded cell is fired with. */
export function capShares(shares: ReadonlyMap<string, number>, ready: readonly Holder[]): Map<string, number> {
  return new Map(
    [...shares].map(([site, share]) => {
      const slots = ready.filter((pilot) => pilot.site === site).reduce((sum, pilot) => sum + pilot.slots, 0);
      return [site, Math.min(share, slots)];
    }),
  );
}
