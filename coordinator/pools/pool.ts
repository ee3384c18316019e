/** Where pilots come from, behind one small interface: a local machine today, batch and cluster engines beside it. */

import type { Join } from '../../agent/protocol.ts';

/** A pilot that ended without being asked to. */
export type PilotEnd = { pilot: string; reason: string };

export type PilotPool = {
  readonly site: string;
  readonly slotsPerPilot: number;
  /** Threads of one pilot. */
  readonly threads: number;
  /** Addresses of its hosts that the clients there take turns in; none: the system chooses. */
  readonly sourceAddresses: readonly string[];
  /** The most pilots that may exist there at once. */
  readonly pilotsAtMost: number;
  /** Whether requests are damped: a shared engine is not flooded, the own machine answers at once. */
  readonly damped: boolean;
  /** Asks for one pilot per join; resolves when the engine has taken the request. @throws GT_POOL_REQUEST */
  request(joins: readonly Join[]): Promise<void>;
  /** Called once for every pilot that ended by itself, however it ended. */
  onEnd(listener: (end: PilotEnd) => void): void;
  /** Ends whatever this pool still runs: politely, then by force. Idempotent. */
  release(): Promise<void>;
};
