/** A pool of scripted pilots: grants what it is asked for, on the clock of the test. */

import type { LinkListener } from '../../coordinator/pilots/link.ts';
import type { PilotEnd, PilotPool } from '../../coordinator/pools/pool.ts';
import type { Clock } from '../../foundation/clock.ts';
import { GlideTesterError } from '../../foundation/error.ts';
import { type PilotScript, type ScriptedPilot, startScriptedPilot } from './scripted-pilot.ts';

export type ScriptedPoolOptions = {
  clock: Clock;
  site?: string;
  slotsPerPilot?: number;
  pilotsAtMost?: number;
  damped?: boolean;
  /** What the pilot with this number (from 0) does otherwise than a plain one. */
  script?: (number: number) => Partial<PilotScript>;
  /** The engine refuses every request. */
  refuses?: boolean;
};

export type ScriptedPool = PilotPool & {
  /** Whom its pilots dial; set once the switchboard is there. */
  listener: LinkListener | null;
  readonly pilots: ScriptedPilot[];
  /** Requests as they came: when, and for how many pilots. */
  readonly requests: { atMs: number; pilots: number }[];
};

export function createScriptedPool(options: ScriptedPoolOptions): ScriptedPool {
  const { clock, site = 'local', slotsPerPilot = 2, pilotsAtMost = 100, damped = false } = options;
  const { script = () => ({}), refuses = false } = options;
  const pilots: ScriptedPilot[] = [];
  const requests: { atMs: number; pilots: number }[] = [];
  const listeners: ((end: PilotEnd) => void)[] = [];
  const pool: ScriptedPool = {
    site,
    slotsPerPilot,
    threads: 1,
    sourceAddresses: [],
    pilotsAtMost,
    damped,
    listener: null,
    pilots,
    requests,
    async request(joins) {
      requests.push({ atMs: clock.nowMs(), pilots: joins.length });
      if (refuses) throw new GlideTesterError('GT_POOL_REQUEST', 'the queue is closed');
      for (const join of joins) {
        const changes: Partial<PilotScript> = script(pilots.length);
        const pilot = startScriptedPilot(clock, pool.listener as LinkListener, join, changes);
        pilots.push(pilot);
        if (typeof changes.endsAfterMs !== 'number') continue;
        clock.after(changes.endsAfterMs, () => {
          pilot.die('its process ended');
          for (const listener of listeners) listener({ pilot: join.pilot, reason: 'its process ended' });
        });
      }
    },
    onEnd: (listener) => void listeners.push(listener),
    async release() {
      for (const pilot of pilots) pilot.die('released');
    },
  };
  return pool;
}
