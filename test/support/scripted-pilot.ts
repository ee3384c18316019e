/**
 * A pilot that speaks the protocol through the link's interface, on the clock of the test: no process, no socket. Its clients
 * do operations of one constant length from T0 on, and its script says where it misbehaves.
 */

import type { CoordinatorMessage, Join, PilotMessage } from '../../agent/protocol.ts';
import type { LinkListener, PilotConnection } from '../../coordinator/pilots/link.ts';
import type { Clock } from '../../foundation/clock.ts';
import { createConnectionCounts } from '../../foundation/connection-counts.ts';
import { SOME_HOST } from './host-facts.ts';
import { type BriefRow, makeFrame } from './frames.ts';

export type PilotScript = {
  /** Joins this long after it was asked for; null: it never comes. */
  joinsAfterMs: number | null;
  /** Ends by itself this long after it was asked for; null: it stays. */
  endsAfterMs: number | null;
  /** How its first operation ends; null: its link goes over it. */
  tries: string | null;
  preparesForMs: number;
  /** Its link goes while it prepares a cell, the first so many times. */
  goesWhilePreparing: boolean;
  /** Its clock minus the coordinator's; one way a message takes. */
  offsetMs: number;
  wayMs: number;
  serviceMs: number;
  /** From this instant after T0 on no operation ends any more. */
  stallsAtMs: number;
  /** Its link goes at this instant after T0. */
  goesAtMs: number;
  /** From this instant after T0 on it is alive but ships nothing. */
  shipsUntilMs: number;
  /** It never says that it has ended the cell. */
  neverDone: boolean;
  /** Slots that its limit of open files, 256, leaves it. */
  slotsAtMost: number;
  /** Why it is of no use where it runs, which it tells once it has joined; null: it is. */
  unfit: string | null;
};

const PLAIN: PilotScript = {
  joinsAfterMs: 100,
  endsAfterMs: null,
  tries: 'ok',
  preparesForMs: 20,
  goesWhilePreparing: false,
  offsetMs: 0,
  wayMs: 1,
  serviceMs: 100,
  stallsAtMs: Infinity,
  goesAtMs: Infinity,
  shipsUntilMs: Infinity,
  neverDone: false,
  slotsAtMost: Infinity,
  unfit: null,
};

/** What a kernel may not tell of a pilot. */
const UNREADABLE = {
  runQueueShare: null,
  throttledShare: null,
  pressureShare: null,
  stolenShare: null,
  tcp: null,
};
const SHIP_EVERY_MS = 250;
const HEARTBEAT_EVERY_MS = 1000;

type Prepared = Extract<CoordinatorMessage, { type: 'prepare' }>['plan'];

/** What it does in one cell. */
type Load = { plan: Prepared; t0Ms: number; shippedMs: number; samples: number; rows: number; endsAtMs: number };

export type ScriptedPilot = {
  readonly join: Join;
  readonly heard: CoordinatorMessage[];
  /** Its link goes, as when its process is killed. */
  die(reason: string): void;
};

let lastEpoch = 0;

