import { mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import test, { type ExecutionContext } from 'ava';
import { createCellStore, readOperationBlocks } from '../../reports/cell-store.ts';
import { NOT_REACHED, type OperationBlock, createOperationBlock } from '../../reports/operation.ts';
import { type SyntheticOperation, blocksOf, exponential, listOf, simulateCell } from '../support/synthetic-cell.ts';
import { summarizeCell } from '../support/summarize-cell.ts';

async function temporaryFile(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'glidetester-rows-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'cells', 'one', 'operations.parquet');
}

async function store(file: string, blocks: AsyncIterable<OperationBlock>): Promise<number> {
  const cell = createCellStore(file);
  for await (const block of blocks) await cell.append(block);
  return (await cell.close()).rows;
}

/** Rows as plain objects, so that two files can be compared whatever their blocks. */
async function rowsOf(blocks: AsyncIterable<OperationBlock>): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for await (const block of blocks) {
    for (let row = 0; row < block.rows; row += 1) {
      const { outcomes, outcome, rows: _, ...columns } = block;
      const values = Object.entries(columns).map(([name, column]) => [name, column[row]]);
      rows.push({ ...Object.fromEntries(values), outcome: outcomes[outcome[row] as number] });
    }
  }
  return rows;
}

const EXTREMES: SyntheticOperation[] = [
  { client: 4_294_967_295, sequence: 4_294_967_295, startUs: -1500, durationUs: 0, outcome: 'ok', polls: 65_535 },
  {
    client: 0,
    sequence: 0,
    startUs: 90_000_000_000,
    durationUs: 2_147_483_647,
    outcome: 'status/<script>"é😀',
    pages: 65_535,
  },
];

test('rows come back from Parquet as they went in, whatever the blocks', async (t) => {
  const file = await temporaryFile(t);
  const { operations } = simulateCell({
    clients: 20,
    serviceUs: exponential(5000),
    outcomeOf: (random) => (random() < 0.2 ? 'refused' : 'ok'),
  });
  const all = [...EXTREMES, ...operations];
  t.is(await store(file, blocksOf(all, 333)), all.length);
  t.deepEqual(await rowsOf(readOperationBlocks(file)), await rowsOf(blocksOf(all)));
});

test('a cell without an operation is a readable file without a row', async (t) => {
  const file = await temporaryFile(t);
  t.is(await store(file, blocksOf([])), 0);
  t.deepEqual(await rowsOf(readOperationBlocks(file)), []);
});

test('many rows are written and read a row group at a time', async (t) => {
  const file = await temporaryFile(t);
  const cell = createCellStore(file);
  const block = createOperationBlock(30_000);
  block.rows = 30_000;
  block.outcomes = ['ok'];
  for (let round = 0; round < 4; round += 1) {
    block.sequence.fill(round);
    block.startUs.fill(round * 1000);
    await cell.append(block);
    if (round === 1) t.true((await stat(file)).size > 1000, 'the first group is on disk before the file is closed');
  }
  t.deepEqual(await cell.close(), { rows: 120_000 });
  // A block is valid until the next one is asked for.
  const seen: number[][] = [];
  for await (const { rows, sequence, startUs, connectUs } of readOperationBlocks(file)) {
    seen.push([rows, sequence[0], sequence[rows - 1], startUs[0], connectUs[0]] as number[]);
  }
  t.deepEqual(seen, [
    [50_000, 0, 1, 0, 0],
    [50_000, 1, 3, 1000, 0],
    [20_000, 3, 3, 3000, 0],
  ]);
});

test('appends that nobody waits for keep their order', async (t) => {
  const file = await temporaryFile(t);
  const cell = createCellStore(file);
  const { operations } = simulateCell({ clients: 3, serviceUs: exponential(5000) });
  const blocks = await listOf(blocksOf(operations, 10));
  await Promise.all(blocks.map((block) => cell.append(block)));
  await cell.close();
  t.deepEqual(await rowsOf(readOperationBlocks(file)), await rowsOf(blocksOf(operations)));
});

