/** Timed exchanges with pilots: what a clock offset is estimated from. */

import { SHARED_CLOCK, type ClockExchange, type ClockOffset, estimateOffset } from './clock-tie.ts';
import { sharesClock } from '../../foundation/clock-identity.ts';
import type { ReadyPilot } from './roster.ts';
import type { World } from '../world.ts';

/** Exchanges with one pilot; the shortest round trip counts, so a few suffice and the first may run cold. */
const EXCHANGES = 10;
const REPLY_WITHIN_MS = 2000;

let lastExchangeId = 0;

/** How one pilot's clock stands to ours, and how long a message takes to it at most. */
export type PilotClock = { method: 'shared-clock' | 'exchange'; offset: ClockOffset; roundTripMs: number };

/** Exchanges clocks with all pilots at once. A pilot that doesn't answer is left out (its loss is noticed elsewhere). */
export async function exchangeClocks(world: World, pilots: readonly ReadyPilot[]): Promise<Map<string, PilotClock>> {
  const clocks = new Map<string, PilotClock>();
  await Promise.all(
    pilots.map(async (pilot) => {
      const exchanges = await exchangeWith(world, pilot);
      if (exchanges.length === 0) return;
      const isShared = sharesClock(world.clockIdentity, pilot.connection.host);
      clocks.set(pilot.id, {
        method: isShared ? 'shared-clock' : 'exchange',
        offset: isShared ? SHARED_CLOCK : estimateOffset(exchanges),
        roundTripMs: Math.max(...exchanges.map(({ sentMs, receivedMs }) => receivedMs - sentMs)),
      });
    }),
  );
  return clocks;
}

async function exchangeWith({ clock, changes, switchboard }: World, pilot: ReadyPilot): Promise<ClockExchange[]> {
  const exchanges: ClockExchange[] = [];
  // Kept here: the roster drops the connection of a pilot that is lost meanwhile.
  const { connection } = pilot;
  for (let exchange = 0; exchange < EXCHANGES; exchange += 1) {
    lastExchangeId += 1;
    const id = lastExchangeId;
    const reply = () => {
      const latest = switchboard.latest(pilot.id, 'clock-reply');
      return latest?.message.id === id ? latest : null;
    };
    const sentMs = clock.nowMs();
    connection.send({ type: 'clock', id });
    const end = await changes.until(() => reply() !== null || pilot.state !== 'ready', {
      deadlineMs: sentMs + REPLY_WITHIN_MS,
    });
    const came = reply();
    if (end !== 'met' || came === null) break;
    exchanges.push({
      sentMs,
      pilotReceivedMs: came.message.receivedMs,
      pilotRepliedMs: came.message.repliedMs,
      receivedMs: came.receivedMs,
    });
  }
  return exchanges;
}
