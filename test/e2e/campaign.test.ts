/** A small campaign from its config to its report, held against what is on disk. */

import { readFile, readdir, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import test, { type ExecutionContext } from 'ava';
import { z } from 'zod';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import { cellFiles, readCellRecord, reportFile, summaryFile } from '../../reports/result-directory.ts';
import { type CellSummary, type Summary, SummarySchema } from '../../reports/summary.ts';
import { SCHEMA_FILE } from '../../scripts/summary-schema.ts';
import { CONFIG_FILE, isRunning, pilotPids, readJournal, runCli } from '../support/cli.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const CONFIG: ConfigInput = {
  name: 'small',
  target: { kind: 'embedded', root: { make: [5, 50] } },
  scenario: { kind: 'srm-ls', directories: { 5: '/d5', 50: '/d50' } },
  load: { levels: [1, 3, 6], runs: 2 },
  timing: {
    warmUp: { atLeast: '50ms', atMost: '10s' },
    window: { atLeast: '200ms', operationsPerClient: 10, atMost: '5s' },
    drain: '5s',
    recovery: { within: '20s' },
  },
  pools: [{ kind: 'local', pilots: 3, slotsPerPilot: 2 }],
};

const RUN_MAJOR = [1, 2].flatMap((run) => [5, 50].flatMap((size) => [1, 3, 6].map((level) => [size, level, run])));

/** What DuckDB makes of the rows of one cell, by the definitions of docs/measures.md. */
async function measureWithDuckDb(file: string, { open, close }: { open: number; close: number }) {
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  const from = `from (select *, start_us + duration_us as end_us from '${file}')`;
  const [openUs, closeUs] = [open * 1000, close * 1000];
  const read = async (query: string) => (await connection.runAndReadAll(query)).getRowObjectsJS();
  try {
    const outcomes = await read(`select outcome, count(*)::double as n ${from} group by outcome`);
    const [ended] = await read(`
      select count(*)::double as n ${from} where outcome = 'ok' and end_us > ${openUs} and end_us <= ${closeUs}`);
    const [shared] = await read(`
      select sum((least(end_us, ${closeUs}) - greatest(start_us, ${openUs})) / duration_us) as n ${from}
      where outcome = 'ok' and duration_us > 0 and end_us > ${openUs} and start_us < ${closeUs}`);
    const [times] = await read(`
      select count(*)::double as count, avg(duration_us) / 1000 as mean, max(duration_us) / 1000 as max,
        ${[50, 90, 95, 99].map((p) => `quantile_disc(duration_us, 0.${p}) / 1000 as p${p}`).join(', ')}
      ${from} where outcome = 'ok' and start_us >= ${openUs} and start_us < ${closeUs}`);
    return {
      byOutcome: Object.fromEntries(outcomes.map(({ outcome, n }) => [outcome, n])),
      rateCompletedPerS: (ended?.['n'] as number) / ((closeUs - openUs) / 1e6),
      edgeCorrectedRatePerS: (shared?.['n'] as number) / ((closeUs - openUs) / 1e6),
      times: times as Record<string, number>,
    };
  } finally {
    connection.closeSync();
    database.closeSync();
  }
}

/** A percentile that the summary leaves out, for want of operations, is not compared. */
async function assertRowsAgree(t: ExecutionContext, directory: string, cell: CellSummary): Promise<void> {
  const { evidence } = await readCellRecord(directory, cell.id);
  t.true(
    evidence.pilots.every(({ clock }) => clock.startCorrectionMs === 0),
    'all on one clock',
  );
  const window = cell.windowMs as NonNullable<typeof cell.windowMs>;
  const file = cellFiles(directory, cell.id).operations;
  const { byOutcome, rateCompletedPerS, edgeCorrectedRatePerS, times } = await measureWithDuckDb(file, window);
  t.deepEqual(cell.operations.byOutcome, byOutcome);
  t.is(cell.rateCompletedPerS, rateCompletedPerS);
  const ratePerS = cell.ratePerS as number;
  t.true(Math.abs(ratePerS / edgeCorrectedRatePerS - 1) < 1e-9, `${ratePerS} and ${edgeCorrectedRatePerS}`);
  for (const [name, value] of Object.entries(cell.serviceTimeMs)) {
    if (value !== null) t.is(value, times[name] as number, `${cell.id} ${name}`);
  }
  t.is(typeof cell.serviceTimeMs.p50, 'number');
}

async function readPublishedSchema(): Promise<z.ZodType> {
  return z.fromJSONSchema(JSON.parse(await readFile(SCHEMA_FILE, 'utf8')) as Parameters<typeof z.fromJSONSchema>[0]);
}

async function readResults(directory: string): Promise<{ summary: string; report: string }> {
  const [summary, report] = await Promise.all([
    readFile(summaryFile(directory), 'utf8'),
    readFile(reportFile(directory), 'utf8'),
  ]);
  return { summary, report };
}

