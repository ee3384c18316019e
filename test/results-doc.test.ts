/** docs/results.md says what the code does: columns, steps, fields, and a recipe that runs. */

import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import test, { type ExecutionContext } from 'ava';
import { JOURNAL_STEPS } from '../coordinator/journal.ts';
import { CellDetailSchema } from '../reports/cell-detail.ts';
import { SiteAcquisitionSchema } from '../reports/acquisition.ts';
import { loadReport } from '../reports/load-report.ts';
import { PARQUET_SCHEMA } from '../reports/parquet/columns.ts';
import { summaryFile, writeDurably } from '../reports/result-directory.ts';
import { CellSummarySchema, SUMMARY_VERSION, type Summary, SummarySchema } from '../reports/summary.ts';
import { writeSyntheticCampaign } from './support/synthetic-campaign.ts';
import { makeTemporaryFolder } from './support/temporary-folder.ts';

const RESULTS = readFileSync(new URL('../docs/results.md', import.meta.url), 'utf8');
const MEASURES = readFileSync(new URL('../docs/measures.md', import.meta.url), 'utf8');

/** The text below a heading, up to the next one. */
function sectionOf(text: string, heading: string): string {
  const [, after = ''] = text.split(`\n## ${heading}\n`);
  return after.split('\n## ')[0] as string;
}

/** The cells of each row of a section's tables, without heads and rules. */
function rowsOf(section: string): string[][] {
  const tables = section.matchAll(/^\|.*\|\n\| --- .*\n((?:\|.*\|\n)*)/gm);
  return [...tables].flatMap(([, body = '']) =>
    body
      .trimEnd()
      .split('\n')
      .map((line) =>
        line
          .slice(1, -1)
          .split(/(?<!\\)\|/)
          .map((cell) => cell.trim()),
      ),
  );
}

const codesOf = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code as string);

const TYPES: Record<string, string> = {
  UINT_32: 'uint32',
  UINT_16: 'uint16',
  UTF8: 'string',
  INT64: 'int64',
  INT32: 'int32',
};

test('every column of the rows stands in docs/results.md in its order, with type, unit and what null means', (t) => {
  const rows = rowsOf(sectionOf(RESULTS, 'Rows'));
  const columns = PARQUET_SCHEMA.slice(1).map(
    ({ name, type, converted_type: converted, repetition_type: repetition }) => ({
      name: `\`${name}\``,
      type: TYPES[converted ?? type ?? ''],
      isNever: repetition === 'REQUIRED',
    }),
  );
  t.deepEqual(
    rows.map(([name, type, , , whenNull]) => ({
      name,
      type,
      isNever: whenNull === 'never' || whenNull === 'as `polls`; never',
    })),
    columns as object[],
  );
  for (const [name = '', , unit, meaning] of rows) {
    t.is(unit === 'µs', name.includes('_us'), name);
    t.true((meaning?.length ?? 0) > 10, name);
  }
});

test('every step of the journal stands in docs/results.md, in its order of time or beside its like', (t) => {
  const steps = rowsOf(sectionOf(RESULTS, 'The journal')).flatMap(([step = '']) => codesOf(step));
  t.deepEqual(steps.toSorted(), JOURNAL_STEPS.toSorted());
});

test('every field of summary.json stands in docs/results.md, every field of a cell in docs/measures.md', (t) => {
  const section = sectionOf(RESULTS, 'summary.json');
  t.deepEqual(
    rowsOf(section)
      .flatMap(([fields = '']) => codesOf(fields))
      .toSorted(),
    Object.keys(SummarySchema.shape).toSorted(),
  );
  t.true(section.includes(`**Version.** It is ${SUMMARY_VERSION}.`));
  const codes = new Set(codesOf(MEASURES).flatMap((code) => code.split('.')));
  const identity = ['id', 'target', 'scenario', 'directorySize', 'level', 'run'];
  const fields = Object.keys({ ...CellSummarySchema.shape, ...CellDetailSchema.shape, ...SiteAcquisitionSchema.shape });
  const told = new Set(['state', 'marks', 'site', 'windowMs', ...identity]);
  for (const field of fields) if (!told.has(field)) t.true(codes.has(field), `${field} is not in docs/measures.md`);
});

async function runRecipe(t: ExecutionContext, directory: string): Promise<Record<string, unknown>[]> {
  const [, sql = ''] = /```sql\n([\s\S]*?)```/.exec(sectionOf(RESULTS, 'Recipes')) ?? [];
  t.is(sql.trimEnd().split('\n').length, 3);
  t.true(sql.includes('results/latest'));
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  t.teardown(() => {
    connection.closeSync();
    instance.closeSync();
  });
  const reader = await connection.runAndReadAll(sql.replaceAll('results/latest', directory));
  return reader.getRowObjectsJS();
}

async function summarize(directory: string): Promise<Summary> {
  const { summary } = await loadReport(directory);
  await writeDurably(summaryFile(directory), JSON.stringify(summary));
  return summary;
}

/** The cells with a window, as the recipe lists them. */
const describeCells = ({ cells }: Summary) =>
  cells.map(({ target, directorySize, level, serviceTimeMs: { count, p95 } }) => ({
    target,
    directorySize: BigInt(directorySize ?? 0),
    level: BigInt(level),
    operations: BigInt(count),
    p95_ms: p95,
  }));

test('the recipe for DuckDB finds the p95 and the counts of summary.json, level by level', async (t) => {
  const directory = await makeTemporaryFolder(t);
  await writeSyntheticCampaign({
    directory,
    sizes: [20, 200],
    levels: [8, 16],
    runs: 1,
    change: ({ level }) =>
      level === 8 ? {} : { options: { outcomeOf: (random) => (random() < 0.1 ? 'status/SRM_FAILURE' : 'ok') } },
  });
  const summary = await summarize(directory);
  const cells = describeCells(summary);
  t.true(cells.length === 4 && cells.every(({ p95_ms }) => p95_ms !== null));
  t.deepEqual(await runRecipe(t, directory), cells);
});

test('over several runs it takes the operations of all of them together, those of a cell without a window in none', async (t) => {
  const directory = await makeTemporaryFolder(t);
  await writeSyntheticCampaign({
    directory,
    sizes: [20],
    levels: [4],
    runs: 3,
    change: ({ run }) => (run === 3 ? { evidence: { window: null } } : {}),
  });
  const summary = await summarize(directory);
  const [first, second] = summary.cells.map(({ serviceTimeMs }) => serviceTimeMs);
  const [row, ...others] = await runRecipe(t, directory);
  t.deepEqual(others, []);
  t.is(row?.['operations'], BigInt((first?.count ?? 0) + (second?.count ?? 0)));
  const ends = [first?.p95 ?? 0, second?.p95 ?? 0].toSorted((a, b) => a - b);
  const p95Ms = row?.['p95_ms'] as number;
  t.true(p95Ms >= (ends[0] as number) && p95Ms <= (ends[1] as number));
});
