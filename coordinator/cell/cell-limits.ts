/** How long the steps of a cell may take at the longest, and with them the whole of it. */

import type { Config, TargetConfig } from '../config/schema.ts';
import { durationMs } from '../plan.ts';

/** The shot comes this long after its order, plus some round trips: the order must have reached every thread. */
export const LEAD_MS = 50;
export const LEAD_ROUND_TRIPS = 4;
/** Opening connections may take as long as their timeouts; a pilot that needs so much longer still is as good as lost. */
const PREPARED_SLACK_MS = 10_000;
/** A client that is made and connects costs up to a few milliseconds, of TLS and on a busy machine; they do it one after the other. */
const PREPARED_PER_CLIENT_MS = 5;
/** Knowledge comes at the latest this long after what it is about. */
export const SHIPPING_SLACK_MS = 5000;
/** Beyond the drain limit a pilot may take this long to ship its last rows. */
export const CELL_DONE_WITHIN_MS = 10_000;
/** For what has no limit of its own and is short: round trips, exchanges of clocks, the server's count. */
const ROUND_TRIPS_SLACK_MS = 15_000;

/** First sends are spread over this time; 0: all together. */
export function startSpreadMs({ load }: Pick<Config, 'load'>): number {
  return load.start === 'together' ? 0 : durationMs(load.start.within);
}

/** From T0 to the end of the drain. */
export function longestLoadMs(config: Pick<Config, 'load' | 'timing'>): number {
  const { warmUp, window, drain } = config.timing;
  return startSpreadMs(config) + durationMs(warmUp.atMost) + durationMs(window.atMost) + durationMs(drain);
}

/** Of a pilot with so many clients of the cell: from the order to prepare to its word that it has. */
export function preparedWithinMs(
  { connect, handshake }: { connect: number; handshake: number },
  clients: number,
): number {
  return connect + handshake + PREPARED_SLACK_MS + PREPARED_PER_CLIENT_MS * clients;
}

/**
 * From the moment that the pilots are there to the last probe after the cell: so long credentials must last.
 *
 * @param clients of the whole cell: one pilot may have them all
 */
export function longestCellMs(
  config: Pick<Config, 'load' | 'timing'>,
  { timeouts: { connect, handshake } }: Pick<TargetConfig, 'timeouts'>,
  clients: number,
): number {
  return (
    preparedWithinMs({ connect: durationMs(connect), handshake: durationMs(handshake) }, clients) +
    LEAD_MS +
    longestLoadMs(config) +
    2 * SHIPPING_SLACK_MS +
    CELL_DONE_WITHIN_MS +
    ROUND_TRIPS_SLACK_MS +
    durationMs(config.timing.recovery.within)
  );
}
