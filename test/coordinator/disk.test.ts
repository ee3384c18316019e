import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { openDisk } from '../../coordinator/disk.ts';
import type { OperationBlock } from '../../reports/operation.ts';
import { briefBlock } from '../support/frames.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

async function listOf(blocks: AsyncIterable<OperationBlock>): Promise<OperationBlock[]> {
  const all: OperationBlock[] = [];
  for await (const block of blocks) all.push(block);
  return all;
}

test('lines are appended to what was there, also by a disk that is opened anew', async (t) => {
  const file = join(await makeTemporaryFolder(t, { log: 'zero\n' }), 'log');
  const first = openDisk();
  await first.appendLine(file, 'one', false);
  await first.appendLine(file, 'two', true);
  await first.close();
  const second = openDisk();
  await second.appendLine(file, 'three', true);
  await second.close();
  t.is(await readFile(file, 'utf8'), 'zero\none\ntwo\nthree\n');
});

test('a file is replaced as a whole, and nothing else is left beside it', async (t) => {
  const folder = await makeTemporaryFolder(t, { 'cell.json': 'old and much longer' });
  const disk = openDisk();
  await disk.write(join(folder, 'cell.json'), 'new');
  t.is(await readFile(join(folder, 'cell.json'), 'utf8'), 'new');
  t.deepEqual(await readdir(folder), ['cell.json']);
});

test('folders are made with those above them, and again without complaint', async (t) => {
  const folder = join(await makeTemporaryFolder(t), 'cells', '001', 'deep');
  const disk = openDisk();
  await disk.makeFolder(folder);
  await disk.makeFolder(folder);
  t.true((await stat(folder)).isDirectory());
});

test('rows are read back as they were appended, also after the file was renamed', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const disk = openDisk();
  const rows = await disk.openRows(join(folder, 'partial'));
  await rows.append(briefBlock([{ client: 3, sequence: 8, startMs: 1, endMs: 2 }]));
  await rows.close();
  await disk.rename(join(folder, 'partial'), join(folder, 'whole'));
  const [block] = await listOf(disk.readRows(join(folder, 'whole')));
  t.deepEqual([block?.rows, block?.client[0], block?.sequence[0], block?.durationUs[0]], [1, 3, 8, 1000]);
});

test('whatever the disk refuses is one error that names what was to be written', async (t) => {
  const folder = await makeTemporaryFolder(t, { file: '' });
  await mkdir(join(folder, 'folder'));
  const disk = openDisk();
  const below = join(folder, 'file', 'below');
  const refused = { code: 'GT_RESULT_NOT_WRITABLE' };
  const errors = await Promise.all([
    t.throwsAsync(disk.makeFolder(below), refused),
    t.throwsAsync(disk.appendLine(below, 'line', true), refused),
    t.throwsAsync(disk.write(below, 'text'), refused),
    t.throwsAsync(disk.rename(join(folder, 'none'), below), refused),
    t.throwsAsync(disk.appendLine(join(folder, 'folder'), 'line', false), refused),
  ]);
  for (const error of errors) t.regex(error?.message ?? '', /file.below|folder/);
  await t.throwsAsync(disk.openRows(below), refused);
});
