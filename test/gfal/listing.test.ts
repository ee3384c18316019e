/** The real gfal lists what is on disk, whichever way the frontend answers, and the frontend counts what gfal asked. */

import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { FrontendOptions } from '../../frontend/main.ts';
import { prepareGfal } from '../support/gfal.ts';
import { type GfalFrontend, startGfalFrontend } from '../support/gfal-frontend.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

type Modes = Pick<FrontendOptions, 'answers' | 'asynchronous' | 'mostEntries'>;
/** `modifiedAt`: to the second, which is all that gfal shows. */
type Entry = { name: string; isDirectory: boolean; bytes: number; modifiedAt: string };

const LONG = ['-l', '-a', '--time-style', 'full-iso'];
/** One line of `gfal-ls` with these. */
const ENTRY = /^([-d])\S+ +\d+ +\d+ +\d+ +(\d+) (\S+ [\d:]+)\.0{6} \+0000 (.+)\t$/;
const DIRECTORY = 'data & <more>';
/** As gfal asks for them. */
const PAGE_ENTRIES = 1000;

/** Files of all ages and sizes, a name of each kind that gfal can show, and a directory. */
async function makeTree(t: ExecutionContext): Promise<string> {
  const root = await makeTemporaryFolder(t);
  const directory = join(root, DIRECTORY);
  await mkdir(join(directory, 'inner'), { recursive: true });
  const names = ['plain', '.hidden', 'with blank', 'a&b<c>"d\'', 'percent%20sign', 'hash#question?', 'empty'];
  for (const [index, name] of names.entries()) {
    await writeFile(join(directory, name), 'x'.repeat(name === 'empty' ? 0 : 10 ** index));
    await utimes(join(directory, name), 0, index * 86_400 * 365 + 7.25);
  }
  return root;
}

async function makeFiles(directory: string, files: number): Promise<void> {
  await mkdir(directory);
  for (let index = 0; index < files; index += 1) await writeFile(join(directory, `file-${index}`), '');
}

async function readDisk(directory: string): Promise<Entry[]> {
  const entries = await Promise.all(
    (await readdir(directory)).map(async (name) => {
      const stats = await stat(join(directory, name));
      const isDirectory = stats.isDirectory();
      const modifiedAt = stats.mtime.toISOString().slice(0, 19).replace('T', ' ');
      // BeStMan gives a directory no size.
      return { name, isDirectory, bytes: isDirectory ? 0 : stats.size, modifiedAt };
    }),
  );
  return entries.toSorted(byName);
}

function readListing(stdout: string): Entry[] {
  const lines = stdout.split('\n').slice(0, -1);
  const entries = lines.map((line) => {
    const [, kind, bytes, modifiedAt, name] = (ENTRY.exec(line) ?? []) as unknown as [
      string,
      string,
      string,
      string,
      string,
    ];
    return { name, isDirectory: kind === 'd', bytes: Number(bytes), modifiedAt };
  });
  return entries.toSorted(byName);
}

function byName(a: Entry, b: Entry): number {
  return a.name < b.name ? -1 : 1;
}

/**
 * What gfal was answered, by outcome: every request without our header stands for itself. `queued`: listings that were queued;
 * each has one such answer at least, and one more for each poll that came too early.
 */
async function checkAnswers(
  t: ExecutionContext,
  frontend: GfalFrontend,
  expected: { answered: Record<string, number>; queued: number },
  what: string,
): Promise<void> {
  const { received, answered, abandoned, open } = await frontend.readCount();
  const { 'status/SRM_REQUEST_QUEUED': queued = 0, 'status/SRM_REQUEST_INPROGRESS': begun = 0, ...ended } = answered;
  t.deepEqual({ answered: ended, abandoned, open }, { answered: expected.answered, abandoned: 0, open: 0 }, what);
  t.true(expected.queued === 0 ? queued + begun === 0 : queued >= expected.queued, `${what}: ${queued} queued`);
  t.is(received, queued + begun + Object.values(ended).reduce((sum, count) => sum + count, 0), what);
}

