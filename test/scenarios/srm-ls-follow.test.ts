/** srmLs that takes several answers, over real connections: what the service is asked, and what the record says. */

import test, { type ExecutionContext } from 'ava';
import type { Exchange } from '../../scenarios/scenario.ts';
import { prepareSrmLs } from '../../scenarios/srm-ls.ts';
import { readSrmRequest } from '../../scenarios/srm/read-request.ts';
import type { LsReply } from '../../scenarios/srm/ls-reply.ts';
import { type AnswerForm, writeLsAnswer } from '../../scenarios/srm/write-answer.ts';
import { lsReply } from '../support/ls-reply.ts';
import { type LoopbackServer, answerBytes, loopbackTarget, startLoopbackServer } from '../support/loopback-server.ts';
import { clientContext, perform } from './http/perform.ts';

const labels = { campaign: 'one-4f', cell: '001-d20-l4-r1', attempt: 2 };
const PAGED_ENTRIES = 2300;

type Asked = ReturnType<typeof readSrmRequest>;

/** A service that answers the n-th request with what `reply` makes of it. */
async function startSrmService(
  t: ExecutionContext,
  reply: (asked: Asked, number: number) => LsReply,
  form: AnswerForm = 'inline',
): Promise<LoopbackServer> {
  const server: LoopbackServer = await startLoopbackServer(t, (socket, { body }) => {
    const asked = readSrmRequest(Buffer.from(body));
    const operation = asked.kind === 'status-of-ls' ? 'srmStatusOfLsRequest' : 'srmLs';
    socket.write(answerBytes(writeLsAnswer(reply(asked, server.requests.length - 1), { form, operation })));
  });
  return server;
}

async function list(server: LoopbackServer, expectEntries: number | null): Promise<Exchange> {
  const spec = { kind: 'srm-ls' as const, directory: '/d', detail: 'full' as const, levels: 1, expectEntries };
  const target = loopbackTarget(server.port, { connection: { perOperation: true } });
  const client = prepareSrmLs(spec)(clientContext(target, { labels, client: 7 }));
  const exchange = await perform({
    wake: (nowMs) => client.wake(nowMs),
    perform: (...rest) => client.perform(3, ...rest),
  });
  client.close();
  return exchange;
}

const pending = (requestStatus: string): LsReply => ({
  requestStatus,
  explanation: null,
  paths: [],
  requestToken: 'ls:17',
});

const headersOf = ({ requests }: LoopbackServer, name: string): (string | undefined)[] =>
  requests.map(({ headers }) => headers[name]);

for (const form of ['inline', 'multiref'] as const) {
  test(`a queued request is asked after until it is done, as one operation (${form})`, async (t) => {
    const replies = [pending('SRM_REQUEST_QUEUED'), pending('SRM_REQUEST_INPROGRESS'), lsReply(5)];
    const server = await startSrmService(t, (_asked, number) => replies[number] as LsReply, form);
    const exchange = await list(server, 5);
    t.like(exchange, { outcome: 'ok', polls: 2, pages: 0 });
    t.deepEqual(headersOf(server, 'soapaction'), ['"Ls"', '"StatusOfLsRequest"', '"StatusOfLsRequest"']);
    const name = 'one-4f/001-d20-l4-r1/2/7/3';
    t.deepEqual(headersOf(server, 'glidetester-operation'), [name, `${name}/1`, `${name}/2`]);
    t.deepEqual(
      server.requests.map(({ connection }) => connection),
      [0, 0, 0],
    );
    t.like(readSrmRequest(Buffer.from(server.requests[2]?.body ?? '')), { requestToken: 'ls:17' });
  });
}

/** `entries` children, all at once only to those that ask for pages. */
function pageOf(asked: Asked, entries: number): LsReply {
  const whole = lsReply(entries);
  const [directory] = whole.paths;
  if (asked.kind !== 'ls' || directory === undefined) throw new Error(`expected an srmLs, got ${asked.kind}`);
  const { count, offset } = asked;
  if (count === null) {
    const paths = [{ ...directory, status: 'SRM_TOO_MANY_RESULTS', subPaths: null }];
    return { requestStatus: 'SRM_TOO_MANY_RESULTS', explanation: null, paths };
  }
  const subPaths = directory.subPaths?.slice(offset ?? 0, (offset ?? 0) + count) ?? null;
  return { ...whole, paths: [{ ...directory, subPaths }] };
}

test('a listing too long for one answer is read page by page, as one operation', async (t) => {
  const server = await startSrmService(t, (asked) => pageOf(asked, PAGED_ENTRIES));
  t.like(await list(server, PAGED_ENTRIES), { outcome: 'ok', polls: 0, pages: 3 });
  t.is(server.requests.length, 4);
  t.like(await list(server, PAGED_ENTRIES - 1), { outcome: 'status/entry-count', pages: 3 });
  t.is(server.connections.length, 2);
});

test('a full last page is followed by an empty one', async (t) => {
  const server = await startSrmService(t, (asked) => pageOf(asked, 2000));
  t.like(await list(server, 2000), { outcome: 'ok', pages: 3 });
});

test('what is over a failure is not followed further', async (t) => {
  const replies = [pending('SRM_REQUEST_QUEUED'), { requestStatus: 'SRM_ABORTED', explanation: null, paths: [] }];
  const server = await startSrmService(t, (_asked, number) => replies[number] as LsReply);
  t.like(await list(server, null), { outcome: 'status/SRM_ABORTED', polls: 1 });
});
