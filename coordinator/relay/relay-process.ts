/** A relay as a process of its own, so that what it costs is charged to neither pilots nor service. */

import { z } from 'zod';
import type { Clock } from '../../foundation/clock.ts';
import { GlideTesterError, messageOf } from '../../foundation/error.ts';
import { startServiceProcess } from '../target/service-process.ts';
import type { Endpoint } from './relay.ts';

export type RelayProcessOptions = {
  /** The command line that starts a relay. */
  command: readonly string[];
  to: Endpoint;
  roundTripMs: number;
  /** What it says is appended to this file. */
  log: string;
  clock: Clock;
};

export type RelayProcess = {
  /** On 127.0.0.1. */
  port: number;
  pid: number;
  /** What is under way still arrives. May be called twice. */
  stop(): Promise<void>;
};

/** What it prints when it listens. */
const ListeningSchema = z.object({ port: z.number().int(), pid: z.number().int() });

/** Resolves when it listens. @throws GlideTesterError GT_RELAY */
export async function startRelayProcess({
  command,
  to: { address, port },
  roundTripMs,
  log,
  clock,
}: RelayProcessOptions): Promise<RelayProcess> {
  const host = address.includes(':') ? `[${address}]` : address;
  const flags = ['--to', `${host}:${port}`, '--round-trip', `${roundTripMs}ms`, '--port', '0', '--stop-with-stdin'];
  const relay = await startServiceProcess({ command, flags, log, clock, listening: ListeningSchema }).catch(
    (cause: unknown) => {
      throw new GlideTesterError('GT_RELAY', `expected a relay to ${host}:${port} to listen: ${messageOf(cause)}`, {
        hint: `start it alone with \`glidetester relay --to ${host}:${port} --round-trip ${roundTripMs}ms --port 0\` to see why`,
        cause,
      });
    },
  );
  return { ...relay.listening, stop: relay.stop };
}
