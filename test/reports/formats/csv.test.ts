import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import { CSV_COLUMNS } from '../../../reports/formats/csv-columns.ts';
import { csvLine } from '../../../reports/formats/csv-text.ts';
import { renderCsv } from '../../../reports/formats/render-csv.ts';
import { REPORT_FORMATS } from '../../../reports/formats/report-format.ts';
import { skippedCell } from '../../../reports/measure.ts';
import { putOnOneLine } from '../../../reports/plain-text.ts';
import type { CellSummary } from '../../../reports/summary.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { makeWholeCell } from '../../support/whole-cell.ts';

/** The rows as DuckDB finds them by itself, by column. */
async function readByDuckDb(t: ExecutionContext, csv: string): Promise<Record<string, unknown>[]> {
  const file = join(await makeTemporaryFolder(t), 'cells.csv');
  await writeFile(file, csv);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  t.teardown(() => {
    connection.closeSync();
    instance.closeSync();
  });
  const reader = await connection.runAndReadAll(`SELECT * FROM read_csv('${file}', header = true, sample_size = -1)`);
  return reader.getRowObjectsJS();
}

/** Numbers and texts anywhere in a value. */
function listLeaves(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(listLeaves);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(listLeaves);
  return [value];
}

test('every figure and word of a cell has a column, and DuckDB reads back each as it stands in the summary', async (t) => {
  const cell = makeWholeCell();
  const [row] = await readByDuckDb(t, renderCsv({ cells: [cell] }));
  const values = Object.entries(row ?? {}).flatMap(([name, value]) =>
    name.endsWith('_json')
      ? listLeaves(JSON.parse(value as string))
      : [typeof value === 'bigint' ? Number(value) : value],
  );
  const read = new Set(values);
  // What a mark crossed stands in its sentence.
  const { marks, ...rest } = cell;
  const expected = [...listLeaves(rest), ...marks.flatMap(({ code, text }) => [code, text])];
  t.true(expected.length > 80);
  for (const leaf of expected) t.true(read.has(leaf), `${String(leaf)} is in no column`);
});

test('a cell that was not measured has empty places, which are no value to DuckDB; the header never changes', async (t) => {
  const identity = { id: 'd20-c4-r1', target: 't', scenario: 's', directorySize: null, level: 4, run: 1 };
  const rows = await readByDuckDb(t, renderCsv({ cells: [skippedCell(identity, 'why'), makeWholeCell()] }));
  t.like(rows[0], {
    id: 'd20-c4-r1',
    directory_size_files: null,
    rate_hz: null,
    hung: null,
    reason: 'why',
    marks: null,
  });
  t.is(renderCsv({ cells: [] }), csvLine(CSV_COLUMNS.map(([name]) => name)));
  t.is(new Set(CSV_COLUMNS.map(([name]) => name)).size, CSV_COLUMNS.length);
});

test('hostile text is one value of one row, and no formula', async (t) => {
  const cells = HOSTILE_TEXTS.map((text, index): CellSummary =>
    makeWholeCell({ target: text, reason: text, run: index + 1 }),
  );
  const rows = await readByDuckDb(t, renderCsv({ cells }));
  t.deepEqual(
    rows.map(({ run }) => Number(run)),
    HOSTILE_TEXTS.map((_, index) => index + 1),
  );
  for (const { reason } of rows) t.notRegex(String(reason), /^\s*[=+\-@]|[\r\n]/);
});

/** A parser by the letter of RFC 4180, section 2. */
function parseRfc4180(line: string): string[] {
  const values: string[] = [];
  const rest = line.replace(/\r\n$/, '');
  for (let at = 0; at <= rest.length; at += 1) {
    const quoted = /^"((?:[^"]|"")*)"/.exec(rest.slice(at));
    const text = quoted?.[0] ?? /^[^,"]*/.exec(rest.slice(at))?.[0] ?? '';
    values.push(quoted === null ? text : (quoted[1] as string).replaceAll('""', '"'));
    at += text.length;
    if (at < rest.length && rest[at] !== ',') throw new Error(`expected a comma at ${at} of ${rest}`);
  }
  return values;
}

test('any texts come back as they were, on one line each, but for the apostrophe before what would be a formula', (t) => {
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...HOSTILE_TEXTS));
  fc.assert(
    fc.property(fc.array(text, { minLength: 1 }), (texts) => {
      const line = csvLine(texts);
      t.true(line.endsWith('\r\n'));
      const shown = texts.map(putOnOneLine);
      t.deepEqual(
        parseRfc4180(line),
        shown.map((each) => (/^\s*[=+\-@＝＋－＠]/.test(each) ? `'${each}` : each)),
      );
    }),
  );
});

test('docs/report-formats.md names every column, and no other', async (t) => {
  const text = await readFile(new URL('../../../docs/report-formats.md', import.meta.url), 'utf8');
  const heads = [...text.matchAll(/^\| (`[a-z].*?) \|/gm)].map(([, head]) => head as string);
  const named = heads.flatMap((head) => [...head.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  const formats = new Set<string | undefined>(REPORT_FORMATS);
  const columns = CSV_COLUMNS.map(([name]) => name);
  const inDocs = new Set(named.filter((name) => !formats.has(name)));
  t.deepEqual(
    columns.filter((name) => !inDocs.has(name)),
    [],
  );
  t.is(inDocs.size, columns.length);
});