test('a campaign of 2 sizes, 3 levels and 2 runs leaves results that agree with their own rows and with the server, and that stay', async (t) => {
  const folder = await makeTemporaryFolder(t, { [CONFIG_FILE]: JSON.stringify(CONFIG) });
  const { exitCode, stdout, stderr } = await runCli(t, ['run', '--json'], { folder });
  t.is(exitCode, 0, stderr);
  t.false(stderr.includes('\u001B'), 'no terminal, no control characters');

  const latest = join(folder, 'results', 'latest');
  const name = await readlink(latest);
  t.regex(name, /^small-\d{4}-\d\d-\d\dT\d{6}Z$/);
  const directory = join(folder, 'results', name);
  t.true(stderr.includes(reportFile(directory)));
  t.deepEqual((await readdir(directory)).toSorted(), [
    'campaign.json',
    'cells',
    'journal.ndjson',
    'logs',
    'report.html',
    'summary.json',
  ]);

  const first = await readResults(directory);
  const json: unknown = JSON.parse(first.summary);
  t.deepEqual(JSON.parse(stdout), json, 'standard output is summary.json and nothing else');
  const summary: Summary = SummarySchema.parse(json);
  t.true((await readPublishedSchema()).safeParse(json).success);
  t.true(summary.complete);
  t.deepEqual(
    summary.cells.map(({ directorySize, level, run }) => [directorySize, level, run]),
    RUN_MAJOR,
  );
  const ids = summary.cells.map(({ id }) => id);
  t.deepEqual((await readdir(join(directory, 'cells'))).toSorted(), ids);

  const journal = await readJournal(directory);
  const finished = journal.filter(({ step }) => step === 'cell-finished').map(({ cell }) => cell);
  t.deepEqual(finished, ids, 'measured in the order of the plan');
  for (const cell of summary.cells) {
    const about = JSON.stringify(cell);
    t.is(cell.state, 'ok', about);
    t.is(cell.held, cell.level, about);
    t.deepEqual(cell.server, { counted: cell.operations.ok, difference: 0 }, about);
    t.deepEqual((await readdir(join(directory, 'cells', cell.id))).toSorted(), ['cell.json', 'operations.parquet']);
    await assertRowsAgree(t, directory, cell);
  }

  const pids = [...pilotPids(journal).values()];
  const frontend = journal.find(({ step }) => step === 'target-started')?.['pid'] as number;
  t.is(pids.length, 3);
  const counted = summary.acquisition?.map(({ asked, joined, refused, lost }) => ({ asked, joined, refused, lost }));
  t.deepEqual(counted, [{ asked: 3, joined: 3, refused: 0, lost: 0 }]);
  for (const pid of [...pids, frontend]) t.false(await isRunning(pid), `process ${pid} is still there`);

  // Opens without a network; what the scripts do is looked at in a browser (test/browser). The names of XML name spaces are no links.
  t.regex(first.report, /^<!doctype html>/i);
  const shown = first.report.replaceAll(/<script[\s\S]*?<\/script>/g, '');
  t.false(/<link|<iframe|@import|url\((?!#)|\b(?:src|href)\s*=\s*["']?(?:https?:)?\/\//i.test(shown));
  t.true(first.report.indexOf('<svg') < first.report.indexOf('<script'), 'the curves come before any script');
  for (const id of ids) t.true(first.report.includes(`<tr id="cell-${id}">`), id);

  await rm(summaryFile(directory));
  await rm(reportFile(directory));
  const again = await runCli(t, ['report', join('results', 'latest')], { folder });
  t.is(again.exitCode, 0, again.stderr);
  t.is(again.stdout, `${reportFile(latest)}\n`);
  t.deepEqual(await readResults(directory), first);
  // Not only what the run left: the same again from rows and evidence.
  const anew = await runCli(t, ['report', '--anew', join('results', 'latest')], { folder });
  t.is(anew.exitCode, 0, anew.stderr);
  t.deepEqual(await readResults(directory), first);

  // Results are never overwritten: not by name, and not by the next campaign.
  const refused = await runCli(t, ['run', '--out', directory], { folder });
  t.is(refused.exitCode, 122);
  t.true(refused.stderr.includes('GT_RESULT_EXISTS'));
  const one = ['load.levels=2', 'load.runs=1', 'scenario.directories={"5":"/d5"}'].flatMap((set) => ['--set', set]);
  const second = await runCli(t, ['run', '--quiet', ...one], { folder });
  t.is(second.exitCode, 0, second.stderr);
  t.is(second.stdout, '', 'without --json standard output stays empty');
  const secondName = await readlink(latest);
  t.deepEqual((await readdir(join(folder, 'results'))).toSorted(), [name, 'latest', secondName].toSorted());
  t.not(secondName, name);
  t.deepEqual(await readResults(directory), first);
});
