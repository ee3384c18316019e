/**
 * One connection through the relay: what one end does happens at the other half a round trip later, in the same order.
 * Each direction by itself:
 *
 * | state | on | next | the other end, half a round trip later |
 * | --- | --- | --- | --- |
 * | flowing | bytes | flowing | gets them as they came: not merged, not paced |
 * | flowing | more under way than may be | held: no more is read | |
 * | held | half of that has left | flowing | |
 * | flowing | end (FIN) | ended | its reading side ends; the other direction goes on |
 * | any | reset, or a dial that failed | broken, both directions | is reset |
 *
 * Under way is what has been read at one end and not yet been taken by the kernel for the other: so a peer that does not read
 * fills our memory only so far. A reset behind bytes that are held is seen when they flow again.
 */

import type { Socket } from 'node:net';
import type { DelayQueue } from '../../foundation/delay-queue.ts';

/** Of one direction of one connection. */
export const MOST_UNDER_WAY_BYTES = 4 * 1024 * 1024;

/** Both sockets allow half-open ends; `dial` connects the far one. */
export function layCable(near: Socket, far: Socket, queue: DelayQueue, dial: () => void): void {
  queue.push(dial);
  carry(near, far, queue);
  carry(far, near, queue);
}

function carry(from: Socket, to: Socket, queue: DelayQueue): void {
  let underWayBytes = 0;
  from.on('data', (chunk: Buffer) => {
    const left = (): void => {
      underWayBytes -= chunk.length;
      if (underWayBytes <= MOST_UNDER_WAY_BYTES / 2 && from.isPaused()) from.resume();
    };
    underWayBytes += chunk.length;
    if (underWayBytes >= MOST_UNDER_WAY_BYTES) from.pause();
    queue.push(() => {
      // Else this direction is broken: the reset is on its way back.
      if (to.writable) to.write(chunk, left);
    });
  });
  from.once('end', () => queue.push(() => to.end()));
  from.on('error', () => queue.push(() => to.resetAndDestroy()));
}
