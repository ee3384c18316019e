import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import * as fc from 'fast-check';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { createCellStore, readOperationBlocks } from '../../../reports/cell-store.ts';
import { createDeltaEncoder, encodeRuns, largestEncodedBytes } from '../../../reports/parquet/encoding.ts';
import { NOT_REACHED, createOperationBlock } from '../../../reports/operation.ts';
import { anyBlock, contentOf } from '../../support/random-block.ts';
import { blocksOf, exponential, simulateCell } from '../../support/synthetic-cell.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

test('any rows come back from the file as they were, extremes and nulls among them', async (t) => {
  const file = join(await makeTemporaryFolder(t), 'operations.parquet');
  await fc.assert(
    fc.asyncProperty(anyBlock, async (block) => {
      await rm(file, { force: true });
      const store = createCellStore(file);
      await store.append(block);
      await store.close();
      const read: unknown[] = [];
      for await (const stored of readOperationBlocks(file)) read.push(contentOf(stored));
      t.deepEqual(read, block.rows === 0 ? [] : [contentOf(block)]);
    }),
    { numRuns: 60 },
  );
});

function nullable(us: number | undefined): number | null {
  return us === NOT_REACHED ? null : (us ?? 0);
}

test('a reader that knows nothing of us reads the same rows', async (t) => {
  const file = join(await makeTemporaryFolder(t), 'operations.parquet');
  await fc.assert(
    fc.asyncProperty(
      anyBlock.filter(({ rows }) => rows > 0),
      async (block) => {
        await rm(file, { force: true });
        const store = createCellStore(file);
        await store.append(block);
        await store.close();
        const rows = await parquetReadObjects({ file: await asyncBufferFromFile(file) });
        const expected = rows.map((_, row) => ({
          client: block.client[row],
          sequence: block.sequence[row],
          start_us: BigInt(block.startUs[row] ?? 0),
          duration_us: block.durationUs[row],
          connect_us: nullable(block.connectUs[row]),
          handshake_us: nullable(block.handshakeUs[row]),
          first_byte_us: nullable(block.firstByteUs[row]),
          rest_us: nullable(block.restUs[row]),
          answer_bytes: block.answerBytes[row],
          polls: block.polls[row],
          pages: block.pages[row],
          outcome: block.outcomes[block.outcome[row] ?? 0],
        }));
        t.is(rows.length, block.rows);
        t.deepEqual(rows, expected);
      },
    ),
    { numRuns: 40 },
  );
});

test('a file with a byte changed gives as many rows as before or is refused, and never more', async (t) => {
  const file = join(await makeTemporaryFolder(t), 'operations.parquet');
  const { operations } = simulateCell({ clients: 5, serviceUs: exponential(9000), windowMs: 100 });
  const store = createCellStore(file);
  for await (const block of blocksOf(operations)) await store.append(block);
  await store.close();
  const whole = await readFile(file);
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const changed = Uint8Array.from(whole);
      changed[at] = (changed[at] ?? 0) ^ by;
      await writeFile(file, changed);
      let rows = 0;
      try {
        for await (const block of readOperationBlocks(file)) rows += block.rows;
      } catch (error) {
        return (error as { code?: unknown }).code === 'GT_RESULT_NOT_READABLE';
      }
      return rows === operations.length;
    }),
    { numRuns: 300 },
  );
  t.pass();
});

test('numbers are packed with as many bits as their differences need, whatever that is', async (t) => {
  const file = join(await makeTemporaryFolder(t), 'operations.parquet');
  const rows = 130; // more than a block, less than two
  const store = createCellStore(file);
  const expected: number[][] = [];
  for (let bits = 0; bits <= 43; bits += 1) {
    const block = createOperationBlock(rows);
    block.rows = rows;
    block.outcomes = ['ok'];
    for (let row = 0; row < rows; row += 1) {
      const isOdd = row % 2 === 1;
      block.answerBytes[row] = isOdd ? 2 ** Math.min(bits, 32) - 1 : 0;
      block.durationUs[row] = isOdd ? 2 ** Math.min(bits, 31) - 1 : -(2 ** Math.min(bits, 31));
      block.startUs[row] = isOdd ? 2 ** bits : -(2 ** bits);
      expected.push([block.answerBytes[row], block.durationUs[row], block.startUs[row]] as number[]);
    }
    await store.append(block);
  }
  await store.close();
  const read: number[][] = [];
  for await (const block of readOperationBlocks(file)) {
    for (let row = 0; row < block.rows; row += 1) {
      read.push([block.answerBytes[row], block.durationUs[row], block.startUs[row]] as number[]);
    }
  }
  t.deepEqual(read, expected);
});

test('an encoding never needs more bytes than are kept for it', (t) => {
  const deltas = createDeltaEncoder();
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -(2 ** 43), max: 2 ** 43 }), { maxLength: 300 }),
      fc.array(fc.nat(65_535), { maxLength: 300 }),
      (starts, indexes) => {
        const bytes = new Uint8Array(100_000);
        const startsEnd = deltas.int64(Float64Array.from(starts), bytes, 0);
        const indexesEnd = encodeRuns(Uint16Array.from(indexes), 2, bytes, 0);
        return startsEnd <= largestEncodedBytes(starts.length) && indexesEnd <= largestEncodedBytes(indexes.length);
      },
    ),
  );
  t.pass();
});

test('a row that starts at no instant is refused when it is written', async (t) => {
  const file = join(await makeTemporaryFolder(t), 'operations.parquet');
  const [block] = fc.sample(
    anyBlock.filter(({ rows }) => rows > 0),
    1,
  );
  if (block === undefined) throw new Error('no block was made');
  block.startUs[0] = Number.NaN;
  const store = createCellStore(file);
  await store.append(block);
  await t.throwsAsync(store.close(), { code: 'GT_RESULT_NOT_WRITABLE', message: /starts NaN us after T0/ });
});
