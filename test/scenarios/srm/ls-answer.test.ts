import test, { type ExecutionContext } from 'ava';
import { type LsAnswer, decideLsOutcome } from '../../../scenarios/srm/ls-answer.ts';

const good: LsAnswer = {
  kind: 'ls',
  requestStatus: 'SRM_SUCCESS',
  explanation: null,
  requestToken: null,
  paths: 1,
  entries: 10,
  longestListing: 10,
  firstBadPath: null,
};
const badPath = { path: '/d/f', status: 'SRM_INVALID_PATH' };

function hasOutcome(t: ExecutionContext, answer: LsAnswer, expectEntries: number | null, outcome: string): void {
  t.is(decideLsOutcome(answer, { expectEntries }), outcome);
}
test('all right is ok', hasOutcome, good, 10, 'ok');
test('entries are counted only when a number is expected', hasOutcome, good, null, 'ok');
test('none expected and some there is a wrong number', hasOutcome, good, 0, 'status/entry-count');
test('one entry too few is a wrong number', hasOutcome, good, 11, 'status/entry-count');
test(
  'a bad path spoils a successful request',
  hasOutcome,
  { ...good, firstBadPath: badPath },
  10,
  'status/SRM_INVALID_PATH',
);
test(
  'a bad path says more than the failed request',
  hasOutcome,
  { ...good, requestStatus: 'SRM_FAILURE', firstBadPath: badPath },
  10,
  'status/SRM_INVALID_PATH',
);
test(
  'a failed request without a bad path has its own status',
  hasOutcome,
  { ...good, requestStatus: 'SRM_FAILURE' },
  10,
  'status/SRM_FAILURE',
);
test(
  'a queued request is no success',
  hasOutcome,
  { ...good, requestStatus: 'SRM_REQUEST_QUEUED', entries: 0 },
  null,
  'status/SRM_REQUEST_QUEUED',
);
test('a fault is a fault', hasOutcome, { kind: 'fault', code: 'soapenv:Server', text: 'x' }, null, 'status/soap-fault');
