/** The page of `run --ui`, in a real browser, while a real campaign runs. */

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type IncomingMessage, type RequestOptions, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { constants, getPriority } from 'node:os';
import test from 'ava';
import type { Browser } from 'playwright-core';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import { openPage, startBrowser } from '../support/browser.ts';
import { finishRun, startRun } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';

const CONFIG = {
  name: 'live',
  target: { kind: 'embedded', root: { make: [5] } },
  scenario: { kind: 'srm-ls', directories: { 5: '/d5' } },
  load: { levels: [2, 3, 4] },
  timing: {
    warmUp: { atLeast: '200ms', atMost: '20s' },
    window: { atLeast: '1s', operationsPerClient: 3, atMost: '20s' },
    recovery: { within: '20s' },
  },
  pools: [{ kind: 'local', pilots: 2, slotsPerPilot: 2 }],
} satisfies ConfigInput;

/** The address that `run --ui` says. */
async function startLive(t: Parameters<typeof startRun>[0], folder?: string) {
  const run = await startRun(t, CONFIG, { words: ['--ui'], ...(folder === undefined ? {} : { folder }) });
  let said = '';
  run.child.stderr?.on('data', (chunk: string) => (said += chunk));
  const address = await eventually('the address of the page', () => /UI\s+(http:\S+)/.exec(said)?.[1]);
  return { run, address };
}

let browser: Browser | null = null;
test.before(async (t) => {
  browser = await startBrowser(t);
});
test.after.always(() => browser?.close());

test('the page grows cell by cell and stays when the campaign has ended', async (t) => {
  if (browser === null) {
    t.pass();
    return;
  }
  const { run, address } = await startLive(t);
  await run.awaitLine('campaign-started');
  const { page, complaints } = await openPage(t, browser, address, { isOnline: true });
  const measured = async (): Promise<number> => page.locator('tr[id^="cell-"]:has(.state-ok)').count();
  const seen = new Set<number>();
  await eventually('a page with all cells', async () => {
    const count = await measured();
    seen.add(count);
    return count === 3 || undefined;
  });
  t.true(seen.size > 1, `it was seen with ${[...seen].join(', ')} cells`);
  const { exitCode, stderr, directory, cells } = await finishRun(run);
  t.is(exitCode, 0, stderr);
  t.is(cells.length, 3);
  await page.locator('#live', { hasText: 'The campaign has ended' }).waitFor();
  t.true((await page.locator('#live').textContent())?.includes(`${directory}/report.html`));
  t.is(await measured(), 3);
  // What came with a newer page is looked after as what came first.
  t.is(await page.locator('.zone').first().textContent(), 'your time');
  t.true((await page.locator('#cells thead button').count()) > 0);
  t.deepEqual(
    complaints.filter((complaint) => !complaint.includes('ERR_CONNECTION_REFUSED')),
    [],
  );
});

test('closing the browser changes nothing', async (t) => {
  if (browser === null) {
    t.pass();
    return;
  }
  const { run, address } = await startLive(t);
  await run.awaitLine('campaign-started');
  const { page } = await openPage(t, browser, address, { isOnline: true });
  await run.awaitLine('cell-fired');
  await page.close();
  const { exitCode, stderr, cells } = await finishRun(run);
  t.is(exitCode, 0, stderr);
  t.deepEqual(
    cells.map(({ state, server }) => [state, server?.difference]),
    [
      ['ok', 0],
      ['ok', 0],
      ['ok', 0],
    ],
  );
});

/** The process of the page, among the children of the coordinator. */
async function findPageProcess(coordinator: number): Promise<number | undefined> {
  const children = await readFile(`/proc/${coordinator}/task/${coordinator}/children`, 'utf8');
  for (const pid of children.trim().split(' ').map(Number)) {
    if ((await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').includes('live-page')) return pid;
  }
  return undefined;
}

test('a page whose process dies is told of once, and missed by nobody', async (t) => {
  const { run } = await startLive(t);
  await run.awaitLine('cell-fired');
  const coordinator = run.child.pid as number;
  const page = await eventually('the process of the page', () => findPageProcess(coordinator));
  t.is(getPriority(page), constants.priority.PRIORITY_LOW);
  process.kill(page, 'SIGKILL');
  const { exitCode, stderr, cells } = await finishRun(run);
  t.is(exitCode, 0, stderr);
  t.is(stderr.match(/the page at \S+ is gone/g)?.length, 1, stderr);
  t.true(cells.every(({ state, server }) => state === 'ok' && server?.difference === 0));
});

test('a port that is taken is said before anything is measured', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  t.teardown(() => taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const { ended } = await startRun(t, CONFIG, { words: ['--ui', String(port)] });
  const { exitCode, stderr } = await ended;
  t.is(exitCode, 104, stderr);
  t.true(stderr.includes('GT_LIVE_PAGE') && stderr.includes(String(port)), stderr);
});

test('nobody else is answered', async (t) => {
  const { run, address } = await startLive(t);
  const statusOf = async (path: string, options: RequestOptions = {}): Promise<number | undefined> => {
    const asked = request(new URL(path, address), options).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  };
  await run.awaitLine('campaign-started');
  t.is(await statusOf('/'), 200);
  t.is(await statusOf('/campaign.json'), 404);
  t.is(await statusOf('/', { method: 'POST' }), 405);
  const { port } = new URL(address);
  t.is(await statusOf('/', { headers: { host: `localhost:${port}` } }), 200);
  t.is(await statusOf('/', { headers: { host: `elsewhere.example:${port}` } }), 403);
  run.child.kill('SIGINT');
  await run.ended;
});
