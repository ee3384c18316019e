/** A result directory as it was written before connections, identities and follow-up requests were kept. */

import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { renderReport } from '../../reports/render.ts';
import { reportFile, summaryFile } from '../../reports/result-directory.ts';
import { parseSummary } from '../../reports/read-summary.ts';
import type { CellSummary } from '../../reports/summary.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const EARLIER = fileURLToPath(new URL('fixtures/before-connections', import.meta.url));

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

test('an earlier result is reported with every measure as it was, and nothing made up about its connections', async (t) => {
  const directory = join(await makeTemporaryFolder(t), 'result');
  await cp(EARLIER, directory, { recursive: true });
  const before = JSON.parse(await readFile(summaryFile(directory), 'utf8'));
  const { summary } = await renderReport(directory);
  t.true(summary.cells.length > 1 && summary.cells.every(({ state, ratePerS }) => state === 'ok' && ratePerS !== null));
  // What is measured since then from evidence that it has.
  const since = summary.cells.map(({ generatorCpuShare, hung }) => ({ generatorCpuShare, hung }));
  t.true(since.every(({ generatorCpuShare, hung }) => generatorCpuShare !== null && hung === false));
  t.deepEqual(summary, {
    ...before,
    cells: before.cells.map((cell: Pick<CellSummary, 'generator'>, index: number) => ({
      ...cell,
      ...UNKNOWN,
      ...since[index],
      generator: { ...cell.generator, ...UNKNOWN_HEALTH },
    })),
    findings: null,
    thresholds: [],
  });
  const page = await readFile(reportFile(directory), 'utf8');
  t.notRegex(page, /handshakes|connections/);
});

test('an earlier summary is one by the schema of today, which fills in what it did not know', async (t) => {
  const summary = parseSummary(JSON.parse(await readFile(summaryFile(EARLIER), 'utf8')));
  for (const cell of summary.cells) t.like(cell, { ...UNKNOWN, generator: UNKNOWN_HEALTH });
});
