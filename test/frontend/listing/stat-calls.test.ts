/** What a listing costs its file system, counted by the kernel's own log of system calls. */

import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { ensureDebianPackage } from '../../support/debian-package.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/list-once.ts', import.meta.url));
const CALLS = 'stat,lstat,newfstatat,statx,getdents64,openat';

/** System calls that name a path below the directory, by what comes after it. */
async function traceListing(t: ExecutionContext, root: string, detail: 'full' | 'brief'): Promise<string[]> {
  const log = join(await makeTemporaryFolder(t), 'calls');
  const request = { surls: ['srm://localhost/d'], detail, levels: 1, paging: null };
  const task = JSON.stringify({ request, tree: { realRoot: root, checksums: false } });
  const traced = ['-f', '-e', `trace=${CALLS}`, '-o', log, process.execPath, FIXTURE, task];
  const { status, stderr } = spawnSync('strace', traced, { encoding: 'utf8', timeout: 60_000 });
  if (status !== 0) throw new Error(`strace ended with ${status}: ${stderr}`);
  return (await readFile(log, 'utf8')).split('\n').filter((line) => line.includes(`"${root}/d`));
}

const countStats = (calls: readonly string[], path: string): number =>
  calls.filter((call) => call.includes(`"${path}"`) && /\b(?:l?stat|newfstatat|statx)\(/.test(call)).length;

test('a file costs 4 stats, 5 with all details, a directory 3 and 4, and the directory is read once', async (t) => {
  if (!(await ensureDebianPackage(t, ['strace']))) {
    t.pass();
    return;
  }
  const root = await makeTemporaryFolder(t);
  await mkdir(join(root, 'd', 'sub'), { recursive: true });
  await writeFile(join(root, 'd', 'file'), 'x');
  await writeFile(join(root, 'd', 'sub', 'deeper'), 'x');
  for (const [detail, ofFile, ofDirectory] of [
    ['brief', 4, 3],
    ['full', 5, 4],
  ] as const) {
    const calls = await traceListing(t, root, detail);
    t.is(countStats(calls, `${root}/d/file`), ofFile, calls.join('\n'));
    t.is(countStats(calls, `${root}/d/sub`), ofDirectory);
    t.is(countStats(calls, `${root}/d/sub/deeper`), 0);
    t.is(calls.filter((call) => call.includes(`"${root}/d"`) && call.includes('O_DIRECTORY')).length, 1);
  }
});
