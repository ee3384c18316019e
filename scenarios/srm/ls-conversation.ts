/**
 * How one srmLs goes on until it has ended, by gfal's rules: a queued request is asked after, a listing too long for one answer
 * is asked for page by page.
 *
 * | request | its answer | what follows |
 * | --- | --- | --- |
 * | any | SRM_REQUEST_QUEUED or _INPROGRESS, and a token is known | poll: srmStatusOfLsRequest after 500, 500, 1000, 2000, … 5000 ms |
 * | any | the same, no token | ended: that status |
 * | whole listing | SRM_TOO_MANY_RESULTS with details | page: the first {@link PAGE_ENTRIES} entries |
 * | whole listing | SRM_TOO_MANY_RESULTS without details | ended: that status |
 * | a page | all right, and as many entries as were asked for | page: the next |
 * | a page | all right, fewer entries | ended: by the sum of all pages' entries |
 * | a page | all right, more entries: the service doesn't page, and would be asked for ever | ended: `status/entry-count` |
 * | any | anything else: bad path, fault, any other status, SRM_TOO_MANY_RESULTS to a page | ended: that outcome |
 *
 * A poll stands for the request that it asks after, so its answer is judged as that one's; polls of each page start anew at 500 ms.
 * gfal tries again after SRM_INTERNAL_ERROR; for us it is an end, since we measure what the service does. The same goes for
 * a bad path in a page, so that the last answer alone decides the outcome, on both sides of the wire.
 * Nothing here bounds how long a conversation lasts: its caller's deadline does.
 */

import type { Outcome } from '../../foundation/outcome.ts';
import { type LsAnswer, decideLsOutcome } from './ls-answer.ts';
import { LS_SOAP_ACTION, STATUS_OF_LS_SOAP_ACTION } from './wire.ts';
import { type LsPage, type LsRequest, writeLsRequest, writeStatusOfLsRequest } from './write-request.ts';

/** Entries that one page is asked for, as gfal does. */
export const PAGE_ENTRIES = 1000;

const FIRST_PAGE = { offset: 0, count: PAGE_ENTRIES };

/** Waits before the first, second, … poll; all later ones wait as long as the last of these. */
const POLL_DELAYS_MS = [500, 500, 1000, 2000, 3500, 5000];

/** The next request of a conversation: the value of its SOAPAction header, and its body. */
export type LsAsk = { soapAction: string; body: Buffer };

export type LsTurn =
  | { kind: 'ended'; outcome: Outcome }
  /** `afterMs`: from the last byte of the answer to the next request. */
  | { kind: 'ask'; ask: LsAsk; afterMs: number; because: 'poll' | 'page' };

export type LsConversation = {
  /** The first request; whatever was under way is forgotten. */
  begin(): LsAsk;
  /** What follows the answer to the request that was asked last. */
  hear(answer: LsAnswer): LsTurn;
};

export type LsConversationOptions = Pick<LsRequest, 'surls' | 'detail' | 'levels'> & {
  /** Another number of entries is the outcome `status/entry-count`; null: not looked at. */
  expectEntries: number | null;
};

/** What an answer was asked by, as far as it decides how to go on. */
type Asked = {
  /** Entries that the srmLs asked for, also when the answer is one to a poll of it; null: all. */
  count: number | null;
  /** The token of the poll; null or left out: the answer is one to an srmLs. */
  requestToken?: string | null;
};

type Step = { kind: 'poll'; requestToken: string } | typeof TO_PAGE | typeof TO_END;

/** Most operations end well at their first answer: for those nothing is made anew. */
const TO_PAGE = { kind: 'page' } as const;
const TO_END = { kind: 'end' } as const;
const ENDED_WELL: LsTurn = { kind: 'ended', outcome: 'ok' };

/** What has been heard so far. */
type Progress = {
  /** Null: the whole listing is asked for. */
  page: LsPage | null;
  requestToken: string | null;
  /** Of the whole listing or of this page. */
  polls: number;
  /** On the pages before this one. */
  entriesBefore: number;
};

const NOTHING_HEARD: Progress = { page: null, requestToken: null, polls: 0, entriesBefore: 0 };

