import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createAuthorizer } from '../../../frontend/authorization/create-authorizer.ts';
import type { Modes } from '../../../frontend/requests/modes.ts';
import type { LsAnswer } from '../../../scenarios/srm/ls-answer.ts';
import { type LsPage, writeLsRequest, writeStatusOfLsRequest } from '../../../scenarios/srm/write-request.ts';
import { converse } from '../converse.ts';
import { makeDirectory } from '../fresh-directory.ts';
import { OBEDIENT_THREAD, makeGate } from '../gated-threads.ts';
import { postLs, postSoap, readLs, writePathRequest } from '../soap-client.ts';
import { startService } from '../start-service.ts';

type FoundLs = Extract<LsAnswer, { kind: 'ls' }>;

/** A directory `/d` of so many empty files. */
function makeFiles(t: ExecutionContext, count: number): string {
  const root = makeDirectory(t, { 'd/f0': '' });
  for (let index = 1; index < count; index += 1) writeFileSync(join(root, 'd', `f${index}`), '');
  return root;
}

function pageRequest(page: Partial<LsPage>, ...paths: string[]): string {
  const surls = paths.map((path) => `srm://localhost/srm/v2/server?SFN=${path}`);
  return writeLsRequest({ surls, detail: 'brief', levels: 1, page: { offset: 0, count: 0, ...page } });
}

const withoutCount = (offset: number): string => pageRequest({ offset }, '/d').replace('<count>0</count>', '');

async function askLs(url: string, body: string): Promise<FoundLs> {
  const answer = readLs(await postSoap(url, body));
  if (answer.kind === 'fault') throw new Error(answer.text);
  return answer;
}

const MODES: Partial<Modes>[] = [];
for (const answers of ['inline', 'multiref'] as const) {
  for (const asynchronous of [false, true]) {
    for (const mostEntries of [null, 5000, 7]) MODES.push({ answers, asynchronous, mostEntries });
  }
}

for (const modes of MODES) {
  const { asynchronous, mostEntries } = modes;
  test(`our client gets the whole listing: ${JSON.stringify(modes)}`, async (t) => {
    const { url } = await startService(t, { root: makeFiles(t, 1200), modes });
    const operation = { path: '/d', prefix: 'c/x/1/0/', sequence: 0, expectEntries: 1200 };
    const { outcome, polls, pages } = await converse(url, operation);
    t.is(outcome, 'ok');
    t.is(pages, mostEntries === 7 ? 2 : 0);
    t.is(polls > 0, asynchronous === true);
    t.is((await converse(url, { ...operation, path: '/none', sequence: 1 })).outcome, 'status/SRM_INVALID_PATH');
  });
}

test('multiref answers are made of structures that refer to each other', async (t) => {
  const { url } = await startService(t, { files: { 'd/f': '' }, modes: { answers: 'multiref' } });
  const { xml } = await postSoap(url, writePathRequest('/d'));
  t.regex(xml, /<srmLsResponse href="#id0"\/>/);
  t.like(await postLs(url, '/d'), { entries: 1, requestStatus: 'SRM_SUCCESS' });
});

test('a queued request is asked after with its token until it is done, once', async (t) => {
  const { gate, openGate } = makeGate(t);
  const service = await startService(t, { root: gate, threadFile: OBEDIENT_THREAD, modes: { asynchronous: true } });
  const submit = async (command: string): Promise<string> => {
    const body = writeLsRequest({ surls: [command], detail: 'brief', levels: 1 });
    const { requestStatus, requestToken, paths } = await askLs(service.url, body);
    t.deepEqual([requestStatus, paths], ['SRM_REQUEST_QUEUED', 0]);
    return requestToken as string;
  };
  const [first, second] = [await submit('wait'), await submit('second')];
  const status = async (token: string): Promise<string> =>
    (await askLs(service.url, writeStatusOfLsRequest(token))).requestStatus;
  t.is(await status(first), 'SRM_REQUEST_INPROGRESS');
  t.is(await status(second), 'SRM_REQUEST_QUEUED');
  openGate();
  let xml = '';
  while (xml !== 'second') ({ xml } = await postSoap(service.url, writeStatusOfLsRequest(second)));
  t.is(await status(second), 'SRM_INVALID_REQUEST');
  t.is((await postSoap(service.url, writeStatusOfLsRequest(first))).xml, 'wait');
  t.is(await status('no such token'), 'SRM_INVALID_REQUEST');
});

test('a status answer is one to the status request, without a token', async (t) => {
  const { url } = await startService(t, { files: { 'd/f': '' }, modes: { asynchronous: true } });
  const { requestToken } = await askLs(url, writePathRequest('/d'));
  let xml = '';
  do ({ xml } = await postSoap(url, writeStatusOfLsRequest(requestToken as string)));
  while (!xml.includes('SRM_SUCCESS'));
  t.true(xml.includes('<srmStatusOfLsRequestResponse>'), xml);
  t.false(xml.includes('requestToken'), xml);
});

const writeAbort = (token: string): string =>
  writeStatusOfLsRequest(token).replaceAll('srmStatusOfLsRequest', 'srmAbortRequest');

