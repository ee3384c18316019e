/**
 * Bounds the memory of rows that have come and are not on disk yet: while they are more than there is room for, nobody who
 * sends rows is read. TCP then slows the pilot down, and its own limit bounds what it keeps.
 *
 * | state of a sender | on | next |
 * | --- | --- | --- |
 * | read | rows come and there is no room left | paused |
 * | paused | half of the room is free again | read |
 * | paused | it is gone | – |
 */

import { type Cancel, type Clock, every } from '../../foundation/clock.ts';

/** Beside it every sender may have what its socket had read when it was paused: some 64 KiB. */
const ROOM_BYTES = 16 * 1024 * 1024;

export type RowsSender = {
  pause(): void;
  resume(): void;
  /** At once when it is paused, and every so often as long as it is: whoever listens for a sign of life must know. */
  paused(): void;
};

export type RowsRoom = {
  /** Rows have come; `written` settles when they are not held any more, on disk or given up. */
  hold(sender: RowsSender, bytes: number, written?: Promise<void> | void): void;
  /** The sender is gone: it is not resumed any more. What it sent is held until it is written. */
  forget(sender: RowsSender): void;
};

export function createRowsRoom(clock: Clock, signEveryMs: number, roomBytes: number = ROOM_BYTES): RowsRoom {
  const paused = new Map<RowsSender, Cancel>();
  let heldBytes = 0;

  function pause(sender: RowsSender): void {
    sender.pause();
    paused.set(
      sender,
      every(clock, signEveryMs, () => sender.paused()),
    );
    sender.paused();
  }

  function release(bytes: number): void {
    heldBytes -= bytes;
    if (heldBytes > roomBytes / 2) return;
    for (const [sender, stopSigns] of paused) {
      paused.delete(sender);
      stopSigns();
      sender.resume();
    }
  }

  return {
    hold(sender, bytes, written) {
      if (written === undefined) return;
      heldBytes += bytes;
      const released = (): void => release(bytes);
      written.then(released, released);
      if (heldBytes > roomBytes && !paused.has(sender)) pause(sender);
    },
    forget(sender) {
      paused.get(sender)?.();
      paused.delete(sender);
    },
  };
}
