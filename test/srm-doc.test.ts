/** docs/srm.md says what GlideTester does: its tables against the code, and against a client over httpg. */

import test from 'ava';
import { machineClock } from '../foundation/clock.ts';
import { type Outcome, outcomeClassOf } from '../foundation/outcome.ts';
import { createConnectionCounts } from '../foundation/connection-counts.ts';
import { performOnce } from '../scenarios/perform-once.ts';
import type { ClientFacts } from '../scenarios/scenario.ts';
import { type LsAnswer, decideLsOutcome } from '../scenarios/srm/ls-answer.ts';
import { prepareLsConversations } from '../scenarios/srm/ls-conversation.ts';
import { SRM_STATUS_CODES, SRM_SUCCESS } from '../scenarios/srm/wire.ts';
import { testCertificates } from './support/certificates.ts';
import { secureTarget, testSecurity } from './support/secure-server.ts';
import { startStatusService } from './support/status-service.ts';
import { OTHER_ENDS, readOtherEndsTable, readStatusTable } from './support/status-service-doc.ts';

const ANSWER_TIMEOUT_MS = 500;

/** An answer with one file, all right but for what is given. */
function lsAnswer(given: Partial<Extract<LsAnswer, { kind: 'ls' }>>): LsAnswer {
  const nothing = { explanation: null, requestToken: null, entries: 0, longestListing: 0, firstBadPath: null };
  return { kind: 'ls', requestStatus: SRM_SUCCESS, paths: 1, ...nothing, ...given };
}

/** What follows when everything that could make us ask again is there. */
function whatFollows(requestStatus: string): string {
  const conversation = prepareLsConversations({
    surls: ['srm://h/d'],
    detail: 'full',
    levels: 1,
    expectEntries: null,
  })();
  conversation.begin();
  const turn = conversation.hear(lsAnswer({ requestStatus, requestToken: 'token' }));
  if (turn.kind === 'ended') return 'ends';
  return turn.because === 'poll' ? 'asks after it, given a token' : 'asks page by page, given details';
}

function whoIsCharged(outcome: Outcome): string {
  const outcomeClass = outcomeClassOf(outcome);
  if (outcomeClass === 'ok') return 'nobody';
  return outcomeClass === 'local' ? 'us' : 'service';
}

/** One operation of a real client; its outcome. */
async function list(port: number, path: string): Promise<Outcome> {
  const { user } = await testCertificates();
  const timeoutsMs = { connect: 20_000, handshake: 20_000, answer: path === '/hang' ? ANSWER_TIMEOUT_MS : 20_000 };
  const context: ClientFacts = {
    target: secureTarget(port, await testSecurity(), { timeoutsMs }),
    labels: null,
    client: 0,
    credential: user,
    sourceAddresses: [],
    connections: createConnectionCounts(),
  };
  const spec = { kind: 'srm-ls', directory: path, detail: 'full', levels: 1, expectEntries: null };
  return (await performOnce(machineClock, spec, context)).outcome;
}

test('docs/srm.md lists every status code of SRM v2.2, in the order of its WSDL', (t) => {
  t.deepEqual(
    readStatusTable().map(({ status }) => status),
    [...SRM_STATUS_CODES],
  );
});

test("docs/srm.md says of every status code what our conversation makes of it, as a request's and as a path's", (t) => {
  for (const { status, ours } of readStatusTable()) {
    const outcome = decideLsOutcome(lsAnswer({ requestStatus: status }), { expectEntries: null });
    const ofPath = lsAnswer({ firstBadPath: { path: '/d', status } });
    t.deepEqual(ours, [outcome, whatFollows(status), whoIsCharged(outcome)], status);
    if (status !== SRM_SUCCESS) t.is(decideLsOutcome(ofPath, { expectEntries: null }), outcome, status);
  }
});

test('a client over httpg ends with the outcome that docs/srm.md gives for every status code', async (t) => {
  const service = await startStatusService(t);
  for (const { status, ours } of readStatusTable()) {
    for (const kind of ['request', 'path', 'entry']) {
      t.is(await list(service.port, `/${kind}/${status}`), ours[0] as string, `${status} of the ${kind}`);
    }
    t.deepEqual(service.askedAbout(`/request/${status}`), ['ls'], status);
  }
});

test('docs/srm.md says of everything else that may come what our client makes of it', async (t) => {
  const service = await startStatusService(t);
  for (const { what, ours } of readOtherEndsTable()) {
    const outcome = await list(service.port, OTHER_ENDS[what] as string);
    t.deepEqual(ours, [outcome, whoIsCharged(outcome)], what);
  }
});
