import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { SaxesParser } from 'saxes';
import type { PilotEvidence } from '../../reports/evidence.ts';
import { renderReport } from '../../reports/render.ts';
import {
  campaignFile,
  cellFiles,
  readCampaign,
  readCellRecord,
  summaryFile,
  writeDurably,
} from '../../reports/result-directory.ts';
import { type CellSummary, SummarySchema } from '../../reports/summary.ts';
import { type CampaignOptions, writeSyntheticCampaign } from '../support/synthetic-campaign.ts';

type Campaign = { directory: string; options: CampaignOptions };

async function makeCampaign(t: ExecutionContext, options: Partial<CampaignOptions> = {}): Promise<Campaign> {
  const directory = await mkdtemp(join(tmpdir(), 'glidetester-report-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  const all = { directory, sizes: [20, 1000], levels: [1, 4, 32], runs: 2, ...options };
  await writeSyntheticCampaign(all);
  return { directory, options: all };
}

const ONE_PILOT: PilotEvidence = {
  id: 'p1',
  site: 'here',
  host: 'synthetic',
  pid: 1,
  firstClient: 0,
  clients: 4,
  clock: { method: 'exchange', offsetMs: 0, errorMs: 0.2, startCorrectionMs: 0 },
  lostAtMs: null,
  health: null,
  rowsSent: null,
  rowsStored: 0,
  connections: null,
};

function findCell(cells: readonly CellSummary[], id: string): CellSummary | undefined {
  return cells.find((cell) => cell.id === id);
}

/** The SVG elements of a page, each parsed as XML (which throws when it is not well-formed). */
function parseCharts(page: string): { marks: number; text: string }[] {
  return [...page.matchAll(/<svg .*?<\/svg>/gs)].map(([svg]) => {
    const chart = { marks: 0, text: '' };
    const parser = new SaxesParser();
    parser.on('opentag', ({ name, attributes }) => {
      if (name === 'path' && attributes['aria-roledescription'] === 'point') chart.marks += 1;
    });
    parser.on('text', (text) => {
      chart.text += text;
    });
    parser.write(svg).close();
    return chart;
  });
}

/** The page without its scripts, and these. */
function splitScripts(page: string): [still: string, scripts: { attributes: string; text: string }[]] {
  const pattern = /<script([^>]*)>([\s\S]*?)<\/script>/g;
  const scripts = [...page.matchAll(pattern)].map(([, attributes = '', text = '']) => ({ attributes, text }));
  return [page.replaceAll(pattern, ''), scripts];
}

test('a report from disk measures every cell as it was measured, twice in the same way', async (t) => {
  const { directory } = await makeCampaign(t);
  const { file, summary } = await renderReport(directory);
  t.is(file, join(directory, 'report.html'));
  t.is(summary.cells.length, 12);
  t.true(summary.complete);
  for (const cell of summary.cells) t.deepEqual((await readCellRecord(directory, cell.id)).summary, cell);
  const stored = await readFile(summaryFile(directory), 'utf8');
  t.deepEqual(SummarySchema.parse(JSON.parse(stored)), summary);
  const page = await readFile(file, 'utf8');
  await renderReport(directory);
  t.is(await readFile(summaryFile(directory), 'utf8'), stored);
  t.is(await readFile(file, 'utf8'), page);
});

test('the page has both curves with a point a run, a row a cell, config and environment, and loads nothing', async (t) => {
  const { directory } = await makeCampaign(t);
  const page = await readFile((await renderReport(directory)).file, 'utf8');
  const charts = parseCharts(page);
  t.is(charts[0]?.marks, 12);
  // The same curves for a wide and for a narrow screen.
  for (const { text } of charts.slice(0, 2)) {
    t.true(text.includes('20 files') && text.includes('1000 files'));
    t.true(text.includes('clients in flight (time average)'));
  }
  t.is([...page.matchAll(/<tr id="cell-/g)].length, 12);
  t.true(page.includes('&quot;levels&quot;') && page.includes('v24.21.0'));
  // What runs is in the page, and named by its hash.
  const [still, scripts] = splitScripts(page);
  t.notRegex(still, /<link|<img|@import|url\((?!#)|\ssrc=/i);
  t.true(scripts.length > 0);
  for (const { attributes, text } of scripts) {
    t.regex(attributes, /^ type="(?:module|text\/javascript|application\/json)"(?: class="[\w-]+")?$/);
    const hash = createHash('sha256').update(text).digest('base64');
    t.is(page.includes(`&#39;sha256-${hash}&#39;`), !attributes.includes('json'));
  }
  t.regex(page, /connect 75 s, handshake 60 s, answer 600 s/);
});

test('the page says how the target was reached, with text that stays text', async (t) => {
  const connections = {
    opened: 90,
    secured: 80,
    resumed: 0,
    byCipher: { '<b>cipher</b>': 80 },
    carriedBy: { direct: 80, undici: 0 },
  };
  const { directory } = await makeCampaign(t, {
    sizes: [20],
    levels: [4],
    runs: 1,
    change: () => ({ evidence: { identities: 3, pilots: [{ ...ONE_PILOT, connections }] } }),
  });
  const page = await readFile((await renderReport(directory)).file, 'utf8');
  t.true(
    page.includes(
      '<p>90 connections, direct transport, 80 TLS handshakes (&lt;b&gt;cipher&lt;/b&gt;; 0 resumed), 3 identities at most</p>',
    ),
  );
});

test('timeouts that differ are told with the target that has them', async (t) => {
  const patient = { connect: 10_000, handshake: 10_000, answer: 90_000 };
  const hasty = { ...patient, handshake: 500 };
  const { directory } = await makeCampaign(t, {
    levels: [1, 4],
    runs: 1,
    sizes: [20],
    change: ({ level }) => ({
      evidence: level === 1 ? { target: 'old', timeoutsMs: patient } : { target: 'new', timeoutsMs: hasty },
    }),
  });
  const { file } = await renderReport(directory);
  const page = await readFile(file, 'utf8');
  t.true(page.includes('Timeouts of old: connect 10 s, handshake 10 s, answer 90 s.'));
  t.true(page.includes('Timeouts of new: connect 10 s, handshake 0.5 s, answer 90 s.'));
});

test('failed, degraded and generator-bound cells are drawn as what they are', async (t) => {
  const { directory } = await makeCampaign(t, {
    sizes: [20],
    levels: [2, 8, 16, 32],
    runs: 1,
    change: ({ level }) => {
      if (level === 8) return { options: { turnUs: 5000 } };
      if (level === 16) return { options: { lostPilot: { pilot: 1, atMs: 400 } } };
      if (level === 32) return { options: { outcomeOf: (random) => (random() < 0.9 ? 'reset' : 'ok') } };
      return {};
    },
  });
  const { summary, file } = await renderReport(directory);
  t.deepEqual(
    summary.cells.map(({ state }) => state),
    ['ok', 'ok', 'degraded', 'failed'],
  );
  const page = await readFile(file, 'utf8');
  t.regex(page, /Hollow: degraded or unsteady\. Cross: failed\. Ring: generator-bound\./);
  t.regex(page, /aria-label="20 files, level 16, run 1: [^"]*degraded"[^>]*fill-opacity="0"/);
  t.regex(page, /aria-label="20 files, level 32, run 1: [^"]*failed"/);
  t.regex(page, /Fails first at level 32: 9\d % of the operations that ended in the window failed: [\d,]+ reset\./);
});

test('cells that were planned and not measured are there with the reason', async (t) => {
  const { directory } = await makeCampaign(t, {
    sizes: [20],
    levels: [1, 4, 32],
    runs: 1,
    change: ({ level }) => (level === 1 ? {} : null),
  });
  const record = await readCampaign(directory);
  const skipped = [{ id: 'd20-c32-r1', reason: 'The service did not recover.' }];
  await writeDurably(campaignFile(directory), JSON.stringify({ ...record, finishedAt: null, skipped }));
  const { summary, file } = await renderReport(directory);
  t.false(summary.complete);
  t.like(findCell(summary.cells, 'd20-c4-r1'), {
    state: 'skipped',
    reason: 'Not measured: the campaign ended before this cell did.',
  });
  t.like(findCell(summary.cells, 'd20-c32-r1'), { state: 'skipped', reason: 'The service did not recover.' });
  const page = await readFile(file, 'utf8');
  t.true(page.includes('not finished') && page.includes('The service did not recover.'));
});

test('one unreadable cell is failed with the reason and does not lose the others', async (t) => {
  const { directory } = await makeCampaign(t, { sizes: [20], levels: [1, 4, 32], runs: 1 });
  await writeFile(cellFiles(directory, 'd20-c4-r1').operations, 'not Parquet');
  await writeFile(cellFiles(directory, 'd20-c32-r1').record, '{}');
  const { summary } = await renderReport(directory);
  t.deepEqual(
    summary.cells.map(({ state }) => state),
    ['ok', 'failed', 'failed'],
  );
  t.regex(summary.cells[1]?.reason ?? '', /^Could not be read: expected a Parquet file of operations at .*d20-c4-r1/);
  t.regex(summary.cells[2]?.reason ?? '', /^Could not be read: expected version 1 of a result in .*cell\.json/);
  t.false(summary.complete);
});

test('a cell that failed before its first row needs no rows on disk', async (t) => {
  const failure = 'The barrier was not reached within 20 s.';
  const { directory } = await makeCampaign(t, {
    sizes: [20],
    levels: [4],
    runs: 1,
    change: () => ({ evidence: { failure, window: null, drainedMs: null, pilots: [], server: null, recovery: null } }),
  });
  await rm(cellFiles(directory, 'd20-c4-r1').operations);
  const { summary, file } = await renderReport(directory);
  t.like(summary.cells[0], { state: 'failed', reason: failure });
  t.true((await readFile(file, 'utf8')).includes('No cell has a rate'));
});

test('hostile text stays text in page and charts', async (t) => {
  const hostile = '<script>alert(1)</script>"\'&\u0000';
  const { directory } = await makeCampaign(t, {
    name: hostile,
    target: `http://${hostile}`,
    sizes: [20],
    levels: [1, 4],
    runs: 1,
    change: ({ level }) => (level === 1 ? {} : { evidence: { failure: hostile, scenario: hostile } }),
  });
  const page = await readFile((await renderReport(directory)).file, 'utf8');
  const [still, scripts] = splitScripts(page);
  t.notRegex(still, /<script|<\/script/i);
  for (const { text } of scripts) t.false(text.includes('alert(1)</script'));
  t.false(page.includes('\u0000'));
  t.true(page.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
  const [chart] = parseCharts(page);
  t.true(chart !== undefined && chart.text.includes('20 files, srm-ls'));
});
