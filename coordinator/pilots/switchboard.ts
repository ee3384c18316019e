/** Routes what pilots say to who waits for it, and keeps the roster true. */

import type { PilotMessage, RowsFrame } from '../../agent/protocol.ts';
import type { Changes } from '../../foundation/changes.ts';
import type { Journal } from '../journal.ts';
import type { LinkListener, PilotConnection } from './link.ts';
import type { Roster } from './roster.ts';

type MessageOf<Type extends PilotMessage['type']> = Extract<PilotMessage, { type: Type }>;

/** Takes a frame of rows and calls `written` once they are on disk; settles when they are not held any more. */
export type RowsTaker = (pilot: string, frame: RowsFrame, written: () => void) => Promise<void> | void;

export type Switchboard = LinkListener & {
  /** The last message of a type from a pilot, and when it came on the coordinator's clock. */
  latest<Type extends PilotMessage['type']>(
    pilot: string,
    type: Type,
  ): { message: MessageOf<Type>; receivedMs: number } | null;
  /** What the pilot said of this type counts no more: only what comes from now on is the latest. */
  forget(pilot: string, type: PilotMessage['type']): void;
  /** Rows of this cell and attempt go to the taker, all others nowhere (late rows of a cell that was given up). */
  takeRows(cell: string, attempt: number, taker: RowsTaker): void;
  stopRows(): void;
  /** Marks a pilot lost and writes it down. */
  lose(pilot: string, reason: string): void;
};

export type SwitchboardParts = { roster: Roster; journal: Journal; changes: Changes };

export function createSwitchboard({ roster, journal, changes }: SwitchboardParts): Switchboard {
  const messages = new Map<string, Map<PilotMessage['type'], { message: PilotMessage; receivedMs: number }>>();
  let rows: { cell: string; attempt: number; taker: RowsTaker } | null = null;

  const lose = (pilot: string, reason: string): void => {
    const wasReady = roster.pilots.get(pilot)?.state === 'ready';
    if (roster.lose(pilot, reason)) void journal.write(wasReady ? 'pilot-lost' : 'pilot-ended', { pilot, reason });
  };
  const isCurrent = (connection: PilotConnection): boolean => {
    const pilot = roster.pilots.get(connection.pilot);
    return pilot?.state === 'ready' && pilot.connection?.epoch === connection.epoch;
  };

  return {
    joined(connection) {
      if (!roster.join(connection)) {
        void journal.write('pilot-refused', {
          pilot: connection.pilot,
          reason: 'nobody asked for it, or it is there already',
        });
        connection.close();
        return;
      }
      messages.set(connection.pilot, new Map());
      const { pilot, site, slots, host } = connection;
      const waitedMs = roster.pilots.get(pilot)?.askedAtMs;
      void journal.write('pilot-joined', { pilot, site, slots, host, askedAtMs: waitedMs });
    },
    said(connection, message, receivedMs) {
      if (!isCurrent(connection)) return;
      roster.hear(connection.pilot);
      messages.get(connection.pilot)?.set(message.type, { message, receivedMs });
      if (message.type === 'failed' && message.code === 'GT_PILOT_UNFIT') roster.markUnfit(connection.pilot);
      if (message.type === 'failed') lose(connection.pilot, `${message.code}: ${message.message}`);
      if (message.type !== 'heartbeat') changes.notify();
    },
    sentRows(connection, frame) {
      if (!isCurrent(connection)) return undefined;
      roster.hear(connection.pilot);
      const { header } = frame;
      const acknowledge = (): void => {
        connection.send({ type: 'ack', epoch: header.epoch, sequence: header.sequence });
        changes.notify();
      };
      if (
        rows !== null &&
        header.cell === rows.cell &&
        header.attempt === rows.attempt &&
        header.epoch === connection.epoch
      ) {
        const written = rows.taker(connection.pilot, frame, acknowledge);
        changes.notify();
        return written;
      }
      acknowledge();
      return undefined;
    },
    heldBack(connection) {
      if (isCurrent(connection)) roster.hear(connection.pilot);
    },
    gone(connection, reason) {
      if (isCurrent(connection)) lose(connection.pilot, reason);
    },
    refused(reason) {
      void journal.write('pilot-refused', { reason });
    },
    latest<Type extends PilotMessage['type']>(pilot: string, type: Type) {
      const kept = messages.get(pilot)?.get(type);
      return kept === undefined ? null : (kept as { message: MessageOf<Type>; receivedMs: number });
    },
    forget(pilot, type) {
      messages.get(pilot)?.delete(type);
    },
    takeRows(cell, attempt, taker) {
      rows = { cell, attempt, taker };
    },
    stopRows() {
      rows = null;
    },
    lose,
  };
}
