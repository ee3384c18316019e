import { setImmediate } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { startListingPool } from '../../../frontend/listing/listing-pool.ts';
import {
  type ListingRequests,
  type RequestLimits,
  type RequestState,
  createListingRequests,
} from '../../../frontend/requests/listing-requests.ts';
import { OBEDIENT_THREAD, makeGate } from '../gated-threads.ts';

const AMPLE: RequestLimits = { requests: 1000, answerBytes: 1e6 };

async function start(t: ExecutionContext, limits = AMPLE) {
  const { gate, openGate } = makeGate(t);
  const pool = await startListingPool(OBEDIENT_THREAD, { realRoot: gate, checksums: false }, 1);
  t.teardown(async () => {
    openGate();
    await pool.close();
  });
  const requests = createListingRequests(pool, limits);
  const submit = (command: string, owner: string | null = null): string =>
    requests.submit(
      {
        surls: [command],
        detail: 'brief',
        levels: 1,
        paging: null,
        style: { form: 'inline', operation: 'srmStatusOfLsRequest', count: null },
      },
      owner,
    );
  return { requests, submit, openGate };
}

/** Its answer, or null when there is no such request. */
async function awaitAnswer(
  requests: ListingRequests,
  token: string,
  owner: string | null = null,
): Promise<string | null> {
  for (;;) {
    const state: RequestState = requests.ask(token, owner);
    if (state === null) return null;
    if (state.kind === 'done')
      return 'body' in state.result ? new TextDecoder().decode(state.result.body) : state.result.failure;
    await setImmediate();
  }
}

test('a request is queued, in progress, done, and gone once it was asked after', async (t) => {
  const { requests, submit, openGate } = await start(t);
  const first = submit('wait');
  const second = submit('second');
  t.deepEqual(requests.ask(first, null), { kind: 'in-progress' });
  t.deepEqual(requests.ask(second, null), { kind: 'queued' });
  openGate();
  t.is(await awaitAnswer(requests, second), 'second');
  t.is(await awaitAnswer(requests, first), 'wait');
  t.is(requests.ask(first, null), null);
  t.is(requests.ask(second, null), null);
});

test('a request exists only for the identity that made it', async (t) => {
  const { requests, submit } = await start(t);
  const token = submit('a', '/CN=a');
  for (const other of ['/CN=b', null]) {
    t.is(requests.ask(token, other), null);
    t.false(requests.abort(token, other));
  }
  t.is(await awaitAnswer(requests, token, '/CN=a'), 'a');
});

test('an aborted request is gone; one that was queued is never listed', async (t) => {
  const { requests, submit, openGate } = await start(t);
  const running = submit('wait');
  const queued = submit('die');
  const last = submit('last');
  t.true(requests.abort(queued, null));
  t.true(requests.abort(running, null));
  t.false(requests.abort(running, null));
  t.is(requests.ask(running, null), null);
  openGate();
  t.is(await awaitAnswer(requests, last), 'last');
  t.is(requests.ask(running, null), null);
});

test('of too many requests the oldest is gone, and is not listed', async (t) => {
  const { requests, submit, openGate } = await start(t, { ...AMPLE, requests: 3 });
  const tokens = ['wait', 'die', 'b', 'c', 'd'].map((command) => submit(command));
  openGate();
  t.deepEqual(await Promise.all(tokens.map((token) => awaitAnswer(requests, token))), [null, null, 'b', 'c', 'd']);
});

test('of too many bytes that wait the oldest answers are gone, the newest never', async (t) => {
  const { requests, submit } = await start(t, { ...AMPLE, answerBytes: 10 });
  const tokens = ['aaaa', 'bbbb', 'cccc', 'd'.repeat(50)].map((command) => submit(command));
  const after = submit('wait');
  // The one thread takes them in turn: those before it are done.
  while (requests.ask(after, null)?.kind !== 'in-progress') await setImmediate();
  t.deepEqual(await Promise.all(tokens.slice(0, 3).map((token) => awaitAnswer(requests, token))), [null, null, null]);
  t.is(await awaitAnswer(requests, tokens[3] as string), 'd'.repeat(50));
});

test('a failed listing is an answer', async (t) => {
  const { requests, submit } = await start(t);
  t.is(await awaitAnswer(requests, submit('die')), 'the listing thread died: it ended by itself');
});
