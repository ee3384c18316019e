/**
 * Who is there: every pilot that was asked for, from the request to its end.
 *
 * | state | on | next |
 * | --- | --- | --- |
 * | asked | it joins | ready |
 * | asked | its process or job ends (however long it waits in a queue, it is still coming) | ended |
 * | ready | link gone, heartbeats missing, it says `failed`, its process ends | lost |
 * | ready | it was told to leave | ended |
 */

import type { CoordinatorMessage } from '../../agent/protocol.ts';
import type { Changes } from '../../foundation/changes.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { PilotConnection } from './link.ts';

export type PilotState = 'asked' | 'ready' | 'lost' | 'ended';

export type RosterPilot = {
  readonly id: string;
  readonly site: string;
  /** Those that it is expected to have; once it has joined, those that it offers. */
  slots: number;
  readonly askedAtMs: number;
  state: PilotState;
  connection: PilotConnection | null;
  lastHeardMs: number;
  /** Why it is lost or ended. */
  reason: string | null;
  /** When the loss was noticed, on the coordinator's clock. */
  lostAtMs: number | null;
  /** It said that another one in its place would be of no more use. */
  isUnfit: boolean;
};

export type ReadyPilot = RosterPilot & { connection: PilotConnection };

export type Roster = {
  readonly pilots: ReadonlyMap<string, RosterPilot>;
  ask(pilot: { id: string; site: string; slots: number }): void;
  /** False when nobody asked for this pilot, or it is there already. */
  join(connection: PilotConnection): boolean;
  hear(pilot: string): void;
  /** Marks a pilot lost (or ended, when it never joined or was told to leave); true if that is news. */
  lose(pilot: string, reason: string): boolean;
  /** Its site is of no use for pilots like this one. */
  markUnfit(pilot: string): void;
  /** Ready pilots that were not heard for longer than this. */
  silent(silenceMs: number): string[];
  /** Tells all ready pilots to leave; who was only asked is not let in any more. */
  dismiss(reason: string): void;
  ready(): ReadyPilot[];
  slots(state: PilotState, site?: string): number;
  count(state: PilotState, site: string): number;
};

export function createRoster(clock: Clock, changes: Changes): Roster {
  const pilots = new Map<string, RosterPilot>();

  const lose = (id: string, reason: string): boolean => {
    const pilot = pilots.get(id);
    if (pilot === undefined || pilot.state === 'lost' || pilot.state === 'ended') return false;
    pilot.state = pilot.state === 'ready' ? 'lost' : 'ended';
    pilot.reason = reason;
    pilot.lostAtMs = clock.nowMs();
    // The connection stays with the pilot: what is still sent to it is dropped by the link.
    pilot.connection?.close();
    changes.notify();
    return true;
  };
  const ready = (): ReadyPilot[] =>
    [...pilots.values()].filter((pilot): pilot is ReadyPilot => pilot.state === 'ready');

  return {
    pilots,
    ask({ id, site, slots }) {
      const nowMs = clock.nowMs();
      pilots.set(id, {
        id,
        site,
        slots,
        askedAtMs: nowMs,
        state: 'asked',
        connection: null,
        lastHeardMs: nowMs,
        reason: null,
        lostAtMs: null,
        isUnfit: false,
      });
    },
    join(connection) {
      const pilot = pilots.get(connection.pilot);
      if (pilot?.state !== 'asked') return false;
      pilot.state = 'ready';
      pilot.connection = connection;
      pilot.slots = connection.slots;
      pilot.lastHeardMs = clock.nowMs();
      changes.notify();
      return true;
    },
    hear(id) {
      const pilot = pilots.get(id);
      if (pilot !== undefined) pilot.lastHeardMs = clock.nowMs();
    },
    lose,
    markUnfit(id) {
      const pilot = pilots.get(id);
      if (pilot !== undefined) pilot.isUnfit = true;
    },
    silent: (silenceMs) =>
      ready()
        .filter(({ lastHeardMs }) => clock.nowMs() - lastHeardMs > silenceMs)
        .map(({ id }) => id),
    dismiss(reason) {
      const leave: CoordinatorMessage = { type: 'leave', reason };
      for (const pilot of pilots.values()) {
        if (pilot.state !== 'ready' && pilot.state !== 'asked') continue;
        pilot.connection?.send(leave);
        pilot.state = 'ended';
        pilot.reason = reason;
      }
      changes.notify();
    },
    ready,
    slots: (state, site) =>
      [...pilots.values()]
        .filter((pilot) => pilot.state === state && (site === undefined || pilot.site === site))
        .reduce((sum, pilot) => sum + pilot.slots, 0),
    count: (state, site) => [...pilots.values()].filter((pilot) => pilot.state === state && pilot.site === site).length,
  };
}
