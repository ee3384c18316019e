import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { createEventFileSeat, openEventFile, readEventFileCounts } from '../../../frontend/event-log/event-file.ts';
import { makeDirectory } from '../fresh-directory.ts';

/** All files of a log, the newest first. */
function readFiles(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}

test('lines are in the file as soon as they are written, after those of an earlier service', (t) => {
  const folder = makeDirectory(t, { log: 'earlier\n' });
  const seat = createEventFileSeat({ file: join(folder, 'log'), sizeBytes: 1000, count: 2 });
  const file = openEventFile(seat, true);
  file.write('one ü\n');
  t.deepEqual(readFiles(folder), { log: 'earlier\none ü\n' });
  file.write('two\n');
  t.deepEqual(readFiles(folder), { log: 'earlier\none ü\ntwo\n' });
  t.deepEqual(readEventFileCounts(seat), { lines: 2, failures: 0, reason: null });
  file.close();
});

test('a new file is for its owner only', (t) => {
  const folder = makeDirectory(t);
  openEventFile(createEventFileSeat({ file: join(folder, 'log'), sizeBytes: 1000, count: 2 }), true).close();
  t.is(statSync(join(folder, 'log')).mode & 0o077, 0);
});

test('the line that makes a file full is its last, and the oldest file goes', (t) => {
  const folder = makeDirectory(t);
  const seat = createEventFileSeat({ file: join(folder, 'log'), sizeBytes: 12, count: 3 });
  const file = openEventFile(seat, true);
  for (let line = 0; line < 7; line += 1) file.write(`line ${line}\n`);
  t.deepEqual(readFiles(folder), { log: 'line 6\n', 'log.1': 'line 4\nline 5\n', 'log.2': 'line 2\nline 3\n' });
  file.write('line 7\n');
  t.deepEqual(readFiles(folder), { log: '', 'log.1': 'line 6\nline 7\n', 'log.2': 'line 4\nline 5\n' });
  t.deepEqual(readEventFileCounts(seat), { lines: 8, failures: 0, reason: null });
  file.close();
});

test('of one file alone the beginning goes', (t) => {
  const folder = makeDirectory(t);
  const file = openEventFile(createEventFileSeat({ file: join(folder, 'log'), sizeBytes: 12, count: 1 }), true);
  for (let line = 0; line < 5; line += 1) file.write(`line ${line}\n`);
  t.deepEqual(readFiles(folder), { log: 'line 4\n' });
  file.close();
});

test('what an earlier service has left full is changed at the start', (t) => {
  const folder = makeDirectory(t, { log: 'much too much\n' });
  const file = openEventFile(createEventFileSeat({ file: join(folder, 'log'), sizeBytes: 5, count: 2 }), true);
  file.write('new\n');
  t.deepEqual(readFiles(folder), { log: 'new\n', 'log.1': 'much too much\n' });
  file.close();
});

test('many threads write into the same files, and no line is lost, torn or written twice', async (t) => {
  const folder = makeDirectory(t);
  const count = 100;
  const seat = createEventFileSeat({ file: join(folder, 'log'), sizeBytes: 2000, count });
  const first = openEventFile(seat, true);
  const module = new URL('../../../frontend/event-log/event-file.ts', import.meta.url).href;
  const program = `const { workerData, threadId } = require('node:worker_threads');
    import(${JSON.stringify(module)}).then(({ openEventFile }) => {
      const file = openEventFile(workerData);
      for (let line = 0; line < 2000; line += 1) file.write(\`thread \${threadId} line \${line} ü\\n\`);
      file.close();
    });`;
  const workers = Array.from({ length: 4 }, () => new Worker(program, { eval: true, workerData: seat }));
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  first.write('last\n');
  first.close();

  const files = Object.values(readFiles(folder));
  // Fewer than by size: what the others write while one changes the files goes into the old one.
  t.true(files.length > 2 && files.length < count, `${files.length} files`);
  const lines = files.flatMap((text) => text.split('\n').slice(0, -1));
  t.is(new Set(lines).size, 8001);
  t.is(lines.length, 8001);
  t.true(lines.every((line) => /^(thread \d+ line \d+ ü|last)$/.test(line)));
  t.deepEqual(readEventFileCounts(seat), { lines: 8001, failures: 0, reason: null });
});

test('a disk without room costs lines, which are counted, and nothing else', (t) => {
  const seat = createEventFileSeat({ file: '/dev/full', sizeBytes: 10, count: 2 });
  const file = openEventFile(seat, true);
  for (let line = 0; line < 5; line += 1) file.write(`line ${line}\n`);
  t.deepEqual(readEventFileCounts(seat), { lines: 0, failures: 5, reason: 'ENOSPC' });
  file.close();
});

test('a device is never renamed', (t) => {
  const seat = createEventFileSeat({ file: '/dev/null', sizeBytes: 5, count: 2 });
  const file = openEventFile(seat, true);
  for (let line = 0; line < 5; line += 1) file.write(`line ${line}\n`);
  t.deepEqual(readEventFileCounts(seat), { lines: 5, failures: 0, reason: null });
  t.true(statSync('/dev/null').isCharacterDevice());
  file.close();
});

test('files that cannot be changed are gone on with, and tried again when as much has been written again', (t) => {
  const folder = makeDirectory(t);
  const name = join(folder, 'log');
  const seat = createEventFileSeat({ file: name, sizeBytes: 12, count: 2 });
  const file = openEventFile(seat, true);
  // A directory that is not empty can't be replaced by a file.
  mkdirSync(`${name}.1`);
  writeFileSync(`${name}.1/in-the-way`, '');
  for (let line = 0; line < 5; line += 1) file.write(`line ${line}\n`);
  t.is(readFileSync(name, 'utf8'), 'line 0\nline 1\nline 2\nline 3\nline 4\n');
  t.deepEqual(readEventFileCounts(seat), { lines: 5, failures: 2, reason: 'EISDIR' });
  file.close();
});

test('a pipe in its place that nobody reads is refused at once', (t) => {
  const pipe = join(makeDirectory(t), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const seat = createEventFileSeat({ file: pipe, sizeBytes: 5, count: 2 });
  t.throws(() => openEventFile(seat, true), { code: 'ENXIO' });
});
