/** What the real gfal makes of everything that a service may say is what docs/srm.md tells of it. */

import { readFile } from 'node:fs/promises';
import type { TlsOptions } from 'node:tls';
import test from 'ava';
import { SRM_STATUS_CODES, SRM_SUCCESS } from '../../scenarios/srm/wire.ts';
import { testCertificates } from '../support/certificates.ts';
import { type Gfal, type GfalResult, prepareGfal } from '../support/gfal.ts';
import { PORT_OF_NOBODY } from '../support/loopback-server.ts';
import { STATUS_EXPLANATION, type StatusService, startStatusService } from '../support/status-service.ts';
import { OTHER_ENDS, readOtherEndsTable, readStatusTable } from '../support/status-service-doc.ts';

/** Room for four srmLs, or three polls, by gfal's back-off of 0.5, 0.5, 1, … s. */
const SHORT_TIMEOUT_S = '3';
/** For what is not to end by it. */
const TIMEOUT_S = '40';

/** Statuses of a request after which gfal asks again, whatever comes with them. */
const QUEUED = ['SRM_REQUEST_QUEUED', 'SRM_REQUEST_INPROGRESS'];
const ASKS_AGAIN = [...QUEUED, 'SRM_INTERNAL_ERROR'];
/** Where only the timeout ends gfal. */
const ENDLESS = new Set(['/hang', '/request/SRM_INTERNAL_ERROR', ...QUEUED.map((status) => `/token/${status}`)]);

/** The certificate of the folder that gfal trusts. */
async function hostOf({ certificates }: Gfal): Promise<TlsOptions> {
  const { hostCertificate, hostKey } = certificates;
  return {
    cert: await readFile(hostCertificate),
    key: await readFile(hostKey),
    ca: certificates.authority.certificate,
  };
}

function stat(gfal: Gfal, service: StatusService, path: string): Promise<GfalResult> {
  return gfal.run('gfal-stat', ['-t', ENDLESS.has(path) ? SHORT_TIMEOUT_S : TIMEOUT_S, service.surlOf(path)]);
}

/** Exit code, its text, and what gfal did beside asking once. */
function describe({ exitCode, stderr }: GfalResult, asked: readonly string[]): string {
  const text = /error: \d+ \(([^)]+)\)/.exec(stderr)?.[1];
  const words = exitCode === 0 ? '0' : `${exitCode} ${text}`;
  if (asked.length <= 1) return words;
  if (asked.every((kind) => kind === 'ls')) return `${words}, after asking again`;
  return `${words}, after polls and ${asked.at(-1) === 'abort' ? 'srmAbortRequest' : 'nothing more'}`;
}

test('gfal ends as docs/srm.md says for every status code, as the status of the request and of a path', async (t) => {
  const gfal = await prepareGfal(t);
  if (gfal === null) return;
  const service = await startStatusService(t, await hostOf(gfal));
  const ask = async (path: string): Promise<string> =>
    describe(await stat(gfal, service, path), service.askedAbout(path));
  const seen = await Promise.all(
    SRM_STATUS_CODES.map(async (status) => {
      const kind = QUEUED.includes(status) ? 'token' : 'request';
      return [status, ...(await Promise.all([ask(`/${kind}/${status}`), ask(`/path/${status}`)]))];
    }),
  );
  t.deepEqual(
    readStatusTable().map(({ status, gfal: cells }) => [status, ...cells]),
    seen,
  );
});

test('gfal ends as docs/srm.md says when something other than an answer comes', async (t) => {
  const gfal = await prepareGfal(t);
  if (gfal === null) return;
  const service = await startStatusService(t, await hostOf(gfal));
  await Promise.all(
    readOtherEndsTable().map(async ({ what, gfal: cell }) => {
      const path = OTHER_ENDS[what] as string;
      t.is(describe(await stat(gfal, service, path), service.askedAbout(path)), cell, what);
    }),
  );
});