test('DuckDB reads the file and finds the same numbers as the measures', async (t) => {
  const file = await temporaryFile(t);
  const { evidence, operations } = simulateCell({
    clients: 30,
    places: 6,
    serviceUs: exponential(10_000),
    outcomeOf: (random) => (random() < 0.1 ? 'status/SRM_FAILURE' : 'ok'),
    pauseAfterFailureUs: 20_000,
    windowMs: 2000,
  });
  await store(file, blocksOf(operations));
  const measured = await summarizeCell(evidence, readOperationBlocks(file));
  const { open, close } = measured.windowMs as { open: number; close: number };
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  t.teardown(() => {
    connection.closeSync();
    instance.closeSync();
  });
  const result = await connection.runAndReadAll(`
    select
      count(*) filter (outcome = 'ok')::int as ok,
      count(*) filter (outcome <> 'ok')::int as failed,
      count(*) filter (outcome = 'ok' and end_us > ${open * 1000} and end_us <= ${close * 1000})::int as completed,
      sum(greatest(0, least(end_us, ${close * 1000}) - greatest(start_us, ${open * 1000})) / duration_us)
        filter (outcome = 'ok') / ${(close - open) / 1000} as rate,
      quantile_disc(duration_us, 0.5) filter (started) / 1000 as p50,
      max(duration_us) filter (started) / 1000 as longest,
      count(*) filter (connect_us is null)::int as unconnected,
      count(handshake_us)::int as handshakes,
      max(answer_bytes)::bigint::varchar as bytes
    from (select *, start_us + duration_us as end_us,
      outcome = 'ok' and start_us >= ${open * 1000} and start_us < ${close * 1000} as started from '${file}')`);
  const [row] = result.getRowObjectsJS();
  t.like(row, {
    ok: measured.operations.ok,
    failed: measured.operations.failed,
    completed: measured.inWindow.ok,
    p50: measured.serviceTimeMs.p50,
    longest: measured.serviceTimeMs.max,
    unconnected: measured.operations.failed,
    handshakes: 0,
    bytes: '4000000000',
  });
  t.true(Math.abs((row?.['rate'] as number) - (measured.ratePerS as number)) < 1e-6);
  const types = await connection.runAndReadAll(`select column_name, column_type from (describe from '${file}')`);
  t.deepEqual(types.getRowsJS(), [
    ['client', 'UINTEGER'],
    ['sequence', 'UINTEGER'],
    ['start_us', 'BIGINT'],
    ['duration_us', 'INTEGER'],
    ['connect_us', 'INTEGER'],
    ['handshake_us', 'INTEGER'],
    ['first_byte_us', 'INTEGER'],
    ['rest_us', 'INTEGER'],
    ['answer_bytes', 'UINTEGER'],
    ['polls', 'USMALLINT'],
    ['pages', 'USMALLINT'],
    ['outcome', 'VARCHAR'],
  ]);
});

test('a file that was never closed, is cut short or is none is refused by name', async (t) => {
  const file = await temporaryFile(t);
  const absent = { code: 'GT_RESULT_NOT_READABLE', message: /operations\.parquet: / };
  await t.throwsAsync(listOf(readOperationBlocks(file)), absent);
  await store(file, blocksOf(EXTREMES));
  await truncate(file, (await stat(file)).size - 10);
  await t.throwsAsync(listOf(readOperationBlocks(file)), absent);
  await writeFile(file, 'no Parquet at all');
  await t.throwsAsync(listOf(readOperationBlocks(file)), absent);
});

test('a store that can’t be written says so at append and at close', async (t) => {
  const file = await temporaryFile(t);
  await store(file, blocksOf(EXTREMES));
  const cell = createCellStore(join(file, 'below-a-file', 'operations.parquet'));
  const block = createOperationBlock(1);
  block.connectUs[0] = NOT_REACHED;
  await t.throwsAsync(cell.append(block), { code: 'GT_RESULT_NOT_WRITABLE' });
  await t.throwsAsync(cell.close(), { code: 'GT_RESULT_NOT_WRITABLE' });
});
