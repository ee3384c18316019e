import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { GlideTesterError } from '../../foundation/error.ts';
import {
  campaignFile,
  cellFiles,
  findCellRecord,
  journalFile,
  readCampaign,
  readCellRecord,
  writeDurably,
} from '../../reports/result-directory.ts';

async function temporaryFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'glidetester-results-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('a durable write makes its folders, replaces the file whole and leaves nothing else behind', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'cells', 'a', 'cell.json');
  await writeDurably(file, 'first and longer');
  await writeDurably(file, 'second');
  t.is(await readFile(file, 'utf8'), 'second');
  t.deepEqual(await readdir(join(folder, 'cells', 'a')), ['cell.json']);
});

test('a file that can’t be written names itself and what to do', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'file'), '');
  const error = await t.throwsAsync(writeDurably(join(folder, 'file', 'below'), ''), { instanceOf: GlideTesterError });
  t.is(error.code, 'GT_RESULT_NOT_WRITABLE');
  t.true(error.message.includes(join(folder, 'file', 'below')));
  t.truthy(error.hint);
});

test('a directory without campaign.json, or with a wrong one, is refused with file, expectation and hint', async (t) => {
  const folder = await temporaryFolder(t);
  const code = 'GT_RESULT_NOT_READABLE';
  await t.throwsAsync(readCampaign(folder), { code, message: /expected the file .*campaign\.json, but there is none/ });
  await writeFile(campaignFile(folder), '{ half');
  await t.throwsAsync(readCampaign(folder), { code, message: /expected readable JSON in .*campaign\.json/ });
  await writeFile(campaignFile(folder), JSON.stringify({ version: 2, name: 'later' }));
  const error = await t.throwsAsync(readCampaign(folder), { instanceOf: GlideTesterError });
  t.regex(error.message, /version 1 of a result in .*campaign\.json, got version: .*; startedAt: /);
  t.truthy(error.hint);
});

test('a cell that was not finished has no record', async (t) => {
  const folder = await temporaryFolder(t);
  t.is(await findCellRecord(folder, 'd20-c1-r1'), null);
  const expected = { code: 'GT_RESULT_NOT_READABLE', message: /d20-c1-r1\/cell\.json, but there is none/ };
  await t.throwsAsync(readCellRecord(folder, 'd20-c1-r1'), expected);
});

test('a cell id can’t lead out of the result directory', (t) => {
  for (const id of ['../campaign', '..', '.', '', 'a/b', '/etc']) {
    t.throws(() => cellFiles('/results', id), { code: 'GT_RESULT_NOT_READABLE' });
  }
  t.is(cellFiles('/results', 'd20-c1-r1').operations, '/results/cells/d20-c1-r1/operations.parquet');
  t.is(journalFile('/results'), '/results/journal.ndjson');
});