export function startScriptedPilot(
  clock: Clock,
  listener: LinkListener,
  join: Join,
  changes: Partial<PilotScript>,
): ScriptedPilot {
  const script = { ...PLAIN, ...changes };
  const heard: CoordinatorMessage[] = [];
  let isGone = false;
  let load: Load | null = null;
  let sequence = 0;
  lastEpoch += 1;
  const epoch = lastEpoch;

  const later = (delayMs: number, action: () => void): void => {
    clock.after(delayMs, () => {
      if (!isGone) action();
    });
  };
  const say = (message: PilotMessage): void =>
    later(script.wayMs, () => listener.said(connection, message, clock.nowMs()));
  const die = (reason: string): void => {
    if (isGone) return;
    isGone = true;
    listener.gone(connection, reason);
  };
  const connection: PilotConnection = {
    pilot: join.pilot,
    site: join.site,
    slots: Math.min(join.slots, script.slotsAtMost),
    epoch,
    host: { ...SOME_HOST, descriptorLimit: 256 }, // a test may change it
    send: (message) => later(script.wayMs, () => hear(message)),
    close: () => {
      isGone = true;
    },
  };

  /** Operation n of every client runs over [n, n + 1] service times; none ends after the stall. */
  const operationsUntil = (active: Load, untilMs: number): BriefRow[] => {
    const rows: BriefRow[] = [];
    const { plan, shippedMs } = active;
    const first = Math.floor(shippedMs / script.serviceMs);
    for (let number = first; (number + 1) * script.serviceMs <= Math.min(untilMs, script.stallsAtMs); number += 1) {
      const endMs = (number + 1) * script.serviceMs;
      for (let client = plan.firstClient; client < plan.firstClient + plan.clients; client += 1) {
        rows.push({ client, sequence: number, startMs: endMs - script.serviceMs, endMs });
      }
    }
    return rows;
  };
  const ship = (active: Load, untilMs: number, cut: BriefRow[] = []): void => {
    if (untilMs > script.shipsUntilMs) return;
    const { plan } = active;
    const rows = [...operationsUntil(active, untilMs), ...cut];
    const points = Math.floor(untilMs / plan.gaugeEveryMs) + 1;
    const samples = Array.from({ length: points - active.samples }, (_, index) => {
      const atMs = (active.samples + index) * plan.gaugeEveryMs;
      return [plan.clients * atMs, 0, 0] as const;
    });
    const { cell, attempt } = plan;
    const frame = makeFrame({ cell, attempt, epoch, sequence, firstSample: active.samples, samples, rows });
    sequence += 1;
    active.samples = points;
    active.shippedMs = untilMs;
    active.rows += rows.length;
    later(script.wayMs, () => void listener.sentRows(connection, frame));
  };
  const keepShipping = (active: Load): void =>
    later(SHIP_EVERY_MS, () => {
      if (load !== active || clock.nowMs() >= active.endsAtMs) return;
      ship(active, clock.nowMs() - active.t0Ms);
      keepShipping(active);
    });
  const drain = (active: Load, windowCloseMs: number): void => {
    const doneMs = Math.ceil(windowCloseMs / script.serviceMs) * script.serviceMs;
    if (doneMs > script.stallsAtMs) return;
    const { cell, attempt } = active.plan;
    later(active.t0Ms + doneMs - clock.nowMs(), () => say({ type: 'drained', epoch, cell, attempt }));
  };
  const finish = (active: Load, graceMs: number): void => {
    const { serviceMs, stallsAtMs } = script;
    const sinceT0Ms = Math.max(0, clock.nowMs() - active.t0Ms);
    const endMs = Math.ceil(sinceT0Ms / serviceMs) * serviceMs;
    const isCut = endMs > Math.min(sinceT0Ms + graceMs, stallsAtMs);
    const untilMs = isCut ? sinceT0Ms + graceMs : endMs;
    active.endsAtMs = active.t0Ms + untilMs;
    later(untilMs - sinceT0Ms, () => {
      const { cell, attempt, firstClient, clients } = active.plan;
      const startMs = Math.floor(Math.min(untilMs, stallsAtMs) / serviceMs) * serviceMs;
      const cut = Array.from({ length: isCut ? clients : 0 }, (_, index) => {
        return { client: firstClient + index, sequence: startMs / serviceMs, startMs, endMs: untilMs, outcome: 'cut' };
      });
      ship(active, untilMs, cut);
      load = null;
      if (script.neverDone) return;
      const health = {
        ...UNREADABLE,
        loopUtilisation: 0.1,
        loopDelayP99Ms: 1,
        loopLateMeanMs: 0,
        cpuShare: 0.1,
        gcShare: 0,
      };
      const connections = createConnectionCounts();
      say({ type: 'cell-done', epoch, cell, attempt, rowsSent: active.rows, health, connections });
    });
  };
  const fire = (plan: Prepared, t0Ms: number): void => {
    const active: Load = { plan, t0Ms: t0Ms - script.offsetMs, shippedMs: 0, samples: 0, rows: 0, endsAtMs: Infinity };
    load = active;
    later(active.t0Ms - clock.nowMs(), () => keepShipping(active));
    if (Number.isFinite(script.goesAtMs)) later(active.t0Ms + script.goesAtMs - clock.nowMs(), () => die('killed'));
  };

  let prepared: Prepared | null = null;
  const hear = (message: CoordinatorMessage): void => {
    heard.push(message);
    switch (message.type) {
      case 'clock': {
        const nowMs = clock.nowMs() + script.offsetMs;
        return say({ type: 'clock-reply', epoch, id: message.id, receivedMs: nowMs, repliedMs: nowMs });
      }
      case 'prepare': {
        const { cell, attempt } = message.plan;
        if (script.goesWhilePreparing) return later(script.preparesForMs, () => die('killed'));
        return later(script.preparesForMs, () => {
          prepared = message.plan;
          say({ type: 'prepared', epoch, cell, attempt, failures: {} });
        });
      }
      case 'fire':
        return prepared === null ? die('fired unprepared') : fire(prepared, message.t0Ms);
      case 'stand-down':
        prepared = null;
        return undefined;
      case 'drain':
        return load === null ? undefined : drain(load, message.windowCloseMs);
      case 'finish':
        return load === null ? undefined : finish(load, message.graceMs);
      case 'leave':
        return die('left');
      case 'try': {
        if (script.tries === null) return die('killed');
        const phases = { connectMs: 1, handshakeMs: null, firstByteMs: 2, restMs: 3, answerBytes: 4 };
        return say({ type: 'tried', epoch, id: message.id, outcome: script.tries, ...phases });
      }
      case 'challenge':
      case 'welcome':
      case 'ack':
        return undefined;
    }
  };
  const beat = (): void =>
    later(HEARTBEAT_EVERY_MS, () => {
      say({ type: 'heartbeat', epoch, monotonicMs: clock.nowMs() + script.offsetMs });
      beat();
    });
  if (script.joinsAfterMs !== null) {
    later(script.joinsAfterMs, () => {
      listener.joined(connection);
      beat();
      if (script.unfit !== null) say({ type: 'failed', epoch, code: 'GT_PILOT_UNFIT', message: script.unfit });
    });
  }
  return { join, heard, die };
}
