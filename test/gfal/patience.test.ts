/** gfal gives up a listing that takes too long: the frontend counts that, and serves on. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { eventually } from '../support/eventually.ts';
import { type Gfal, prepareGfal } from '../support/gfal.ts';
import { type GfalFrontend, startGfalFrontend } from '../support/gfal-frontend.ts';
import { type HangingFuse, mountHangingFuse } from '../support/hanging-fuse.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const PATIENCE_S = '2';

type Hanging = { gfal: Gfal; disk: HangingFuse; frontend: GfalFrontend };

/** A frontend with one listing thread, on a disk that hangs when a directory below its root is read. */
async function prepareHanging(t: ExecutionContext, asynchronous: boolean): Promise<Hanging | null> {
  const gfal = await prepareGfal(t);
  if (gfal === null) return null;
  const source = await makeTemporaryFolder(t);
  await mkdir(join(source, 'data'));
  await writeFile(join(source, 'data', 'file'), '');
  const disk = await mountHangingFuse(t, source);
  if (disk === null) {
    t.pass();
    return null;
  }
  const frontend = await startGfalFrontend(t, gfal, { root: disk.mountPoint, fsConcurrency: 1, asynchronous });
  // Teardowns run in reverse: the disk lets go before the frontend has to end.
  t.teardown(() => disk.kill());
  disk.hang('readdir');
  return { gfal, disk, frontend };
}

async function givesUp(t: ExecutionContext, asynchronous: boolean, asExpected: Record<string, number>): Promise<void> {
  const hanging = await prepareHanging(t, asynchronous);
  if (hanging === null) return;
  const { gfal, disk, frontend } = hanging;
  const list = () => gfal.run('gfal-ls', ['-t', PATIENCE_S, frontend.surlOf('/data')]);

  const [{ exitCode, stdout }] = await Promise.all([list(), disk.awaitBlocked(1)]);
  t.deepEqual([exitCode, stdout], [70, '']);
  const count = await eventually('gfal has left', async () => {
    const { open, ...rest } = await frontend.readCount();
    return open === 0 ? rest : undefined;
  });
  const { answered, abandoned } = count;
  t.like({ ...answered, abandoned }, asExpected);

  disk.release();
  t.deepEqual(await list(), { exitCode: 0, stdout: 'file\n', stderr: '' });
}

test('gfal that loses its patience leaves, which the frontend counts as abandoned', givesUp, false, {
  ok: 2,
  abandoned: 1,
});

test('gfal that loses its patience with a queued listing aborts it, which the frontend grants', givesUp, true, {
  // Two looks at the directory, and the abort.
  ok: 3,
  abandoned: 0,
});