test('an aborted request is gone', async (t) => {
  const { url } = await startService(t, { modes: { asynchronous: true } });
  const { requestToken } = await askLs(url, writePathRequest('/'));
  const token = requestToken as string;
  const { xml } = await postSoap(url, writeAbort(token));
  t.regex(xml, /<srmAbortRequestResponse><returnStatus><statusCode>SRM_SUCCESS</);
  t.is((await askLs(url, writeStatusOfLsRequest(token))).requestStatus, 'SRM_INVALID_REQUEST');
  t.regex((await postSoap(url, writeAbort(token))).xml, /<statusCode>SRM_INVALID_REQUEST</);
});

test('a token is of use only to the identity that has it', async (t) => {
  const gridMapfile = join(makeDirectory(t, { map: '"/CN=a" a\n"/CN=b" b\n' }), 'map');
  let identity = '/CN=a';
  const { url } = await startService(t, {
    modes: { asynchronous: true },
    authorizer: createAuthorizer({ gridMapfile }),
    peerOf: () => ({ identity }),
  });
  const { requestToken } = await askLs(url, writePathRequest('/'));
  const token = requestToken as string;
  identity = '/CN=b';
  t.is((await askLs(url, writeStatusOfLsRequest(token))).requestStatus, 'SRM_INVALID_REQUEST');
  t.regex((await postSoap(url, writeAbort(token))).xml, /<statusCode>SRM_INVALID_REQUEST</);
  identity = '/CN=a';
  t.not((await askLs(url, writeStatusOfLsRequest(token))).requestStatus, 'SRM_INVALID_REQUEST');
});

test('a directory with too many entries is listed only by pages', async (t) => {
  const root = makeFiles(t, 8);
  const { url } = await startService(t, { root, modes: { mostEntries: 7 } });
  const tooMany = await askLs(url, writePathRequest('/d'));
  t.like(tooMany, {
    requestStatus: 'SRM_TOO_MANY_RESULTS',
    paths: 1,
    entries: 0,
    firstBadPath: { path: '/d', status: 'SRM_TOO_MANY_RESULTS' },
  });
  const mixed = await askLs(url, writePathRequest('/', '/d'));
  t.like(mixed, { requestStatus: 'SRM_TOO_MANY_RESULTS', paths: 2, entries: 1 });
  const entriesOf = async (page: Partial<LsPage>): Promise<string[]> => {
    const { xml } = await postSoap(url, pageRequest(page, '/d'));
    t.true(xml.includes('<srmLsResponse><returnStatus><statusCode>SRM_SUCCESS</'), xml);
    return [...xml.matchAll(/<path>\/d\/(f\d+)</g)].map(([, name]) => name as string);
  };
  const all = await entriesOf({ count: 1000 });
  t.deepEqual(
    all.toSorted(),
    Array.from({ length: 8 }, (_, index) => `f${index}`),
  );
  t.deepEqual(await entriesOf({ count: 3 }), all.slice(0, 3));
  t.deepEqual(await entriesOf({ offset: 3, count: 3 }), all.slice(3, 6));
  t.deepEqual(await entriesOf({ offset: 6, count: 3 }), all.slice(6));
  t.deepEqual(await entriesOf({ offset: 8, count: 3 }), []);
  t.deepEqual(await entriesOf({ offset: 2 ** 31 - 1, count: 2 ** 31 - 1 }), []);
  t.deepEqual(await entriesOf({ count: 0 }), []);
});

test('an offset alone is subject to the limit for what is left', async (t) => {
  const { url } = await startService(t, { root: makeFiles(t, 8), modes: { mostEntries: 7 } });
  t.like(await askLs(url, withoutCount(1)), { requestStatus: 'SRM_SUCCESS', entries: 7 });
  t.like(await askLs(url, withoutCount(0)), { requestStatus: 'SRM_TOO_MANY_RESULTS', entries: 0 });
});

test('a page of less than nothing is an invalid request', async (t) => {
  const { url } = await startService(t, { root: makeFiles(t, 2), modes: { mostEntries: 7 } });
  for (const page of [{ offset: -1, count: 1 }, { count: -1 }]) {
    t.like(await askLs(url, pageRequest(page, '/d')), { requestStatus: 'SRM_INVALID_REQUEST', paths: 0 });
  }
});

test('without a limit offset and count are ignored, whatever they are', async (t) => {
  const { url } = await startService(t, { root: makeFiles(t, 8) });
  for (const page of [{ offset: -1, count: -5 }, { offset: 3, count: 2 }, { count: 0 }]) {
    t.like(await askLs(url, pageRequest(page, '/d')), { requestStatus: 'SRM_SUCCESS', entries: 8 });
  }
});

test('the limit counts what is directly in a path asked for', async (t) => {
  const { url } = await startService(t, { root: makeFiles(t, 8), modes: { mostEntries: 7 } });
  const deep = writeLsRequest({ surls: ['srm://h/'], detail: 'brief', levels: 2 });
  t.like(await askLs(url, deep), { requestStatus: 'SRM_SUCCESS', entries: 9 });
  const itself = writeLsRequest({ surls: ['srm://h/d'], detail: 'brief', levels: 0 });
  t.like(await askLs(url, itself), { requestStatus: 'SRM_SUCCESS', entries: 0 });
});
