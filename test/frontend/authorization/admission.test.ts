import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import {
  type AuthorizerOptions,
  type CountingAuthorizer,
  createAuthorizer,
} from '../../../frontend/authorization/create-authorizer.ts';
import { writeLsRequest, writePingRequest, writeStatusOfLsRequest } from '../../../scenarios/srm/write-request.ts';
import { makeDirectory } from '../fresh-directory.ts';
import { OBEDIENT_THREAD } from '../gated-threads.ts';
import { awaitCount, postLs, postSoap, readCount, readLs, writePathRequest } from '../soap-client.ts';
import { type StartedService, everybodyIs, startService } from '../start-service.ts';

const LOAD_USER = '/DC=org/DC=example/CN=Load User 001';

async function start(
  t: ExecutionContext,
  identity: string | null,
  options: AuthorizerOptions = {},
): Promise<StartedService & { authorizer: CountingAuthorizer }> {
  const gridMapfile = join(makeDirectory(t, { map: `"${LOAD_USER}" load001\n` }), 'map');
  const authorizer = createAuthorizer({ gridMapfile, ...options });
  const service = await startService(t, { files: { 'd/f': '' }, peerOf: everybodyIs(identity), authorizer });
  return { ...service, authorizer };
}

test('who is mapped is served, and is mapped twice for it', async (t) => {
  const { url, authorizer } = await start(t, LOAD_USER);
  t.like(await postLs(url, '/d'), { requestStatus: 'SRM_SUCCESS', entries: 1 });
  t.like(authorizer.counts, { asked: 2, fileLoads: 2 });
});

test('who shows no credential is told so by a normal answer', async (t) => {
  const { url, metricsUrl, authorizer } = await start(t, null);
  const answer = await postSoap(url, writePathRequest('/d'), { 'glidetester-operation': 'c/x/1/0/0' });
  t.is(answer.httpStatus, 200);
  t.like(readLs(answer), { requestStatus: 'SRM_FAILURE', explanation: 'no credential found.', paths: 0 });
  t.deepEqual((await readCount(metricsUrl, 'c/x/1')).answered, { 'status/SRM_FAILURE': 1 });
  t.is(authorizer.counts.asked, 0);
});

test('who is not mapped is told so by a normal answer, after one mapping', async (t) => {
  const stranger = '/DC=org/CN=<Stranger> & "co"';
  const { url, metricsUrl, authorizer } = await start(t, stranger);
  t.like(await postLs(url, '/d', 'c/x/1/0/0'), {
    requestStatus: 'SRM_AUTHORIZATION_FAILURE',
    explanation: `not mapped.${stranger}`,
    paths: 0,
  });
  t.deepEqual((await readCount(metricsUrl, 'c/x/1')).answered, { 'status/SRM_AUTHORIZATION_FAILURE': 1 });
  t.is(authorizer.counts.asked, 1);
});

test('a status request is subject to authorization too, by one mapping', async (t) => {
  const { url, authorizer } = await start(t, LOAD_USER);
  t.like(readLs(await postSoap(url, writeStatusOfLsRequest('no such token'))), {
    requestStatus: 'SRM_INVALID_REQUEST',
  });
  t.is(authorizer.counts.asked, 1);
  const stranger = await start(t, '/CN=stranger');
  t.like(readLs(await postSoap(stranger.url, writeStatusOfLsRequest('no such token'))), {
    requestStatus: 'SRM_AUTHORIZATION_FAILURE',
  });
});

test('a ping shows who is taken for whom, by one mapping', async (t) => {
  const { url, authorizer } = await start(t, LOAD_USER);
  const { xml } = await postSoap(url, writePingRequest());
  t.true(xml.includes(`<key>clientDN</key><value>${LOAD_USER}</value>`), xml);
  t.true(xml.includes('<key>localIDMapped</key><value>load001</value>'), xml);
  t.is(authorizer.counts.asked, 1);
});

