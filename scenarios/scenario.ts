/** What one client does once, behind one small interface: the send loop knows no protocol. */

import type { Outcome } from '../foundation/outcome.ts';
import type { ConnectionCounts } from '../foundation/connection-counts.ts';
import type { Credential } from './credentials/credential.ts';

/** One operation's record, filled by the scenario; a client has one and uses it again and again. */
export type Exchange = {
  /** Instants on the monotonic clock in ms; NaN: not reached. `connectedAtMs`/`securedAtMs` only with a connection per operation. */
  startedAtMs: number;
  connectedAtMs: number;
  securedAtMs: number;
  firstByteAtMs: number;
  endedAtMs: number;
  /** Bytes of the bodies of all its answers. */
  answerBytes: number;
  /** Times that the service was asked whether it had done what it had queued. */
  polls: number;
  /** Further pages of one answer that were asked for. */
  pages: number;
  outcome: Outcome;
};

export function createExchange(): Exchange {
  return {
    startedAtMs: Number.NaN,
    connectedAtMs: Number.NaN,
    securedAtMs: Number.NaN,
    firstByteAtMs: Number.NaN,
    endedAtMs: Number.NaN,
    answerBytes: 0,
    polls: 0,
    pages: 0,
    outcome: 'cut',
  };
}

/** When the connection stood and was secured; with a kept one, when the operation started. NaN: it did not come so far. */
export function readyToAskAtMs({ startedAtMs, connectedAtMs, securedAtMs }: Exchange): number {
  if (!Number.isNaN(securedAtMs)) return securedAtMs;
  return Number.isNaN(connectedAtMs) ? startedAtMs : connectedAtMs;
}

/** One closed-loop user of the service. */
export type ScenarioClient = {
  /** Opens what is kept between operations (a connection); resolves to `ok` or to why not. Nothing to do: resolves at once. */
  open(): Promise<Outcome>;
  /**
   * Runs one operation: fills `exchange`, then calls `ended` exactly once, never synchronously and never throwing.
   * An operation that was ended before it left has `startedAtMs` NaN: the service never saw it, it is no row.
   *
   * @param sequence number of the operation within its client; the service sees it in a header
   * @param started called at most once, at the instant of `startedAtMs` (it may be synchronous)
   */
  perform(sequence: number, exchange: Exchange, ended: () => void, started?: () => void): void;
  /**
   * The instant that it asked for last (see {@link ClientContext}) has come: ends the operation under way if its phase has
   * outlived its timeout, or goes on with what had to wait.
   */
  wake(nowMs: number): void;
  /** Ends the operation under way, if any, with this outcome. */
  abort(outcome: Outcome): void;
  /** Closes all sockets; nothing may be under way. */
  close(): void;
};

/** How a connection is secured; its server must show a certificate for the host of the target's origin. */
export type TargetSecurity = {
  /** GSI (`httpg`): the delegation byte follows the handshake, in a record of its own. */
  gsi: boolean;
  /** PEM of the authorities that are trusted, one certificate each. */
  trusted: string[];
  lowestVersion: TlsVersion;
  highestVersion: TlsVersion;
};

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** Where and how to reach the target, resolved once per cell so that name look-up is outside every measure. */
export type ResolvedTarget = {
  /** `http://host:port`, `https://…` or `httpg://…` as the user named it: the Host header and, with TLS, the name to check. */
  origin: string;
  /** Null: plain http. */
  security: TargetSecurity | null;
  /** Path of the service, `/srm/v2/server`; with its query, `/search?q=1`. */
  path: string;
  /** Addresses of one family; clients take turns in them. */
  addresses: { address: string; family: 4 | 6; port: number }[];
  /** `close`: how a client ends its connections, by TCP's FIN or by a reset. */
  connection: { perOperation: boolean; close: 'fin' | 'reset' };
  timeoutsMs: { connect: number; handshake: number; answer: number };
  userAgent: string;
  /** What carries its operations: `direct` over net and tls at the least cost, or `undici`. */
  transport: 'direct' | 'undici';
};

/** Labels of the header by which a service can count for itself; null: the header is switched off. */
export type OperationLabels = { campaign: string; cell: string; attempt: number } | null;

/** Who a client is, and where its service is. */
export type ClientFacts = {
  target: ResolvedTarget;
  labels: OperationLabels;
  /** Number of the client within the cell, or a name such as `probe`. */
  client: number | string;
  /** Who the client is; null: it shows no certificate. */
  credential: Credential | null;
  /** Of its host, that clients take turns in; none: the system chooses. */
  sourceAddresses: readonly string[];
  /** Where the connections that it opens are counted, together with those of others. */
  connections: ConnectionCounts;
};

/** Everything that a client needs. */
export type ClientContext = ClientFacts & {
  /** Asks to be woken once at this instant, or up to a few milliseconds later; Infinity: not at all. The last call holds. */
  wakeAt(atMs: number): void;
};

/** Makes the clients of one frozen scenario; they share what does not differ from client to client. */
export type PreparedScenario = (context: ClientContext) => ScenarioClient;
