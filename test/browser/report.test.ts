/** The report in a real browser, from disk, with every request refused: campaigns of 1, 3, 40 and 200 cells. */

import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import type { Browser } from 'playwright-core';
import { formatNumber } from '../../reports/format-number.ts';
import { renderReport } from '../../reports/render.ts';
import type { Summary } from '../../reports/summary.ts';
import { SCREENS, openPage, startBrowser } from '../support/browser.ts';
import { findAccessibilityProblems, findTextOverlaps, measureOverflow } from '../support/page-checks.ts';
import { type CampaignOptions, writeSyntheticCampaign } from '../support/synthetic-campaign.ts';

const CAMPAIGNS = {
  1: { sizes: [20], levels: [8], runs: 1 },
  3: { sizes: [20], levels: [2, 8, 32], runs: 1 },
  40: { sizes: [20, 1000], levels: [1, 2, 4, 8, 16], runs: 4 },
  200: { sizes: [10, 20, 100, 500, 1000], levels: [1, 2, 3, 4, 6, 8, 12, 16, 24, 32], runs: 4 },
} satisfies Record<number, Omit<CampaignOptions, 'directory'>>;
const CELL_COUNTS = [1, 3, 40, 200] as const;
const SCHEMES = ['light', 'dark'] as const;

const MOST_BYTES = 2_500_000;