async function listsWhatIsOnDisk(t: ExecutionContext, modes: Modes): Promise<void> {
  const gfal = await prepareGfal(t);
  if (gfal === null) return;
  const root = await makeTree(t);
  const frontend = await startGfalFrontend(t, gfal, { root, ...modes });
  const isQueued = modes.asynchronous === true;
  const checkCount = (answered: Record<string, number>, listings: number, what: string): Promise<void> =>
    checkAnswers(t, frontend, { answered, queued: isQueued ? listings : 0 }, what);

  const listing = await gfal.run('gfal-ls', [...LONG, frontend.surlOf(`/${DIRECTORY}`)]);
  t.deepEqual([listing.exitCode, listing.stderr], [0, '']);
  const disk = await readDisk(join(root, DIRECTORY));
  t.deepEqual(readListing(listing.stdout), disk);
  await checkCount({ ok: 3 }, 3, 'one gfal-ls is three srmLs');
  t.regex(await frontend.readMetrics(), /^glidetester_frontend_handshakes_total 1$/m, 'on one connection');

  for (const [name, kind] of [
    ['with blank', 'regular file'],
    ['inner', 'directory'],
  ] as const) {
    const { stdout } = await gfal.run('gfal-stat', [frontend.surlOf(`/${DIRECTORY}/${name}`)]);
    const { bytes, modifiedAt } = disk.find((entry) => entry.name === name) as Entry;
    t.true(stdout.includes(`Size: ${bytes}\t${kind}\n`), stdout);
    t.true(stdout.includes(`Modify: ${modifiedAt}.000000\n`), stdout);
  }
  await checkCount({ ok: 5 }, 5, 'a gfal-stat is one');

  const type = await gfal.run('gfal-xattr', [frontend.surlOf('/'), 'srm.type']);
  t.is(type.stdout, 'BeStMan\n');
  await checkCount({ ok: 6 }, 5, 'that is an srmPing');

  const missing = await gfal.run('gfal-ls', [frontend.surlOf('/missing')]);
  t.is(missing.exitCode, 2);
  t.regex(missing.stderr, /SRM_INVALID_PATH\] No such file or directory/);
  await checkCount({ ok: 6, 'status/SRM_INVALID_PATH': 1 }, 6, 'what is not there');
}

test('gfal lists, stats and pings a frontend that answers inline', listsWhatIsOnDisk, {});
test('gfal lists, stats and pings a frontend that answers by multiRef', listsWhatIsOnDisk, { answers: 'multiref' });
test('gfal lists, stats and pings a frontend that queues', listsWhatIsOnDisk, { asynchronous: true });
test('gfal lists, stats and pings a frontend that queues and answers by multiRef', listsWhatIsOnDisk, {
  answers: 'multiref',
  asynchronous: true,
});

async function listsPageByPage(t: ExecutionContext, modes: Modes): Promise<void> {
  const gfal = await prepareGfal(t);
  if (gfal === null) return;
  const root = await makeTemporaryFolder(t);
  for (const files of [PAGE_ENTRIES, 2 * PAGE_ENTRIES, 2 * PAGE_ENTRIES + 500]) {
    await makeFiles(join(root, `of-${files}`), files);
  }
  const frontend = await startGfalFrontend(t, gfal, { root, mostEntries: PAGE_ENTRIES, ...modes });
  // Two srmLs come before each listing. One that is not too long is the third answer; else that is refused, and pages follow.
  for (const [files, ok, tooMany] of [
    [PAGE_ENTRIES, 3, 0],
    [2 * PAGE_ENTRIES, 3 + 5, 1],
    [2 * PAGE_ENTRIES + 500, 3 + 5 + 5, 2],
  ] as const) {
    const { stdout, stderr } = await gfal.run('gfal-ls', [frontend.surlOf(`/of-${files}`)]);
    t.is(stderr, '');
    t.deepEqual(stdout.trimEnd().split('\n').toSorted(), (await readdir(join(root, `of-${files}`))).toSorted());
    const answered = { ok, ...(tooMany === 0 ? {} : { 'status/SRM_TOO_MANY_RESULTS': tooMany }) };
    const queued = modes.asynchronous === true ? ok + tooMany : 0;
    await checkAnswers(t, frontend, { answered, queued }, `${files} files`);
  }
}

test('gfal lists a long directory page by page, an exact multiple of a page with an empty one', listsPageByPage, {});
test('gfal lists page by page what is queued and answered by multiRef', listsPageByPage, {
  answers: 'multiref',
  asynchronous: true,
});

test('what gfal asks is mapped twice a listing, as BeStMan does it', async (t) => {
  const gfal = await prepareGfal(t);
  if (gfal === null) return;
  const frontend = await startGfalFrontend(t, gfal, { root: await makeTree(t) });
  await gfal.run('gfal-ls', [frontend.surlOf('/')]);
  t.regex(await frontend.readMetrics(), /^glidetester_frontend_mappings_total 6$/m);
});
