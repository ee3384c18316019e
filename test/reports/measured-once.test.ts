/** When a report takes the summary that stands beside the rows, and when it measures anew. */

import { createHash } from 'node:crypto';
import { rm, stat, writeFile } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import { loadReport } from '../../reports/load-report.ts';
import { MEASURES_VERSION, measureCell } from '../../reports/measure.ts';
import { type CellRecord, cellFiles, readCellRecord } from '../../reports/result-directory.ts';
import { writeSyntheticCampaign } from '../support/synthetic-campaign.ts';
import { type SyntheticOptions, blocksOf, simulateCell } from '../support/synthetic-cell.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const CELL = 'd20-c4-r1';

/** A campaign of one cell whose stored summary can be told from what its rows say, and what that is. */
async function makeCampaign(t: ExecutionContext, change: (madeOf: NonNullable<CellRecord['madeOf']>) => object | null) {
  const directory = await makeTemporaryFolder(t);
  await writeSyntheticCampaign({ directory, sizes: [20], levels: [4], runs: 1 });
  const files = cellFiles(directory, CELL);
  const { evidence, summary, detail } = await readCellRecord(directory, CELL);
  const madeOf = { measures: MEASURES_VERSION, rowsBytes: (await stat(files.operations)).size };
  const record = { evidence, summary: { ...summary, ratePerS: 12_345 }, detail, madeOf: change(madeOf) };
  await writeFile(files.record, JSON.stringify(record));
  const rateOf = async (options?: { anew: boolean }): Promise<number | null | undefined> =>
    (await loadReport(directory, options)).summary.cells[0]?.ratePerS;
  return { directory, files, rateOf, measuredPerS: summary.ratePerS };
}

test('a summary by the same measures from rows of the same size is taken as it stands, unless asked for anew', async (t) => {
  const { rateOf, measuredPerS } = await makeCampaign(t, (madeOf) => madeOf);
  t.is(await rateOf(), 12_345);
  t.is(await rateOf({ anew: true }), measuredPerS);
});

const isMeasuredAnew = test.macro<[string, (madeOf: NonNullable<CellRecord['madeOf']>) => object | null]>({
  async exec(t, _what, change) {
    const { rateOf, measuredPerS } = await makeCampaign(t, change);
    t.is(await rateOf(), measuredPerS);
  },
  title: (_, what) => `a summary ${what} is made anew`,
});

test(isMeasuredAnew, 'of which nothing is known', () => null);
test(isMeasuredAnew, 'by earlier measures', (madeOf) => ({ ...madeOf, measures: MEASURES_VERSION - 1 }));
test(isMeasuredAnew, 'by later measures', (madeOf) => ({ ...madeOf, measures: MEASURES_VERSION + 1 }));
test(isMeasuredAnew, 'from rows of another size', ({ rowsBytes, ...madeOf }) => ({
  ...madeOf,
  rowsBytes: rowsBytes + 1,
}));

test('a cell whose rows are gone can’t be read, whatever its stored summary says', async (t) => {
  const { directory, files } = await makeCampaign(t, (madeOf) => madeOf);
  await rm(files.operations);
  const { summary } = await loadReport(directory);
  t.like(summary.cells[0], { state: 'failed', ratePerS: null });
});

test('a cell whose details were not kept is measured anew', async (t) => {
  const { files, rateOf, measuredPerS, directory } = await makeCampaign(t, (madeOf) => madeOf);
  const { detail, ...record } = await readCellRecord(directory, CELL);
  await writeFile(files.record, JSON.stringify(record));
  t.is(await rateOf(), measuredPerS);
  t.deepEqual((await loadReport(directory)).facts.details.get(CELL), detail ?? undefined);
});

test('measured once or anew, summary and details are the same byte by byte', async (t) => {
  const directory = await makeTemporaryFolder(t);
  await writeSyntheticCampaign({ directory, sizes: [20], levels: [1, 8], runs: 1 });
  for (const id of ['d20-c1-r1', 'd20-c8-r1']) {
    const files = cellFiles(directory, id);
    const record = await readCellRecord(directory, id);
    const madeOf = { measures: MEASURES_VERSION, rowsBytes: (await stat(files.operations)).size };
    await writeFile(files.record, JSON.stringify({ ...record, madeOf }));
  }
  const asText = async (options: { anew: boolean }): Promise<string> => {
    const { summary, facts } = await loadReport(directory, options);
    return JSON.stringify([summary, [...facts.details]]);
  };
  t.is(await asText({ anew: true }), await asText({ anew: false }));
});

/** What this version of the measures makes of the cells below: their summaries and details. */
const MEASURED = { version: 2, sha256: '80db14496c2a1ac435f5a6a9873c2644f02341e677bd59c2183df5512d504a38' };

/** Times without a logarithm: the same on every machine. */
const CELLS: SyntheticOptions[] = [
  { clients: 30, places: 7, serviceUs: (random) => 2000 + Math.floor(random() * 9000), turnUs: 40 },
  {
    clients: 12,
    pilots: 3,
    serviceUs: (random, startUs) => 3000 + Math.floor(startUs / 200) + Math.floor(random() * 500),
    outcomeOf: (random) => (random() < 0.1 ? 'reset' : 'ok'),
    pauseAfterFailureUs: 5000,
    lostPilot: { pilot: 2, atMs: 700 },
  },
  { clients: 8, serviceUs: () => 2_000_000, warmUpLimitMs: 500, drainLimitMs: 100 },
];

test('the measures make of the same rows and evidence what their version says', async (t) => {
  const hash = createHash('sha256');
  for (const options of CELLS) {
    const { evidence, operations } = simulateCell(options);
    hash.update(JSON.stringify(await measureCell(evidence, blocksOf(operations))));
  }
  t.deepEqual(
    { version: MEASURES_VERSION, sha256: hash.digest('hex') },
    MEASURED,
    'the measures have changed: raise MEASURES_VERSION, and write version and hash here',
  );
});
