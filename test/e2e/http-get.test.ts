/** http-get from a config to the report, against a service that counts for itself. */

import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import { campaignFile, reportFile } from '../../reports/result-directory.ts';
import { CONFIG_FILE, finishRun, runCli, startRun } from '../support/cli.ts';
import { type CountedRequest, startCountingService } from '../support/counting-service.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const TIMING = {
  warmUp: { atLeast: '50ms', atMost: '10s' },
  window: { atLeast: '300ms', operationsPerClient: 2, atMost: '5s' },
  recovery: { within: '20s' },
} as const;
const POOLS = [{ kind: 'local', pilots: 2, slotsPerPilot: 3 }] satisfies ConfigInput['pools'];

const PATH = '/status?all=1&q=%20';
const PAGE = `<h1>it works</h1>${'<p>lorem ipsum</p>'.repeat(140)}`;
const TOKEN = 'Bearer hunter2-hunter2-hunter2';

async function readCommandLines(): Promise<string[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return Promise.all(processes.map((pid) => readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')));
}

/** Names of the files below a folder that hold the text. */
async function filesHolding(folder: string, text: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const holding: string[] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const content = await readFile(join(entry.parentPath, entry.name), 'latin1');
    if (content.includes(text)) holding.push(entry.name);
  }
  return holding;
}

const countOf = (requests: readonly CountedRequest[], cell: string): number =>
  requests.filter(({ operation }) => operation?.cell === cell).length;

test('kept connections and one an operation: each count is the server’s, and a secret is known to the service alone', async (t) => {
  const service = await startCountingService(t, (_, response) => response.end(PAGE));
  const target = { url: `${service.origin}${PATH}`, counters: { command: service.countCommand } };
  const folder = await makeTemporaryFolder(t);
  const campaign = await startRun(
    t,
    {
      name: 'pages',
      targets: {
        kept: { ...target, connection: { perOperation: false } },
        fresh: { ...target, connection: { perOperation: true } },
      },
      scenario: {
        kind: 'http-get',
        headers: { Accept: 'text/html', Authorization: { fromEnvironment: 'DOOR_TOKEN' } },
        expectText: '<h1>it works</h1>',
      },
      load: { levels: [1, 6] },
      timing: TIMING,
      pools: POOLS,
      expect: { findings: [{ says: 'more clients, more pages', check: 'rate at level 6 > rate at level 1' }] },
      thresholds: { 'failed < 1 %': 'abort' },
    },
    { folder, environment: { DOOR_TOKEN: TOKEN }, words: ['--json'] },
  );
  await campaign.awaitLine('window-opened');
  const commandLines = await readCommandLines();
  const run = await finishRun(campaign);
  t.is(run.exitCode, 0, run.stderr);
  t.deepEqual(
    run.cells.map(({ id, state, directorySize }) => [id, state, directorySize]),
    ['kept-l1-r1', 'kept-l6-r1', 'fresh-l1-r1', 'fresh-l6-r1'].map((name, index) => [
      `00${index + 1}-${name}`,
      'ok',
      null,
    ]),
    run.stderr,
  );
  for (const { id, target: name, level, operations, server, connections } of run.cells) {
    t.is(operations.failed + operations.cut, 0, id);
    t.is(countOf(service.requests, id), operations.ok, id);
    t.deepEqual(server, { counted: operations.ok, difference: 0 }, id);
    t.is(connections?.opened, name === 'kept' ? level : operations.ok, id);
  }
  for (const { method, path, headers } of service.requests) {
    t.deepEqual([method, path, headers.accept, headers.authorization], ['GET', PATH, 'text/html', TOKEN]);
  }
  t.regex(run.stderr, /^one op {4}GET \/status\?all=1&q=%20 {2}ok {2}[\d,]+ bytes/m);
  t.notRegex(run.stderr, /\bfiles?\b|\bnull\b|undefined/);

  t.true(commandLines.some((words) => words.includes('agent')));
  t.true(run.stdout.includes('"http-get"'));
  t.false([...commandLines, run.stdout, run.stderr].some((text) => text.includes(TOKEN)));
  await writeFile(join(folder, 'found'), TOKEN);
  t.deepEqual(await filesHolding(folder, TOKEN), ['found'], 'this search finds what is there, and only that');
  t.deepEqual(await filesHolding(folder, Buffer.from(TOKEN).toString('base64').slice(0, -4)), []);
  const { config } = JSON.parse(await readFile(campaignFile(run.directory), 'utf8')) as { config: ConfigInput };
  t.deepEqual(config.scenario, {
    kind: 'http-get',
    method: 'GET',
    headers: { Accept: 'text/html', Authorization: { fromEnvironment: 'DOOR_TOKEN' } },
    expectStatus: 200,
    expectText: '<h1>it works</h1>',
  });
});

test('a wrong text, a wrong status and a redirect are seen in every operation; nothing is followed', async (t) => {
  const service = await startCountingService(t, ({ level }, response) => {
    if (level === 2) return response.end(PAGE.replace('works', 'worms'));
    if (level === 3) return response.writeHead(503).end(PAGE);
    if (level === 4) return response.writeHead(302, { Location: '/elsewhere' }).end();
    return response.end(PAGE);
  });
  const campaign = await startRun(t, {
    name: 'wrong',
    target: { url: `${service.origin}/`, counters: { command: service.countCommand } },
    scenario: { kind: 'http-get', expectText: 'it works' },
    load: { levels: [1, 2, 3, 4], afterFailure: { pause: '20ms', growTo: '20ms' } },
    timing: TIMING,
    pools: POOLS,
  });
  const run = await finishRun(campaign);
  t.is(run.exitCode, 0, run.stderr);
  t.deepEqual(
    run.cells.map(({ id, state, operations }) => [id, state, Object.keys(operations.byOutcome)]),
    [
      ['001-l1-r1', 'ok', ['ok']],
      ['002-l2-r1', 'failed', ['status/text']],
      ['003-l3-r1', 'failed', ['status/http-503']],
      ['004-l4-r1', 'failed', ['status/http-302']],
    ],
  );
  for (const { id, operations, server } of run.cells) {
    const ended = Object.values(operations.byOutcome).reduce((sum, count) => sum + count, 0);
    t.is(countOf(service.requests, id), ended, id);
    t.is(server?.difference, 0, 'a wrong text is a success to the service');
  }
  t.deepEqual([...new Set(service.requests.map(({ path }) => path))], ['/']);
  const report = await readFile(reportFile(run.directory), 'utf8');
  t.true(report.includes('>series</th>'));
  t.notRegex(report, /\d files?\b/);
});

test('a file is posted whole by the clients of a worker thread, and another status is what is expected', async (t) => {
  const service = await startCountingService(t, (_, response) => response.writeHead(201).end());
  const body = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 256));
  const folder = await makeTemporaryFolder(t);
  await writeFile(join(folder, 'body.bin'), body);
  const campaign = await startRun(
    t,
    {
      name: 'posting',
      target: { url: `${service.origin}/in`, labelled: false, connection: { perOperation: false } },
      scenario: { kind: 'http-get', method: 'POST', body: { file: 'body.bin' }, expectStatus: [201, 202] },
      load: { levels: [6] },
      timing: TIMING,
      pools: [{ kind: 'local', pilots: 1, slotsPerPilot: 6 }],
    },
    { folder },
  );
  const run = await finishRun(campaign);
  t.is(run.exitCode, 0, run.stderr);
  t.is(run.cells[0]?.state, 'ok', run.stderr);
  t.is(run.cells[0]?.server, null);
  t.true(service.requests.every((request) => request.method === 'POST' && request.body.equals(body)));
  t.true(service.requests.every(({ operation }) => operation === null));
  const { requestBody } = JSON.parse(await readFile(campaignFile(run.directory), 'utf8')) as { requestBody: unknown };
  t.deepEqual(requestBody, { bytes: body.length, sha256: createHash('sha256').update(body).digest('hex') });
});

