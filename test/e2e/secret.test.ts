/** The campaign's secret is on no command line, in no environment, in no log and in no result. */

import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { finishRun, pilotPids, readJournal, startRun } from '../support/cli.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

/** Writes its standard input to a file of its own in the folder $0, and starts the pilot with `--join` that file. */
const KEEP_JOIN = `
umask 077
file="$0/join.$$"
cat > "$file"
exec "$1" "$2" agent --join "$file"`;

/** Everything that /proc tells of a process to others of the same user: its words and its environment. */
async function readProcess(pid: string | number): Promise<string> {
  const parts = ['cmdline', 'environ'].map((name) => readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => ''));
  return (await Promise.all(parts)).join('\n');
}

test('a pilot takes the secret from a file or from its standard input, and nobody else ever sees it', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const joins = await makeTemporaryFolder(t);
  const run = await startRun(
    t,
    {
      name: 'secret',
      target: { kind: 'embedded', root: { make: [5] } },
      scenario: { kind: 'srm-ls', directories: { 5: '/d5' } },
      load: { levels: [4] },
      timing: {
        warmUp: { atLeast: '50ms', atMost: '10s' },
        window: { atLeast: '500ms', operationsPerClient: 1, atMost: '10s' },
        recovery: { within: '20s' },
      },
      pools: [
        { kind: 'local', site: 'by-file', pilots: 1, slotsPerPilot: 2, launchWith: ['sh', '-c', KEEP_JOIN, joins] },
        { kind: 'local', site: 'by-input', pilots: 1, slotsPerPilot: 2 },
      ],
    },
    { folder, words: ['--json'] },
  );
  await run.awaitLine('window-opened');
  const pilots = [...pilotPids(await readJournal(run.directory)).values()];
  t.is(pilots.length, 2);
  const others = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const seen = await Promise.all([...pilots, ...others].map(readProcess));
  t.true(seen.slice(0, 2).every((words) => words.includes('--join')));
  const finished = await finishRun(run);
  t.is(finished.exitCode, 0, finished.stderr);
  t.is(finished.cells[0]?.held, 4);

  const [file] = await readdir(joins);
  const { secret } = JSON.parse(await readFile(join(joins, file as string), 'utf8')) as { secret: string };
  t.regex(secret, /^[0-9a-f]{64}$/);
  t.false(seen.some((words) => words.includes(secret)));
  t.false([finished.stdout, finished.stderr].some((text) => text.includes(secret)));

  await writeFile(join(folder, 'found'), secret);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const holding: string[] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const content = await readFile(join(entry.parentPath, entry.name), 'latin1');
    if (content.includes(secret)) holding.push(entry.name);
  }
  t.deepEqual(holding, ['found'], 'this search finds what is there, and only that');
});
