/** The page of `run --ui`, in a real browser, while a real campaign runs. */

import { once } from 'node:events';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
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
