/** What an srmLs answer says, in the little that decides an operation's outcome; server and client name outcomes by it alike. */

import type { Outcome } from '../../foundation/outcome.ts';
import { SRM_SUCCESS } from './wire.ts';

/** A SOAP fault: the service's way to say that it could not even form an answer. */
export type SoapFault = { kind: 'fault'; code: string; text: string };

export type LsAnswer =
  | {
      kind: 'ls';
      /** SRM status of the request as a whole. */
      requestStatus: string;
      explanation: string | null;
      /** By which a request that isn't done can be asked after; null: none was given. */
      requestToken: string | null;
      /** Paths that were asked for and are in the answer; 0: it has no details. */
      paths: number;
      /** Paths listed below the top paths, at any depth: with one level, the entries of the directories asked for. */
      entries: number;
      /** Paths directly below that top path which has most of them: what a page's offset and count count. */
      longestListing: number;
      /** The first path of the answer, at any depth, whose status is present and not SRM_SUCCESS. */
      firstBadPath: { path: string; status: string } | null;
    }
  | SoapFault;

/**
 * The outcome of an srmLs: `ok` only when the request, every path and the number of entries (null: not looked at) are right.
 * The status of a path says more than the status of the request that it spoiled, so it comes first.
 */
export function decideLsOutcome(answer: LsAnswer, { expectEntries }: { expectEntries: number | null }): Outcome {
  if (answer.kind === 'fault') return 'status/soap-fault';
  if (answer.firstBadPath !== null) return `status/${answer.firstBadPath.status}`;
  if (answer.requestStatus !== SRM_SUCCESS) return `status/${answer.requestStatus}`;
  if (expectEntries !== null && answer.entries !== expectEntries) return 'status/entry-count';
  return 'ok';
}
