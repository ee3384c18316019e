/** Tying a pilot's clock to the coordinator's: pure arithmetic over timed exchanges. */

/**
 * One exchange. `sentMs` and `receivedMs` are on the coordinator's clock, `pilotReceivedMs` and `pilotRepliedMs` on the
 * pilot's.
 */
export type ClockExchange = { sentMs: number; pilotReceivedMs: number; pilotRepliedMs: number; receivedMs: number };

/** The pilot's clock minus the coordinator's lies within offsetMs ± errorMs. */
export type ClockOffset = { offsetMs: number; errorMs: number };

/** Offset of a clock that is the same one: what is left is the resolution of its readings. */
export const SHARED_CLOCK: ClockOffset = { offsetMs: 0, errorMs: 0.001 };

/**
 * The offset by one round of exchanges: the one with the shortest round trip bounds it best. If both ways took equally long
 * the offset would be ((t2 - t1) + (t3 - t4)) / 2; however unequal they were, it is off by at most half the round trip
 * (RFC 5905, section 8: offset and delay).
 *
 * @throws RangeError without any exchange
 */
export function estimateOffset(exchanges: readonly ClockExchange[]): ClockOffset {
  let best: ClockOffset | null = null;
  for (const { sentMs, pilotReceivedMs, pilotRepliedMs, receivedMs } of exchanges) {
    const roundTripMs = receivedMs - sentMs - (pilotRepliedMs - pilotReceivedMs);
    const errorMs = Math.max(0, roundTripMs / 2);
    if (best !== null && errorMs >= best.errorMs) continue;
    best = { offsetMs: (pilotReceivedMs - sentMs + (pilotRepliedMs - receivedMs)) / 2, errorMs };
  }
  if (best === null) throw new RangeError('a clock offset needs at least one exchange');
  return best;
}

/**
 * The offset during a cell, from the exchanges before and after it: a clock that drifts steadily stays between the two, so
 * the hull of both intervals holds it throughout.
 */
export function spanOffsets(before: ClockOffset, after: ClockOffset): ClockOffset {
  const lowest = Math.min(before.offsetMs - before.errorMs, after.offsetMs - after.errorMs);
  const highest = Math.max(before.offsetMs + before.errorMs, after.offsetMs + after.errorMs);
  return { offsetMs: (lowest + highest) / 2, errorMs: (highest - lowest) / 2 };
}
