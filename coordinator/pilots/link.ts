/** The link as the coordinator's decisions see it: pilots that come, speak, and go. */

import type { CoordinatorMessage, HostFacts, PilotMessage, RowsFrame } from '../../agent/protocol.ts';

/** One authenticated pilot on one lease. */
export type PilotConnection = {
  readonly pilot: string;
  readonly site: string;
  readonly slots: number;
  readonly host: HostFacts;
  /** Grows with every lease; what carries another epoch is not from this lease. */
  readonly epoch: number;
  /** Never throws; a message to a connection that has gone is dropped, since `gone` follows. */
  send(message: CoordinatorMessage): void;
  close(): void;
};

/** What the link tells; calls come one after the other, in the order in which things arrived. */
export type LinkListener = {
  joined(connection: PilotConnection): void;
  /** `receivedMs`: the coordinator's monotonic clock when the message came. */
  said(connection: PilotConnection, message: PilotMessage, receivedMs: number): void;
  /** Settles when the rows are not held in memory any more; nothing: they never were. */
  sentRows(connection: PilotConnection, frame: RowsFrame): Promise<void> | void;
  /** It is not listened to, since more rows have come than could be written: its silence is not its own. Told again and again. */
  heldBack(connection: PilotConnection): void;
  gone(connection: PilotConnection, reason: string): void;
  /** Somebody dialled in who is no pilot of this campaign. */
  refused(reason: string): void;
};

export type Link = {
  /** Where pilots dial in: `wss://host:port`. */
  readonly url: string;
  /** PEM of the only certificate that pilots accept. */
  readonly certificate: string;
  close(): Promise<void>;
};