test('a ping answers whoever asks', async (t) => {
  const stranger = await start(t, '/CN=stranger');
  const { xml } = await postSoap(stranger.url, writePingRequest());
  t.true(xml.includes('<key>clientDN</key><value>/CN=stranger</value>'), xml);
  t.false(xml.includes('localIDMapped'), xml);
  const nobody = await start(t, null);
  const answer = await postSoap(nobody.url, writePingRequest());
  t.true(answer.xml.includes('backend_type'));
  t.false(answer.xml.includes('clientDN'));
  t.is(nobody.authorizer.counts.asked, 0);
});

test('what cannot be read or is not known is a fault before any mapping', async (t) => {
  const { url, authorizer } = await start(t, LOAD_USER);
  t.is((await postSoap(url, 'hello')).httpStatus, 500);
  t.is((await postSoap(url, writePingRequest().replaceAll('srmPing', 'srmRm'))).httpStatus, 500);
  t.is(authorizer.counts.asked, 0);
});

test('a cache saves mappings, and the metrics page tells what they took', async (t) => {
  const { url, metricsUrl } = await start(t, LOAD_USER, { mappedIdCache: { lifetimeS: 0, most: 1000 } });
  for (const _ of [1, 2, 3]) await postLs(url, '/d');
  const text = await (await fetch(`${metricsUrl}/metrics`)).text();
  for (const line of [
    'glidetester_frontend_mappings_total 6',
    'glidetester_frontend_mappings_from_cache_total 5',
    'glidetester_frontend_mapping_calls_total 0',
    'glidetester_frontend_grid_mapfile_loads_total 1',
    'glidetester_frontend_mapping_failures_total 0',
    'glidetester_frontend_grid_mapfile_bad_lines 0',
  ]) {
    t.true(text.includes(`\n${line}\n`), `${line} in ${text}`);
  }
});

test('when the mapping fails nobody is served, and the answer says that it failed', async (t) => {
  const { url, authorizer } = await start(t, LOAD_USER, { gridMapfile: '/no/such/file' });
  t.like(await postLs(url, '/d'), {
    requestStatus: 'SRM_AUTHORIZATION_FAILURE',
    explanation: `not mapped.${LOAD_USER} (the mapping failed: the grid-mapfile cannot be read: ENOENT)`,
  });
  t.like(authorizer.counts, { asked: 1, failures: 1 });
});

test('a client that leaves while it is mapped is not listed for', async (t) => {
  const waiting: (() => void)[] = [];
  const gums = createServer((_request, response) => waiting.push(() => response.end('{"localUser":"u"}')));
  gums.listen(0, '127.0.0.1');
  await once(gums, 'listening');
  t.teardown(() => {
    gums.close();
    gums.closeAllConnections();
  });
  const authorizer = createAuthorizer({
    gumsServiceUrl: `http://127.0.0.1:${(gums.address() as AddressInfo).port}/`,
  });
  // A listing of `wait` leaves a file beside the root.
  const { url, metricsUrl, root } = await startService(t, {
    threadFile: OBEDIENT_THREAD,
    peerOf: everybodyIs(LOAD_USER),
    authorizer,
  });
  const list = (command: string, signal: AbortSignal | null = null): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      body: writeLsRequest({ surls: [command], detail: 'brief', levels: 1 }),
      headers: { 'glidetester-operation': 'c/x/1/0/0' },
      signal,
    });
  const leaving = new AbortController();
  const left = list('wait', leaving.signal);
  await once(gums, 'request');
  leaving.abort();
  await t.throwsAsync(left);
  await awaitCount(metricsUrl, 'c/x/1', ({ abandoned }) => abandoned === 1);
  gums.on('request', () => waiting.shift()?.());
  waiting.shift()?.();
  t.is(await (await list('a')).text(), 'a');
  t.is(authorizer.counts.asked, 4);
  t.false(existsSync(`${root}.waiting`));
});
