/** Pilots that hold fewer clients than their pool says, since their limit of open files is in the way. */

import type { PilotPool } from '../pools/pool.ts';
import type { ReadyPilot, Roster } from './roster.ts';

type PoolSize = Pick<PilotPool, 'site' | 'slotsPerPilot'>;

/** Slots that one more pilot there will have: those of the latest that joined, else what its pool says. */
export function slotsOfOne({ site, slotsPerPilot }: PoolSize, { pilots }: Roster): number {
  const joined = [...pilots.values()].filter((pilot) => pilot.site === site && pilot.connection !== null);
  return Math.min(slotsPerPilot, joined.at(-1)?.slots ?? slotsPerPilot);
}

/** What the ready pilots of a site lack, with the fix: one sentence, or null. */
export function describeLimited({ site, slotsPerPilot }: PoolSize, roster: Roster): string | null {
  const limited = roster.ready().filter((pilot) => pilot.site === site && pilot.slots < slotsPerPilot);
  if (limited.length === 0) return null;
  const alike = Map.groupBy(limited, ({ slots, connection }) => `${slots} ${connection.host.descriptorLimit}`);
  const offers = [...alike.values()].map((pilots) => describeOffer(pilots, slotsPerPilot)).join(', ');
  return `${site}: ${offers}; raise it (ulimit -n) or allow more pilots there`;
}

function describeOffer(pilots: readonly ReadyPilot[], slotsPerPilot: number): string {
  const [{ slots, connection }] = pilots as [ReadyPilot];
  const { descriptorLimit } = connection.host;
  return pilots.length === 1
    ? `1 pilot offers ${slots} slots, not ${slotsPerPilot}: its limit of open files is ${descriptorLimit}`
    : `${pilots.length} pilots offer ${slots} slots each, not ${slotsPerPilot}: their limit of open files is ${descriptorLimit}`;
}
