import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { cutToFit, limitAnnotations, writeStepSummary } from '../../../coordinator/cli/github.ts';
import type { Annotation } from '../../../coordinator/cli/workflow-commands.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const MIB = 1024 * 1024;

test('a text that fits is left alone; a longer one ends with a whole line and a sentence that says so', (t) => {
  t.is(cutToFit('é\n', 3), 'é\n');
  const line = 'é'.repeat(20);
  const cut = cutToFit(`${line}\n`.repeat(50), 300);
  t.true(Buffer.byteLength(cut) <= 300);
  t.regex(cut, /^(?:é{20}\n)+\n\*Cut here: .*\*\n$/);
  t.is(cutToFit(line, 10), '');
});

test('what a step writes together stays within GitHub’s limit', async (t) => {
  const file = join(await makeTemporaryFolder(t), 'summary.md');
  const environment = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: file };
  await writeStepSummary('# one\n', environment);
  await writeStepSummary('# two\n', environment);
  t.is(await readFile(file, 'utf8'), '# one\n\n\n# two\n');
  await writeStepSummary('a line of some length\n'.repeat(60_000), environment);
  const text = await readFile(file, 'utf8');
  t.true(Buffer.byteLength(text) <= MIB && Buffer.byteLength(text) > MIB - 200);
  t.regex(text, /\*Cut here: .*\*\n$/);
});

test('outside of GitHub nothing is written', async (t) => {
  const file = join(await makeTemporaryFolder(t), 'summary.md');
  await writeFile(file, 'before');
  await writeStepSummary('# one\n', { GITHUB_STEP_SUMMARY: file });
  t.is(await readFile(file, 'utf8'), 'before');
});

function many(level: 'error' | 'warning', count: number): Annotation[] {
  return Array.from({ length: count }, (_, index) => ({ level, title: `${index + 1}`, message: '' }));
}

test('more than GitHub shows are counted in the last of them', (t) => {
  const limited = limitAnnotations([...many('warning', 10), ...many('error', 40)]);
  t.deepEqual(
    limited.map(({ level, title }) => `${level} ${title}`),
    [
      ...Array.from({ length: 8 }, (_, index) => `error ${index + 1}`),
      'error 32 more',
      ...Array.from({ length: 10 }, (_, index) => `warning ${index + 1}`),
    ],
  );
});
