/** How the TLS connections of a frontend began: cumulative counters, shown on the metrics page. */

export type HandshakeCounts = {
  /** Handshakes that were completed, whatever came of the connection then. */
  completed: number;
  /** Of these, cut short by resuming an earlier session. */
  resumed: number;
  /** Connections that did not get through their handshake. */
  failed: number;
  /** Completed, but closed: by the rule that the client's certificates broke. */
  refused: Map<string, number>;
  /** Completed, but closed: the client wanted to delegate a credential (GSI). */
  delegations: number;
  /** Completed, but closed: what came first was neither GSI's byte nor HTTP. */
  notHttp: number;
};

export function createHandshakeCounts(): HandshakeCounts {
  return { completed: 0, resumed: 0, failed: 0, refused: new Map(), delegations: 0, notHttp: 0 };
}