let browser: Browser | null = null;
let folder = '';
test.before(async (t) => {
  folder = await mkdtemp(join(tmpdir(), 'glidetester-browser-'));
  browser = await startBrowser(t);
});
test.after.always(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

type Report = { address: string; file: string; summary: Summary };

async function makeReport(name: string, options: Omit<CampaignOptions, 'directory'>): Promise<Report> {
  const directory = join(folder, name);
  await writeSyntheticCampaign({ directory, ...options });
  const { file, summary } = await renderReport(directory);
  return { address: pathToFileURL(file).href, file, summary };
}

/** A test in the browser; without one it has logged what would help, and passes. */
const inBrowser = test.macro<[(t: ExecutionContext, browser: Browser) => Promise<void>]>(async (t, check) => {
  if (browser === null) t.pass();
  else await check(t, browser);
});

/** Kept for people to look at, where GT_SCREENSHOTS names a folder. */
async function keepScreenshot(name: string, take: (path: string) => Promise<unknown>): Promise<void> {
  const wanted = process.env['GT_SCREENSHOTS'];
  if (wanted === undefined) return;
  await mkdir(wanted, { recursive: true });
  await take(join(wanted, `${name}.png`));
}

/** The figures of a row of the table of cells that a reader would check first, as they stand there and as `summary.json` has them. */
const COLUMNS = ['level', 'run', 'rate (Hz)', 'failed', 'state'] as const;

for (const cells of CELL_COUNTS) {
  test(
    `${cells} cells: no errors, no requests, every screen, light and dark, readable by all`,
    inBrowser,
    async (t, chromium) => {
      const { address, file } = await makeReport(String(cells), CAMPAIGNS[cells]);
      const { size } = await stat(file);
      t.true(size < MOST_BYTES, `${size} bytes`);
      t.log(`${cells} cells: ${Math.round(size / 1000)} kB`);
      for (const colorScheme of SCHEMES) {
        for (const [screen, viewport] of Object.entries(SCREENS)) {
          const { page, complaints, requests } = await openPage(t, chromium, address, { colorScheme, viewport });
          const where = `${cells} cells, ${screen}, ${colorScheme}`;
          await page.locator('#figure-concurrency svg').first().waitFor();
          t.deepEqual({ complaints, requests }, { complaints: [], requests: [] }, where);
          t.true((await measureOverflow(page)) <= 0, where);
          t.deepEqual(await findTextOverlaps(page), [], where);
          if (screen !== 'tablet') t.deepEqual(await findAccessibilityProblems(page), [], where);
          await keepScreenshot(`${cells}-${screen}-${colorScheme}`, (path) =>
            page.screenshot({ path, fullPage: true }),
          );
          await page.context().close();
        }
      }
    },
  );
}

test('the table of cells says what summary.json says, and sorts', inBrowser, async (t, chromium) => {
  const { address, summary } = await makeReport('table', CAMPAIGNS[3]);
  const { page } = await openPage(t, chromium, address);
  const table = page.locator('#cells table');
  const heads = await table.locator('thead th').allInnerTexts();
  const places = COLUMNS.map((column) => heads.findIndex((head) => head.trim() === column));
  t.true(
    places.every((place) => place >= 0),
    heads.join(' | '),
  );
  const readRow = async (id: string): Promise<string[]> => {
    const texts = await table.locator(`[id="cell-${id}"]`).locator('th, td').allInnerTexts();
    return places.map((place) => (texts[place] as string).trim());
  };
  for (const { id, level, run, ratePerS, operations, state } of summary.cells) {
    const shown = await readRow(id);
    t.deepEqual(shown, [String(level), String(run), formatNumber(ratePerS), String(operations.failed), state]);
  }
  const order = async (): Promise<unknown> =>
    page.evaluate(`[...document.querySelectorAll('#cells tr[id^="cell-"]')].map((row) => row.id)`);
  const byRate = summary.cells.toSorted((a, b) => (a.ratePerS ?? 0) - (b.ratePerS ?? 0)).map(({ id }) => `cell-${id}`);
  const button = table.locator('thead th', { hasText: 'rate (Hz)' }).locator('button');
  await button.click();
  const once = await order();
  await button.press('Enter');
  const twice = await order();
  t.deepEqual([once, twice].map(String).toSorted(), [byRate, byRate.toReversed()].map(String).toSorted());
});

test('a point leads to its cell: by click, by address, and without a script', inBrowser, async (t, chromium) => {
  const { address, summary } = await makeReport('click', CAMPAIGNS[3]);
  const ids = summary.cells.map(({ id }) => id);
  const { page, complaints } = await openPage(t, chromium, address);
  const marks = page.locator('#figure-concurrency svg [aria-roledescription="point"]');
  t.true((await marks.count()) >= ids.length);
  await marks.first().click();
  await page.waitForURL(/#cell-/);
  const chosen = decodeURIComponent(new URL(page.url()).hash.slice('#cell-'.length));
  t.true(ids.includes(chosen), chosen);
  await page.locator('#chosen-cell', { hasText: chosen }).waitFor();
  t.true((await page.locator('#chosen-cell svg').count()) >= 2);
  t.deepEqual(complaints, []);
  for (const id of ids) {
    const { page: direct } = await openPage(t, chromium, `${address}#cell-${id}`);
    await direct.locator('#chosen-cell', { hasText: id }).waitFor();
  }
  const { page: still } = await openPage(t, chromium, address, { javaScriptEnabled: false });
  t.true((await still.locator('#figure-concurrency svg [aria-roledescription="point"]').count()) >= ids.length);
  await still.locator('#figure-concurrency svg a').first().click();
  t.regex(still.url(), /#cell-/);
});

test('without a script the page still says it all', inBrowser, async (t, chromium) => {
  const { address } = await makeReport('refused', CAMPAIGNS[3]);
  const { page } = await openPage(t, chromium, address, { javaScriptEnabled: false });
  await page.locator('#figure-concurrency svg').first().waitFor();
  for (const heading of ['Believe it?', 'All cells']) t.true(await page.getByText(heading).first().isVisible());
});

test('hostile text stays text', inBrowser, async (t, chromium) => {
  const hostile = `<script>document.title='taken'</script>"'><img src=x onerror="document.title='taken'">`;
  const { address } = await makeReport('hostile', { ...CAMPAIGNS[3], name: hostile, target: hostile });
  const { page, complaints, requests } = await openPage(t, chromium, address);
  await page.locator('#figure-concurrency svg').first().waitFor();
  t.true((await page.title()).includes('<script>'));
  t.is(await page.locator('h1').innerText(), hostile);
  t.is(await page.locator('img').count(), 0);
  t.deepEqual({ complaints, requests }, { complaints: [], requests: [] });
});
