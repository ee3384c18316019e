/**
 * The srmLs requests of the asynchronous mode: each has a token, by which the identity that made it asks after it.
 *
 * | a request is | and then | it is |
 * | --- | --- | --- |
 * | – | its srmLs has come | queued |
 * | queued | a listing thread takes it | in progress |
 * | in progress | the thread has answered | done |
 * | done | it is asked after | gone: its answer is given once |
 * | any | it is aborted | gone; one that is queued is never listed |
 * | any | there are too many requests, or answers hold too much | gone, if it is the oldest |
 */

import { randomUUID } from 'node:crypto';
import type { ListingJob, ListingPool, ListingResult } from '../listing/listing-pool.ts';

/** Null: the listener shows no identity, so everybody is the same. */
export type Owner = string | null;

/** Where a request has got to; null: there is none with that token, or it is somebody else's. */
export type RequestState =
  | { kind: 'queued' }
  | { kind: 'in-progress' }
  | { kind: 'done'; result: ListingResult }
  | null;

export type ListingRequests = {
  /** The token of the new request. */
  submit(job: ListingJob, owner: Owner): string;
  /** A request that is done is gone with this. */
  ask(token: string, owner: Owner): RequestState;
  /** False: as null of {@link RequestState}. */
  abort(token: string, owner: Owner): boolean;
};

export type RequestLimits = {
  /** Requests at once: more than clients that can be connected. */
  requests: number;
  /** Bytes of the answers that wait to be asked after; the newest is kept even if it alone is larger. */
  answerBytes: number;
};

const LIMITS: RequestLimits = { requests: 100_000, answerBytes: 256 * 1024 * 1024 };

type Request = { owner: Owner; state: NonNullable<RequestState>; withdraw: () => void };

export function createListingRequests(pool: ListingPool, limits: RequestLimits = LIMITS): ListingRequests {
  const requests = new Map<string, Request>();
  /** Bytes of the answers that wait, by token, the oldest first. */
  const waiting = new Map<string, number>();
  let waitingBytes = 0;

  const forget = (token: string): void => {
    requests.get(token)?.withdraw();
    requests.delete(token);
    waitingBytes -= waiting.get(token) ?? 0;
    waiting.delete(token);
  };

  const keepAnswer = (token: string, request: Request, result: ListingResult): void => {
    if (!requests.has(token)) return;
    request.state = { kind: 'done', result };
    const bytes = 'body' in result ? result.body.length : 0;
    waiting.set(token, bytes);
    waitingBytes += bytes;
    while (waitingBytes > limits.answerBytes && waiting.size > 1) forget(waiting.keys().next().value as string);
  };

  /** Of another owner it is as if it did not exist. */
  const find = (token: string, owner: Owner): Request | null => {
    const request = requests.get(token);
    return request === undefined || request.owner !== owner ? null : request;
  };

  return {
    submit(job, owner) {
      // Nobody can guess it, and none is used again after a restart.
      const token = randomUUID();
      const request: Request = { owner, state: { kind: 'queued' }, withdraw() {} };
      requests.set(token, request);
      if (requests.size > limits.requests) forget(requests.keys().next().value as string);
      request.withdraw = pool.submit(
        job,
        (result) => keepAnswer(token, request, result),
        () => {
          request.state = { kind: 'in-progress' };
        },
      );
      return token;
    },
    ask(token, owner) {
      const request = find(token, owner);
      if (request === null) return null;
      if (request.state.kind === 'done') forget(token);
      return request.state;
    },
    abort(token, owner) {
      const request = find(token, owner);
      if (request === null) return false;
      forget(token);
      return true;
    },
  };
}
