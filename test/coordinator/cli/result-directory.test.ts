import { mkdir, readdir, readlink, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { formatFolderTime, makeResultDirectory } from '../../../coordinator/cli/result-directory.ts';
import { GlideTesterError } from '../../../foundation/error.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const AT_MS = Date.UTC(2026, 10, 21, 14, 2, 33, 456);

test('the time in the name is UTC, to the second, and legal in any file system', (t) => {
  t.is(formatFolderTime(AT_MS), '2026-11-21T140233Z');
});

test('a campaign gets a directory of its own, and latest points to it by a relative link', async (t) => {
  const parent = join(await makeTemporaryFolder(t), 'results');
  const first = await makeResultDirectory({ parent, name: 'x', out: undefined, startedAtMs: AT_MS });
  t.is(first, join(parent, 'x-2026-11-21T140233Z'));
  t.is(await readlink(join(parent, 'latest')), 'x-2026-11-21T140233Z');
  await makeResultDirectory({ parent, name: 'x', out: undefined, startedAtMs: AT_MS + 1000 });
  t.is(await readlink(join(parent, 'latest')), 'x-2026-11-21T140234Z');
  t.deepEqual((await readdir(parent)).toSorted(), ['latest', 'x-2026-11-21T140233Z', 'x-2026-11-21T140234Z']);
});

test('--out is taken as it is, if it is new or empty, and leaves latest alone', async (t) => {
  const parent = await makeTemporaryFolder(t);
  const out = join(parent, 'deep', 'own');
  t.is(await makeResultDirectory({ parent, name: 'x', out, startedAtMs: AT_MS }), out);
  t.is(await makeResultDirectory({ parent, name: 'x', out, startedAtMs: AT_MS }), out);
  t.true((await stat(out)).isDirectory());
  t.deepEqual(await readdir(parent), ['deep']);
});

test('results are never overwritten', async (t) => {
  const parent = await makeTemporaryFolder(t);
  const request = { parent, name: 'x', out: undefined, startedAtMs: AT_MS };
  const directory = await makeResultDirectory(request);
  await writeFile(join(directory, 'campaign.json'), '{}');
  await t.throwsAsync(makeResultDirectory(request), { instanceOf: GlideTesterError, code: 'GT_RESULT_EXISTS' });
  await t.throwsAsync(makeResultDirectory({ ...request, out: directory }), { code: 'GT_RESULT_EXISTS' });
});

test('a directory that cannot be made is refused', async (t) => {
  const parent = await makeTemporaryFolder(t, { file: '' });
  const request = { parent: join(parent, 'file'), name: 'x', out: undefined, startedAtMs: AT_MS };
  await t.throwsAsync(makeResultDirectory(request), { instanceOf: GlideTesterError, code: 'GT_RESULT_NOT_WRITABLE' });
});

test('a directory in the place of latest is left alone, with a reason', async (t) => {
  const parent = await makeTemporaryFolder(t);
  await mkdir(join(parent, 'latest'));
  await t.throwsAsync(makeResultDirectory({ parent, name: 'x', out: undefined, startedAtMs: AT_MS }), {
    code: 'GT_RESULT_NOT_WRITABLE',
    message: /latest to be a link, it is a directory/,
  });
  t.deepEqual((await readdir(parent)).toSorted(), ['latest', 'x-2026-11-21T140233Z']);
});
