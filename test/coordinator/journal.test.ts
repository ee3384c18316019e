import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { openDisk } from '../../coordinator/disk.ts';
import { createJournal } from '../../coordinator/journal.ts';
import { createMemoryDisk } from '../support/memory-disk.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

test('lines come in the order of the calls, with version, time and step, on a real disk', async (t) => {
  const file = join(await makeTemporaryFolder(t), 'journal.ndjson');
  const disk = openDisk();
  t.teardown(() => disk.close());
  const clock = createVirtualClock(5000.1234);
  const journal = createJournal(file, disk, clock);
  for (let number = 0; number < 200; number += 1) void journal.write('pilot-joined', { number });
  await journal.write('cell-finished', { cell: 'a "b"\nc' });
  const lines = (await readFile(file, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  t.is(lines.length, 201);
  t.deepEqual(lines[0], {
    v: 1,
    at: '2026-01-01T00:00:05.000Z',
    monotonicMs: 5000.123,
    step: 'pilot-joined',
    number: 0,
  });
  t.deepEqual(
    lines.slice(0, 200).map((line) => (line as { number: number }).number),
    Array.from({ length: 200 }, (_, number) => number),
  );
  t.is((lines[200] as { cell: string }).cell, 'a "b"\nc');
});

test('only what may never be lost again waits for the disk', async (t) => {
  const disk = createMemoryDisk();
  const journal = createJournal('/journal', disk, createVirtualClock());
  await journal.write('campaign-started');
  await journal.write('pilot-joined');
  await journal.write('cell-drained');
  await journal.write('cell-finished');
  await journal.write('campaign-finished');
  t.deepEqual(
    disk.durable.map((line) => (JSON.parse(line) as { step: string }).step),
    ['campaign-started', 'cell-finished', 'campaign-finished'],
  );
});

test('a refused line is told to whoever waits for it, for a later one, or for all', async (t) => {
  const disk = { ...createMemoryDisk(), appendLine: () => Promise.reject(new Error('disk full')) };
  const journal = createJournal('/journal', disk, createVirtualClock());
  void journal.write('pilot-joined'); // nobody waits: no unhandled rejection
  await t.throwsAsync(journal.write('cell-finished'), { message: 'disk full' });
  await t.throwsAsync(journal.settled(), { message: 'disk full' });
});
