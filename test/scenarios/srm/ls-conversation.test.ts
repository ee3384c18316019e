import test, { type ExecutionContext } from 'ava';
import type { LsAnswer } from '../../../scenarios/srm/ls-answer.ts';
import {
  type LsConversation,
  type LsTurn,
  PAGE_ENTRIES,
  prepareLsConversations,
  expectsMore,
} from '../../../scenarios/srm/ls-conversation.ts';
import { type SrmRequest, readSrmRequest } from '../../../scenarios/srm/read-request.ts';

const listing = { surls: ['srm://h:8443/srm?SFN=/d'], detail: 'full', levels: 1 } as const;
const converse = (expectEntries: number | null = null): LsConversation =>
  prepareLsConversations({ ...listing, expectEntries })();

const done = {
  kind: 'ls',
  requestStatus: 'SRM_SUCCESS',
  explanation: null,
  requestToken: null,
  paths: 1,
  entries: 10,
  longestListing: 10,
  firstBadPath: null,
} satisfies LsAnswer;
const empty = { ...done, paths: 0, entries: 0, longestListing: 0 };
const queued = { ...empty, requestStatus: 'SRM_REQUEST_QUEUED', requestToken: 'ls:1' };
const inProgress = { ...empty, requestStatus: 'SRM_REQUEST_INPROGRESS' };
const tooMany = {
  ...done,
  requestStatus: 'SRM_TOO_MANY_RESULTS',
  firstBadPath: { path: '/d', status: 'SRM_TOO_MANY_RESULTS' },
};
const fault = { kind: 'fault', code: 'Server', text: 'x' } satisfies LsAnswer;
const page = (entries: number): LsAnswer => ({ ...done, entries, longestListing: entries });
const badPath = { path: '/d/f', status: 'SRM_FILE_LOST' };

function asked(turn: LsTurn): SrmRequest {
  if (turn.kind === 'ended') throw new Error(`ended with ${turn.outcome}`);
  return readSrmRequest(turn.ask.body);
}

function endsWith(
  t: ExecutionContext,
  answers: LsAnswer[],
  outcome: string,
  expectEntries: number | null = null,
): void {
  const conversation = converse(expectEntries);
  conversation.begin();
  const turns = answers.map((answer) => conversation.hear(answer));
  t.deepEqual(turns.at(-1), { kind: 'ended', outcome });
  t.true(turns.slice(0, -1).every(({ kind }) => kind === 'ask'));
}
test('a whole answer ends the conversation', endsWith, [done], 'ok', 10);
test('a wrong number of entries is told', endsWith, [done], 'status/entry-count', 11);
test('a fault ends it', endsWith, [fault], 'status/soap-fault');
test(
  'a busy service is not asked again',
  endsWith,
  [{ ...empty, requestStatus: 'SRM_INTERNAL_ERROR' }],
  'status/SRM_INTERNAL_ERROR',
);
test('queued without a token is an end', endsWith, [{ ...queued, requestToken: null }], 'status/SRM_REQUEST_QUEUED');
test('a queued request ends with the listing that comes at last', endsWith, [queued, inProgress, done], 'ok', 10);
test('a queued request may fail', endsWith, [queued, { ...empty, requestStatus: 'SRM_ABORTED' }], 'status/SRM_ABORTED');
test('too many results without details is an end', endsWith, [{ ...tooMany, paths: 0 }], 'status/SRM_TOO_MANY_RESULTS');
test('too many results for a page is an end', endsWith, [tooMany, tooMany], 'status/SRM_TOO_MANY_RESULTS');
test(
  'entries add up over pages, those before the first page do not count',
  endsWith,
  [tooMany, page(1000), page(7)],
  'ok',
  1007,
);
test('the listing of 2000 ends with a page of none', endsWith, [tooMany, page(1000), page(1000), page(0)], 'ok', 2000);
test('one entry too few over all pages is told', endsWith, [tooMany, page(1000), page(6)], 'status/entry-count', 1007);
test(
  'a bad path in a page decides',
  endsWith,
  [tooMany, { ...page(1000), kind: 'ls', firstBadPath: badPath } as LsAnswer],
  'status/SRM_FILE_LOST',
);
test('a service that does not page is not asked for ever', endsWith, [tooMany, page(5000)], 'status/entry-count', 5000);
test('pages may be queued', endsWith, [queued, tooMany, queued, page(1000), queued, inProgress, page(1)], 'ok', 1001);

