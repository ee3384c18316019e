/** The charts in a real browser: alive under the page's own policy, which allows no text to become code, and still without that. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import type { Browser, Page } from 'playwright-core';
import { renderReport } from '../../reports/render.ts';
import { openPage, startBrowser } from '../support/browser.ts';
import { writeSyntheticCampaign } from '../support/synthetic-campaign.ts';

const HOSTILE = `<img src=x onerror="document.title='taken'">`;
const CHART = '#figure-concurrency';

let browser: Browser | null = null;
let folder = '';
let file = '';
test.before(async (t) => {
  folder = await mkdtemp(join(tmpdir(), 'glidetester-charts-'));
  browser = await startBrowser(t);
  await writeSyntheticCampaign({
    directory: folder,
    sizes: [20, 1000],
    levels: [1, 4, 16],
    runs: 1,
    change: ({ level }) => ({ evidence: { failure: level === 4 ? HOSTILE : null } }),
  });
  ({ file } = await renderReport(folder));
});
test.after.always(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A test in the browser; without one it has logged what would help, and passes. */
const inBrowser = test.macro<[(t: ExecutionContext, browser: Browser) => Promise<void>]>(async (t, check) => {
  if (browser === null) t.pass();
  else await check(t, browser);
});

async function openLive(t: ExecutionContext, chromium: Browser, options: Parameters<typeof openPage>[3] = {}) {
  const opened = await openPage(t, chromium, pathToFileURL(file).href, options);
  await opened.page.locator(`${CHART} .choices`).waitFor();
  return opened;
}

async function readTicks(page: Page): Promise<string[]> {
  return page.locator(`${CHART} .drawing .role-axis-label text`).allTextContents();
}

test('the charts are alive though the page allows no text to become code', inBrowser, async (t, chromium) => {
  const { page, complaints } = await openLive(t, chromium);
  const policy = (await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content')) ?? '';
  t.regex(policy, /script-src 'sha256-/);
  t.notRegex(policy, /unsafe-eval|script-src[^;]*unsafe-inline/);
  // The policy holds: a page that could make code of text would not throw here. In a task of the page, not of the test.
  const refusal = await page.evaluate(`new Promise((resolve) => setTimeout(() => {
    try { resolve(Function('return 1')()); } catch (error) { resolve(error.name); }
  }))`);
  t.is(refusal, 'EvalError');
  t.is(await page.locator(`${CHART} .drawing svg`).count(), 1);
  t.deepEqual(
    complaints.filter((text) => !text.includes('Content Security Policy')),
    [],
  );
});

test('buttons change the axes, with the keyboard as well', inBrowser, async (t, chromium) => {
  const { page, complaints } = await openLive(t, chromium);
  const choose = async (name: string): Promise<void> => {
    const button = page.locator(`${CHART} .choices button`, { hasText: name });
    await button.press('Enter');
    await page.locator(`${CHART} .choices button[aria-pressed="true"]`, { hasText: name }).waitFor();
  };
  await choose('linear');
  const linear = await readTicks(page);
  await choose('log');
  const log = await readTicks(page);
  t.notDeepEqual(linear, log);
  t.true(['1', '4', '16'].every((level) => log.includes(level)));
  await choose('per client');
  t.true(
    (await page.locator(`${CHART} .drawing`).textContent())?.includes(
      'operations per second and client in flight (Hz)',
    ),
  );
  await choose('of all');
  t.deepEqual(await readTicks(page), log);
  t.deepEqual(complaints, []);
});

test('a point tells of its run as text, and a click on it chooses its cell', inBrowser, async (t, chromium) => {
  const { page, complaints } = await openLive(t, chromium);
  const point = page.locator(`${CHART} .drawing [aria-roledescription="point"][aria-label*="level 4"]`).first();
  await point.hover();
  const tip = page.locator('.chart-tip');
  await tip.waitFor();
  const lines = await tip.locator('div').allInnerTexts();
  t.regex(lines[0] ?? '', /level 4, run 1/);
  t.true(
    lines.some((line) => line.includes(HOSTILE)),
    lines.join('\n'),
  );
  t.is(await page.locator('img').count(), 0);
  t.is(await page.title(), 'synthetic – GlideTester');
  await point.click();
  await page.waitForURL(/#cell-/);
  const id = decodeURIComponent(new URL(page.url()).hash.slice('#cell-'.length));
  const shown = page.locator('#chosen-cell .cell-facts', { hasText: id });
  await shown.waitFor();
  t.true((await page.locator('#chosen-cell .cell-title').innerText()).includes('level 4'));
  t.true((await page.locator('#chosen-cell .cell-notes').innerText()).includes(HOSTILE));
  t.deepEqual(complaints, []);
});

test('on a phone the narrow chart takes the place of the wide one', inBrowser, async (t, chromium) => {
  const { page } = await openLive(t, chromium);
  const widthOf = async (): Promise<number> =>
    Number(await page.locator(`${CHART} .drawing svg`).first().getAttribute('width'));
  t.true((await widthOf()) > 800);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForFunction(`Number(document.querySelector('${CHART} .drawing svg').getAttribute('width')) < 450`);
  t.true((await widthOf()) < 450);
});

test('when drawing fails the chart stays as it came', inBrowser, async (t, chromium) => {
  const whole = await readFile(file, 'utf8');
  const broken = join(folder, 'broken.html');
  // Another text than the policy's hash names: the library does not run.
  await writeFile(
    broken,
    whole.replace('<script type="text/javascript">', '<script type="text/javascript">/* changed */'),
  );
  const { page } = await openPage(t, chromium, pathToFileURL(broken).href);
  await page.locator(`${CHART} .wide svg`).waitFor();
  t.true((await page.locator(`${CHART} .wide svg [aria-roledescription="point"]`).count()) >= 6);
  t.true(await page.locator(`${CHART} .choices`).isHidden());
  t.is(await page.locator('.zone').first().innerText(), 'your time');
});