test('one operation that does not end as expected is told with what to look at, and nothing is fired', async (t) => {
  const service = await startCountingService(t, (_, response) => response.writeHead(301, { Location: '/new' }).end());
  const folder = await makeTemporaryFolder(t, {
    [CONFIG_FILE]: JSON.stringify({
      name: 'moved',
      target: { url: `${service.origin}/old` },
      scenario: { kind: 'http-get' },
      load: { levels: [6] },
      pools: POOLS,
    } satisfies ConfigInput),
  });
  const { exitCode, stderr } = await runCli(t, ['run'], { folder });
  t.is(exitCode, 123, stderr);
  t.regex(stderr, /\(GET \/old from the coordinator\); it ended as status\/http-301$/m);
  t.regex(stderr, /^hint: redirects are not followed: /m);
  t.is(service.requests.length, 1);
});

test('a variable that is not set ends the campaign before anything is asked', async (t) => {
  const service = await startCountingService(t, (_, response) => response.end());
  const headers = { Authorization: { fromEnvironment: 'DOOR_TOKEN' } };
  const config: ConfigInput = {
    name: 'unset',
    target: { url: service.origin },
    scenario: { kind: 'http-get', headers },
    load: { levels: [2], runs: 2 },
    pools: POOLS,
  };
  const folder = await makeTemporaryFolder(t, { [CONFIG_FILE]: JSON.stringify(config) });
  const { exitCode, stderr } = await runCli(t, ['run'], { folder });
  t.is(exitCode, 104, stderr);
  t.regex(stderr, /^error: .*header Authorization .*variable DOOR_TOKEN; it is not set/m);
  t.is(service.requests.length, 0);
  const planned = await runCli(t, ['plan'], { folder });
  t.regex(planned.stdout, /^001-l2-r1 {2}127\.0\.0\.1:\d+ {2}level 2 {2}run 1\n002-l2-r2/m);
});