test('polls wait 500, 500, 1000, 2000, 3500 and then 5000 ms, anew for every page', (t) => {
  const conversation = converse();
  const pollDelays = (polls: number): number[] =>
    Array.from({ length: polls }, () => {
      const turn = conversation.hear(queued);
      return turn.kind === 'ask' && turn.because === 'poll' ? turn.afterMs : Number.NaN;
    });
  conversation.begin();
  t.deepEqual(pollDelays(8), [500, 500, 1000, 2000, 3500, 5000, 5000, 5000]);
  t.like(conversation.hear(tooMany), { because: 'page', afterMs: 0 });
  t.deepEqual(pollDelays(3), [500, 500, 1000]);
});

test('a poll asks by the token that came last, and by itself', (t) => {
  const conversation = converse();
  conversation.begin();
  const poll = conversation.hear(queued);
  t.like(poll, { because: 'poll', ask: { soapAction: '"StatusOfLsRequest"' } });
  t.like(asked(poll), { kind: 'status-of-ls', requestToken: 'ls:1' });
  t.like(asked(conversation.hear(inProgress)), { requestToken: 'ls:1' });
  t.like(asked(conversation.hear({ ...inProgress, requestToken: 'a&b' })), { requestToken: 'a&b' });
});

test('a token of an earlier page is none for a later one', (t) => {
  const conversation = converse();
  conversation.begin();
  for (const answer of [queued, tooMany]) conversation.hear(answer);
  t.deepEqual(conversation.hear(inProgress), { kind: 'ended', outcome: 'status/SRM_REQUEST_INPROGRESS' });
});

test('pages are asked for by growing offsets', (t) => {
  const conversation = converse();
  t.like(readSrmRequest(conversation.begin().body), { offset: null, count: null });
  const first = conversation.hear(tooMany);
  t.like(first, { because: 'page', ask: { soapAction: '"Ls"' } });
  t.like(asked(first), { ...listing, surls: [...listing.surls], offset: null, count: PAGE_ENTRIES });
  t.like(asked(conversation.hear(page(PAGE_ENTRIES))), { offset: 1000, count: PAGE_ENTRIES });
  t.like(asked(conversation.hear(page(PAGE_ENTRIES))), { offset: 2000, count: PAGE_ENTRIES });
});

test('a conversation that begins anew knows nothing of the last one', (t) => {
  const conversation = converse(3);
  const first = conversation.begin();
  for (const answer of [tooMany, page(1000), queued]) conversation.hear(answer);
  t.is(conversation.begin(), first);
  t.like(conversation.hear(queued), { afterMs: 500 });
  t.deepEqual(conversation.hear(page(3)), { kind: 'ended', outcome: 'ok' });
});

function expects(t: ExecutionContext, answer: LsAnswer, by: Parameters<typeof expectsMore>[1], more: boolean): void {
  t.is(expectsMore(answer, by), more);
}
test('a server expects no more after a whole answer', expects, done, { count: null }, false);
test('a server expects a poll after a token', expects, queued, { count: null }, true);
test('a server expects no poll without a token', expects, inProgress, { count: null }, false);
test('a server expects a poll after a poll', expects, inProgress, { count: null, requestToken: 'ls:1' }, true);
test('a server expects pages after too many results', expects, tooMany, { count: null }, true);
test('a server expects no page after too many results of a page', expects, tooMany, { count: 1000 }, false);
test('a server expects the next page after a full one', expects, page(7), { count: 7 }, true);
test('a server expects no page after one that was not full', expects, page(6), { count: 7 }, false);
test('a server expects no page after an empty one', expects, page(0), { count: 0 }, false);
test('a server expects nothing after a fault', expects, fault, { count: null }, false);
