/** What the TCP of a host had to do twice or turn away: counted by the kernel for a network namespace, so for all that run there. */

import { z } from 'zod';

const count = z.number().int().min(0);

export const TcpCountsSchema = z.object({
  /** Segments sent, without those sent again. */
  sent: count,
  /** Segments sent again, connection requests among them. */
  retransmitted: count,
  /** Of these, the ones that the other end had already, by its own word (DSACK): nothing was lost, and nobody waited. */
  needless: count,
  /** Times that an answer from the other end was waited for in vain. */
  timeouts: count,
  /** Connections that found the accept queue of a listener here full. */
  listenOverflows: count,
  /** Connections that a listener here dropped for any reason, a full queue among them. */
  listenDrops: count,
});

export type TcpCounts = z.infer<typeof TcpCountsSchema>;

/** Segments sent again that the other end did not have: lost, or dropped there. */
export function countLost({ retransmitted, needless }: TcpCounts): number {
  return Math.max(0, retransmitted - needless); // a needless one may be told of only after the first reading
}

/** Each count made of the two of the same name. */
export function combineTcpCounts(
  one: TcpCounts,
  other: TcpCounts,
  combine: (one: number, other: number) => number,
): TcpCounts {
  return {
    sent: combine(one.sent, other.sent),
    retransmitted: combine(one.retransmitted, other.retransmitted),
    needless: combine(one.needless, other.needless),
    timeouts: combine(one.timeouts, other.timeouts),
    listenOverflows: combine(one.listenOverflows, other.listenOverflows),
    listenDrops: combine(one.listenDrops, other.listenDrops),
  };
}