test("gfal doesn't look at the status of a request whose path is all right, unless it makes it ask again", async (t) => {
  const gfal = await prepareGfal(t);
  if (gfal === null) return;
  const service = await startStatusService(t, await hostOf(gfal));
  const others = SRM_STATUS_CODES.filter((status) => ![...ASKS_AGAIN, 'SRM_TOO_MANY_RESULTS'].includes(status));
  const codes = await Promise.all(
    others.map(async (status) => (await stat(gfal, service, `/details/${status}`)).exitCode),
  );
  t.deepEqual(
    codes,
    others.map(() => 0),
  );
});

test('gfal lists an entry whatever its status is', async (t) => {
  const gfal = await prepareGfal(t);
  if (gfal === null) return;
  const service = await startStatusService(t, await hostOf(gfal));
  const results = await Promise.all(
    SRM_STATUS_CODES.map((status) => gfal.run('gfal-ls', [service.surlOf(`/entry/${status}`)])),
  );
  for (const { exitCode, stdout } of results) t.deepEqual([exitCode, stdout], [0, 'before\nbad\nafter\n']);
});

test('gfal gives up a queued request that it was given no token for, and an explanation reaches the user', async (t) => {
  const gfal = await prepareGfal(t);
  if (gfal === null) return;
  const service = await startStatusService(t, await hostOf(gfal));
  for (const status of QUEUED) {
    t.is((await stat(gfal, service, `/request/${status}`)).exitCode, 22);
    t.deepEqual(service.askedAbout(`/request/${status}`), ['ls']);
  }
  t.regex((await stat(gfal, service, '/request/SRM_FAILURE')).stderr, new RegExp(STATUS_EXPLANATION));
  t.regex((await stat(gfal, service, '/path/SRM_FAILURE')).stderr, new RegExp(STATUS_EXPLANATION));
  t.regex((await stat(gfal, service, '/fault')).stderr, new RegExp(STATUS_EXPLANATION));
});

test('gfal takes a missing path out of a failed request whose words say so, not out of those of a path', async (t) => {
  const gfal = await prepareGfal(t);
  if (gfal === null) return;
  const service = await startStatusService(t, await hostOf(gfal));
  t.is((await stat(gfal, service, '/missing/SRM_FAILURE')).exitCode, 2);
  t.is((await stat(gfal, service, '/missing-path/SRM_FAILURE')).exitCode, 5);
});

test('gfal breaks off under TLS 1.3, where a Node service sends two session tickets', async (t) => {
  const gfal = await prepareGfal(t);
  if (gfal === null) return;
  const host = await hostOf(gfal);
  const capped = await startStatusService(t, { ...host, maxVersion: 'TLSv1.2' });
  const open = await startStatusService(t, { ...host, maxVersion: 'TLSv1.3' });
  t.is((await stat(gfal, capped, `/path/${SRM_SUCCESS}`)).exitCode, 0);
  t.is((await stat(gfal, open, `/path/${SRM_SUCCESS}`)).exitCode, 70);
});

test('gfal refuses a service of an authority that it does not trust, and one by its address', async (t) => {
  const gfal = await prepareGfal(t);
  if (gfal === null) return;
  const { host } = await testCertificates();
  const strange = await startStatusService(t, { cert: host.certificateChain, key: host.privateKey });
  const { exitCode, stderr } = await stat(gfal, strange, '/fault');
  t.is(exitCode, 70);
  t.regex(stderr, /certificate verify failed/);
  t.deepEqual(strange.askedAbout('/fault'), []);

  const known = await startStatusService(t, await hostOf(gfal));
  const byAddress = known.surlOf('/fault').replace('localhost', '127.0.0.1');
  const refused = await gfal.run('gfal-stat', ['-t', TIMEOUT_S, byAddress]);
  t.is(refused.exitCode, 70);
  t.regex(refused.stderr, /Unexpected Gatekeeper or Service Name/);
});

test('gfal ends with 70 where nobody listens', async (t) => {
  const gfal = await prepareGfal(t);
  if (gfal === null) return;
  const { exitCode, stderr } = await gfal.run('gfal-stat', [`srm://localhost:${PORT_OF_NOBODY}/srm/v2/server?SFN=/`]);
  t.is(exitCode, 70, stderr);
});
