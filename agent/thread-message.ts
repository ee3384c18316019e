/** What a pilot and its threads say to each other: the link's messages, cut down to one thread. */

import type { ConnectionCounts } from '../foundation/connection-counts.ts';
import type { Scenario } from '../scenarios/check-scenario.ts';
import type { CellPlan, Join } from './protocol.ts';
import type { ThreadHealth } from './health/thread-health.ts';
import type { GaugeShipment } from './gauges.ts';

/** What the pilot's join says about all of its clients. */
export type PilotFacts = Pick<Join, 'campaign' | 'sourceAddresses'>;

/** A plan whose scenario has been checked. */
export type ThreadPlan = Omit<CellPlan, 'scenario'> & { scenario: Scenario };

/** A thread's part of a cell: `plan` with this thread's clients. */
export type ThreadOrder =
  | { type: 'prepare'; facts: PilotFacts; plan: ThreadPlan }
  | { type: 'fire'; t0Ms: number }
  | { type: 'stand-down' }
  | { type: 'drain'; windowCloseMs: number }
  | { type: 'finish'; graceMs: number }
  | { type: 'leave' };

export type CellReference = { cell: string; attempt: number };

/** What a thread says about its part of a cell. */
export type CellReport =
  | { type: 'prepared'; failures: Record<string, number> }
  | { type: 'rows'; rows: number; block: Uint8Array; gauges: GaugeShipment }
  | { type: 'drained' }
  | { type: 'done'; rows: number; health: ThreadHealth; connections: ConnectionCounts };

/** Reports name their cell, since one may be on its way while the pilot goes on to the next cell. */
export type ThreadReport =
  | (CellReport & CellReference)
  /** A bug: the thread can't go on. */
  | { type: 'crashed'; message: string };

/** One thread as the pilot sees it; where it runs is its own matter. */
export type ThreadPort = {
  order(order: ThreadOrder): void;
  stop(): Promise<void>;
};