/** Conversations about one listing; they share its first request. */
export function prepareLsConversations(options: LsConversationOptions): () => LsConversation {
  const { expectEntries, ...listing } = options;
  const asked: Listing = { listing, expectEntries, whole: prepareLs(listing) };
  return () => new Conversation(asked);
}

type Listing = {
  listing: Omit<LsConversationOptions, 'expectEntries'>;
  expectEntries: number | null;
  /** The request for the whole listing. */
  whole: LsAsk;
};

class Conversation implements LsConversation {
  readonly #asked: Listing;
  #progress = NOTHING_HEARD;

  constructor(asked: Listing) {
    this.#asked = asked;
  }

  begin(): LsAsk {
    this.#progress = NOTHING_HEARD;
    return this.#asked.whole;
  }

  hear(answer: LsAnswer): LsTurn {
    const { page, requestToken } = this.#progress;
    const step = decideStep(answer, { count: page?.count ?? null, requestToken });
    if (step.kind === 'poll') return this.#poll(step.requestToken);
    return step.kind === 'page' && answer.kind === 'ls' ? this.#turnPage(answer.entries) : this.#end(answer);
  }

  #poll(requestToken: string): LsTurn {
    const { polls } = this.#progress;
    const afterMs = POLL_DELAYS_MS[Math.min(polls, POLL_DELAYS_MS.length - 1)] ?? 0;
    this.#progress = { ...this.#progress, requestToken, polls: polls + 1 };
    const ask = { soapAction: STATUS_OF_LS_SOAP_ACTION, body: Buffer.from(writeStatusOfLsRequest(requestToken)) };
    return { kind: 'ask', ask, afterMs, because: 'poll' };
  }

  #turnPage(entriesOfPage: number): LsTurn {
    const { page, entriesBefore } = this.#progress;
    const next = page === null ? FIRST_PAGE : { ...page, offset: page.offset + page.count };
    // What a listing too long for one answer held comes again in the pages.
    const entries = page === null ? 0 : entriesBefore + entriesOfPage;
    this.#progress = { ...NOTHING_HEARD, page: next, entriesBefore: entries };
    return { kind: 'ask', ask: prepareLs({ ...this.#asked.listing, page: next }), afterMs: 0, because: 'page' };
  }

  #end(answer: LsAnswer): LsTurn {
    const { page, entriesBefore } = this.#progress;
    const { expectEntries } = this.#asked;
    const whole =
      answer.kind === 'ls' && entriesBefore > 0 ? { ...answer, entries: entriesBefore + answer.entries } : answer;
    const outcome = decideLsOutcome(whole, { expectEntries });
    const overfull = page !== null && answer.kind === 'ls' && answer.longestListing > page.count;
    if (outcome === 'ok' && !overfull) return ENDED_WELL;
    return { kind: 'ended', outcome: outcome === 'ok' ? 'status/entry-count' : outcome };
  }
}

/** Whether a client that follows these rules asks again after this answer: for a server, the operation isn't over then. */
export function expectsMore(answer: LsAnswer, asked: Asked): boolean {
  return decideStep(answer, asked).kind !== 'end';
}

function decideStep(answer: LsAnswer, { count, requestToken = null }: Asked): Step {
  if (answer.kind === 'fault') return TO_END;
  const { requestStatus, paths, longestListing } = answer;
  switch (requestStatus) {
    case 'SRM_REQUEST_QUEUED':
    case 'SRM_REQUEST_INPROGRESS': {
      const token = answer.requestToken ?? requestToken;
      return token === null ? TO_END : { kind: 'poll', requestToken: token };
    }
    case 'SRM_TOO_MANY_RESULTS':
      return count === null && paths > 0 ? TO_PAGE : TO_END;
    default: {
      const good = decideLsOutcome(answer, { expectEntries: null }) === 'ok';
      return good && longestListing > 0 && longestListing === count ? TO_PAGE : TO_END;
    }
  }
}

function prepareLs(request: LsRequest): LsAsk {
  return { soapAction: LS_SOAP_ACTION, body: Buffer.from(writeLsRequest(request)) };
}
