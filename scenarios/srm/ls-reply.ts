/** What a service answers to an srmLs, before it is written in one form or the other. */

import type { LsAnswer } from './ls-answer.ts';
import { SRM_SUCCESS } from './wire.ts';

/** TPermissionMode, as its three bits count. */
export type PermissionMode = 'NONE' | 'X' | 'W' | 'WX' | 'R' | 'RX' | 'RW' | 'RWX';

/** What only a path that was asked for carries, in a full listing. */
export type TopPathFields = {
  fileLocality: 'ONLINE';
  /** Seconds; -1: for ever. */
  lifetimeLeftS: number;
  owner: { id: string; mode: PermissionMode };
  group: { id: string; mode: PermissionMode };
  otherMode: PermissionMode;
};

/** One path of an srmLs answer; null: the field is left out. */
export type PathDetail = {
  path: string;
  status: string;
  explanation: string | null;
  type: 'FILE' | 'DIRECTORY' | null;
  bytes: number | null;
  /** Unix time. */
  modifiedAtMs: number | null;
  checksum: { type: string; value: string } | null;
  top: TopPathFields | null;
  subPaths: PathDetail[] | null;
};

export type LsReply = {
  requestStatus: string;
  explanation: string | null;
  paths: PathDetail[];
  /** Of a request that goes on after its answer (queued, in progress); left out: it doesn't. */
  requestToken?: string | null;
};

/** What a reader of {@link writeLsAnswer} will find: the writer's own view of the outcome. */
export function summariseLsReply(reply: LsReply): LsAnswer {
  let visited = 0;
  let firstBadPath: { path: string; status: string } | null = null;
  const visit = (detail: PathDetail): void => {
    visited += 1;
    if (firstBadPath === null && detail.status !== SRM_SUCCESS) {
      firstBadPath = { path: detail.path, status: detail.status };
    }
    detail.subPaths?.forEach(visit);
  };
  reply.paths.forEach(visit);
  const paths = reply.paths.length;
  return {
    kind: 'ls',
    requestStatus: reply.requestStatus,
    explanation: reply.explanation,
    requestToken: reply.requestToken ?? null,
    paths,
    entries: visited - paths,
    longestListing: Math.max(0, ...reply.paths.map(({ subPaths }) => subPaths?.length ?? 0)),
    firstBadPath,
  };
}
