/** The local pool: pilots as processes of this machine. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import type { Join } from '../../agent/protocol.ts';
import { type Clock, delay } from '../../foundation/clock.ts';
import { GlideTesterError } from '../../foundation/error.ts';
import type { LocalPool } from '../config/schema.ts';
import { pinTo } from '../pinning.ts';
import type { PilotEnd, PilotPool } from './pool.ts';

/** How long a pilot that was told to leave may take before it is ended. */
const LEAVE_WITHIN_MS = 3000;

export type LocalPoolOptions = {
  pool: LocalPool;
  /** The pilot's command line; the secret travels on its standard input. */
  command: readonly string[];
  /** Folder for the pilots' logs. */
  logs: string;
  clock: Clock;
};

/** The whole command line of a process that is started as the pilots of a pool are. */
export function launchLine({ cpus, launchWith }: LocalPool, command: readonly string[]): readonly string[] {
  return pinTo(cpus, [...launchWith, ...command]);
}

export function createLocalPool({ pool, command, logs, clock }: LocalPoolOptions): PilotPool {
  const running = new Map<string, ChildProcess>();
  const listeners: ((end: PilotEnd) => void)[] = [];
  const [program, ...parameters] = launchLine(pool, command);

  const start = async (join: Join): Promise<void> => {
    const log = openSync(joinPath(logs, `${join.pilot}.log`), 'a');
    // A group of its own: Ctrl-C in the terminal is the coordinator's to handle, and a launcher's children end with it.
    const child = spawn(program as string, parameters, { stdio: ['pipe', 'ignore', log], detached: true });
    closeSync(log);
    running.set(join.pilot, child);
    child.stdin?.on('error', () => {}); // a pilot that dies before it has read its join is reported by its exit
    child.stdin?.end(JSON.stringify(join));
    child.once('exit', (code, signal) => {
      running.delete(join.pilot);
      const reason =
        signal === null ? `its process ended with exit code ${code}` : `its process was ended by ${signal}`;
      for (const listener of listeners) listener({ pilot: join.pilot, reason });
    });
    await once(child, 'spawn').catch((cause: unknown) => {
      running.delete(join.pilot);
      throw new GlideTesterError(
        'GT_POOL_REQUEST',
        `site ${pool.site}: expected to start ${program}: ${String(cause)}`,
        {
          hint: 'check launchWith of this pool, and that taskset is there if it has cpus',
          cause,
        },
      );
    });
  };

  return {
    site: pool.site,
    slotsPerPilot: pool.slotsPerPilot,
    threads: pool.threads,
    sourceAddresses: pool.sourceAddresses,
    pilotsAtMost: pool.pilots,
    damped: false,
    async request(joins) {
      await Promise.all(joins.map(start));
    },
    onEnd(listener) {
      listeners.push(listener);
    },
    async release() {
      const ended = Promise.all([...running.values()].map((child) => once(child, 'exit')));
      const waiting = new AbortController();
      await Promise.race([ended, delay(clock, LEAVE_WITHIN_MS, waiting.signal)]);
      waiting.abort(); // else its timer keeps the process alive
      for (const child of running.values()) endGroup(child);
      await ended;
    },
  };
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended between the look and the kill.
  }
}
