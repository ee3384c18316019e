/** Result directories as earlier versions wrote them. */

import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { loadReport } from '../../reports/load-report.ts';
import { modelCampaign } from '../../reports/models/model-series.ts';
import { readSummary } from '../../reports/read-summary.ts';
import { renderReport } from '../../reports/render.ts';
import { summaryFile } from '../../reports/result-directory.ts';
import { type CellSummary, SUMMARY_VERSION } from '../../reports/summary.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

/** Of version 1, from before connections, identities and follow-up requests were kept. */
const BEFORE_CONNECTIONS = fileURLToPath(new URL('fixtures/before-connections', import.meta.url));

/** Of version 2: with details, models, verdicts and a journal. */
const VERSION_2 = fileURLToPath(new URL('fixtures/version-2', import.meta.url));

const sum = (counts: readonly number[] | undefined): number => (counts ?? []).reduce((all, each) => all + each, 0);

/** What such a result says about what it did not know. */
const UNKNOWN = {
  connections: null,
  identities: 0,
  followUps: { polls: 0, pages: 0 },
  service: null,
  sites: [],
};

const UNKNOWN_HEALTH = {
  loopLateMeanMs: null,
  throttledShare: null,
  pressureShare: null,
  stolenShare: null,
  tcp: null,
};

test('a result of version 1 is reported with every measure as it was, and nothing made up about its connections', async (t) => {
  const before = JSON.parse(await readFile(summaryFile(BEFORE_CONNECTIONS), 'utf8'));
  const { summary, facts } = await loadReport(BEFORE_CONNECTIONS);
  t.is(before.version, 1);
  t.true(summary.cells.length > 1 && summary.cells.every(({ state, ratePerS }) => state === 'ok' && ratePerS !== null));
  // What is measured since then from evidence that it has.
  const since = summary.cells.map(({ generatorCpuShare, hung }) => ({ generatorCpuShare, hung }));
  t.true(since.every(({ generatorCpuShare, hung }) => generatorCpuShare !== null && hung === false));
  t.deepEqual(summary, {
    ...before,
    version: SUMMARY_VERSION,
    cells: before.cells.map((cell: Pick<CellSummary, 'generator'>, index: number) => ({
      ...cell,
      ...UNKNOWN,
      ...since[index],
      generator: { ...cell.generator, ...UNKNOWN_HEALTH },
    })),
    findings: null,
    thresholds: [],
    models: modelCampaign(summary.cells),
    acquisition: null,
  });
  t.is(facts.acquisition, null);
  t.deepEqual(
    facts.pilots.map(({ id, cells }) => [id, cells]),
    [
      ['p1', 2],
      ['p2', 1],
    ],
  );
});

test('its rows tell what was not kept then: how the times are spread, and how each cell went', async (t) => {
  const { summary, facts } = await loadReport(BEFORE_CONNECTIONS);
  for (const { id, operations, serviceTimeMs } of summary.cells) {
    const detail = facts.details.get(id);
    t.is(sum(detail?.serviceTimes.ok?.counts), serviceTimeMs.count);
    t.is(sum(detail?.course?.ok) + sum(detail?.course?.firstCohort), operations.ok);
  }
});

test('its page says nothing of connections', async (t) => {
  const directory = join(await makeTemporaryFolder(t), 'result');
  await cp(BEFORE_CONNECTIONS, directory, { recursive: true });
  const { file, summary } = await renderReport(directory);
  t.notRegex(await readFile(file, 'utf8'), /TLS handshakes|connections,/);
  t.deepEqual(await readSummary(summaryFile(directory)), summary);
});

test('a summary of version 1 is read as one of today, which fills in what it did not know and models its cells', async (t) => {
  const file = summaryFile(BEFORE_CONNECTIONS);
  const before = JSON.parse(await readFile(file, 'utf8'));
  const summary = await readSummary(file);
  t.is(summary.version, SUMMARY_VERSION);
  for (const cell of summary.cells) t.like(cell, { ...UNKNOWN, generator: UNKNOWN_HEALTH });
  t.is(summary.models.length, 1);
  t.like(summary.models[0], { directorySize: 20, levels: 2 });
  for (const [index, cell] of summary.cells.entries()) t.is(cell.ratePerS, before.cells[index].ratePerS);
  t.is(summary.acquisition, null);
});

test('a summary of version 2 is read as it stands, with nothing left out and nothing put in', async (t) => {
  const file = summaryFile(VERSION_2);
  const before = JSON.parse(await readFile(file, 'utf8'));
  t.is(before.version, 2);
  const { version, ...summary } = await readSummary(file);
  t.is(version, SUMMARY_VERSION);
  t.deepEqual({ version: 2, ...summary }, before);
});

test('a result of version 2 is reported with its counts, verdicts, details, pilots and acquisition', async (t) => {
  const before = JSON.parse(await readFile(summaryFile(VERSION_2), 'utf8'));
  const { summary, facts } = await loadReport(VERSION_2);
  t.deepEqual(summary.acquisition, before.acquisition);
  t.deepEqual([summary.findings, summary.thresholds], [before.findings, before.thresholds]);
  t.deepEqual(
    summary.cells.map(({ id, state, operations }) => ({ id, state, operations })),
    before.cells.map(({ id, state, operations }: CellSummary) => ({ id, state, operations })),
  );
  t.is(facts.details.size, 2);
  t.is(facts.pilots.length, 2);
  t.like(facts.acquisition?.steps.at(-1), { neededSlots: 4, readyPilots: 2, heldSlots: 4 });
});

test('what has the number of no known version is no summary, and the versions that are known are told', async (t) => {
  const file = summaryFile(await makeTemporaryFolder(t));
  for (const text of [`{"version":${SUMMARY_VERSION + 1}}`, '{"version":1}', 'not JSON', '']) {
    await writeFile(file, text);
    const error = await t.throwsAsync(readSummary(file), { code: 'GT_RESULT_NOT_READABLE' });
    t.regex(error?.message ?? '', /expected a summary of version 1 to 2 in .*summary\.json: ./);
  }
});
