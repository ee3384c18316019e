/** Serves who may ask: srmLs by the listing threads, at once or by a token; what is asked about tokens from their table. */

import type { SrmRequest } from '../../scenarios/srm/read-request.ts';
import { type LsOperation, SRM_SUCCESS } from '../../scenarios/srm/wire.ts';
import { writeAbortAnswer } from '../../scenarios/srm/write-abort-answer.ts';
import type { Refusal } from '../authorization/admission.ts';
import type { ListingJob, ListingPool } from '../listing/listing-pool.ts';
import type { ListingRequests, Owner } from './listing-requests.ts';
import { prepareLsAnswer } from './ls-answer.ts';
import type { Modes } from './modes.ts';
import type { OpenRequest, Reply } from '../counting/open-request.ts';
import { replyWith, replyWithListing } from './replies.ts';

/** What requests are served with. */
export type Desk = { pool: ListingPool; requests: ListingRequests; modes: Modes };

/** The requests that are subject to authorization. */
export type GuardedRequest = Extract<SrmRequest, { kind: 'ls' | 'status-of-ls' | 'abort' }>;
type LsRequest = Extract<SrmRequest, { kind: 'ls' }>;

const UNKNOWN_TOKEN: Refusal = { status: 'SRM_INVALID_REQUEST', explanation: 'No request has this token.' };

export function serveRequest(request: GuardedRequest, owner: Owner, open: OpenRequest, desk: Desk): void {
  switch (request.kind) {
    case 'ls':
      return desk.modes.asynchronous ? queueListing(request, owner, open, desk) : list(request, open, desk);
    case 'status-of-ls':
      return open.answer(replyToStatus(request.requestToken, owner, desk));
    case 'abort': {
      const aborted = desk.requests.abort(request.requestToken, owner);
      return open.answer(aborted ? replyToAbort(SRM_SUCCESS, null) : refuseRequest(request, UNKNOWN_TOKEN, desk.modes));
    }
  }
}

/** An answer that holds nothing but this status. */
export function refuseRequest(request: GuardedRequest, { status, explanation }: Refusal, modes: Modes): Reply {
  if (request.kind === 'abort') return replyToAbort(status, explanation);
  return replyWithStatus(request.kind === 'ls' ? 'srmLs' : 'srmStatusOfLsRequest', { status, explanation }, modes);
}

function list(request: LsRequest, open: OpenRequest, { pool, modes }: Desk): void {
  const withdraw = pool.submit(createJob(request, modes), (result) => open.answer(replyWithListing(result)));
  open.onAbandoned(withdraw);
}

/** Resolves when the listing was done and answered with. It is done even if its client has left: its thread has begun. */
export function listToTheEnd(request: LsRequest, open: OpenRequest, { pool, modes }: Desk): Promise<void> {
  return new Promise((ended) => {
    pool.submit(createJob(request, modes), (result) => {
      open.answer(replyWithListing(result));
      ended();
    });
  });
}

function queueListing(request: LsRequest, owner: Owner, open: OpenRequest, { requests, modes }: Desk): void {
  const style = { form: modes.answers, operation: 'srmStatusOfLsRequest', count: request.count } as const;
  const requestToken = requests.submit({ ...extentOf(request, modes), style }, owner);
  open.answer(replyWithStatus('srmLs', { status: 'SRM_REQUEST_QUEUED', explanation: null, requestToken }, modes));
}

function createJob(request: LsRequest, modes: Modes): ListingJob {
  const style = { form: modes.answers, operation: 'srmLs', count: request.count } as const;
  return { ...extentOf(request, modes), style };
}

function extentOf({ surls, detail, levels, offset, count }: LsRequest, { mostEntries }: Modes) {
  return { surls, detail, levels, paging: mostEntries === null ? null : { offset, count, mostEntries } };
}

/** What a status request says of offset and count is ignored: the listing is as its srmLs asked for it. */
function replyToStatus(requestToken: string, owner: Owner, { requests, modes }: Desk): Reply {
  const state = requests.ask(requestToken, owner);
  if (state?.kind === 'done') return replyWithListing(state.result);
  if (state === null) return replyWithStatus('srmStatusOfLsRequest', UNKNOWN_TOKEN, modes);
  const status = state.kind === 'queued' ? 'SRM_REQUEST_QUEUED' : 'SRM_REQUEST_INPROGRESS';
  return replyWithStatus('srmStatusOfLsRequest', { status, explanation: null }, modes);
}

type Status = { status: string; explanation: string | null; requestToken?: string };

function replyWithStatus(operation: LsOperation, { status, explanation, requestToken }: Status, modes: Modes): Reply {
  const reply = { requestStatus: status, explanation, requestToken: requestToken ?? null, paths: [] };
  return replyWith(prepareLsAnswer(reply, { form: modes.answers, operation, count: null }));
}

function replyToAbort(status: string, explanation: string | null): Reply {
  const outcome = status === SRM_SUCCESS ? 'ok' : `status/${status}`;
  return replyWith({ xml: writeAbortAnswer(status, explanation), outcome, next: null });
}
