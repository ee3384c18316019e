/** The formats of a report, and what GitHub is told, through the real command line. */

import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { SaxesParser } from 'saxes';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import { figuresFolder } from '../../reports/formats/write-figures.ts';
import { SummarySchema } from '../../reports/summary.ts';
import { finishRun, readSummary, runCli, startRun } from '../support/cli.ts';
import { ensureDebianPackage } from '../support/debian-package.ts';
import { writeSyntheticCampaign } from '../support/synthetic-campaign.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const HOSTILE = '::error::<b>|##[add-mask]hostile';

/** @throws Error when it is not well-formed */
function checkXml(xml: string): void {
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
}

test('text formats go to standard output or a file, and touch nothing in the result directory', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const directory = join(folder, 'out');
  await writeSyntheticCampaign({ directory, sizes: [20], levels: [1, 4], runs: 1, name: HOSTILE, target: HOSTILE });
  const before = await readdir(directory);
  const formats: [string, RegExp][] = [
    ['md', /^# ::error::\\<b\\>\\\|\\#\\#\\\[add-mask\\\]hostile\n/],
    ['csv', /^id,target,.*\r\nd20-c1-r1,::error::<b>\|##\[add-mask\]hostile,srm-ls,20,1,1,ok,/],
    ['junit', /^<\?xml .*<testsuite name="::error::&lt;b&gt;\|##\[add-mask\]hostile"/s],
  ];
  for (const [format, expected] of formats) {
    const printed = await runCli(t, ['report', directory, '--format', format], { folder });
    t.is(printed.exitCode, 0, printed.stderr);
    t.is(printed.stderr, '');
    t.regex(printed.stdout, expected);
    const file = join(folder, `to.${format}`);
    const written = await runCli(t, ['report', directory, '--format', format, '--out', file, '--json'], { folder });
    t.is(SummarySchema.parse(JSON.parse(written.stdout)).name, HOSTILE);
    t.is(await readFile(file, 'utf8'), printed.stdout);
  }
  checkXml(await readFile(join(folder, 'to.junit'), 'utf8'));
  const page = join(folder, 'page.html');
  const paged = await runCli(t, ['report', directory, '--out', page], { folder });
  t.is(paged.stdout, `${page}\n`);
  t.regex(await readFile(page, 'utf8'), /^<!doctype html>/);
  t.deepEqual(await readdir(directory), before);
  const both = await runCli(t, ['report', directory, '--format', 'csv', '--json'], { folder });
  t.is(both.exitCode, 104);
  t.regex(both.stderr, /GT_REPORT_OPTIONS/);
  const unknown = await runCli(t, ['report', directory, '--format', 'pdf'], { folder });
  t.is(unknown.exitCode, 104);
  t.regex(unknown.stderr, /html, svg, png, md, csv, junit/);
});

test('svg writes a file a figure and prints their paths; png without rsvg-convert writes nothing', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const directory = join(folder, 'out');
  await writeSyntheticCampaign({ directory, sizes: [20, 100, 1000], levels: [1, 4, 16, 32], runs: 2, name: HOSTILE });
  const drawn = await runCli(t, ['report', directory, '--format', 'svg'], { folder });
  t.is(drawn.exitCode, 0, drawn.stderr);
  const files = drawn.stdout.trim().split('\n');
  t.deepEqual(
    (await readdir(figuresFolder(directory))).toSorted(),
    files.map((file) => file.slice(figuresFolder(directory).length + 1)).toSorted(),
  );
  t.true(files.length > 2);
  for (const file of files) checkXml(await readFile(file, 'utf8'));

  const programs = join(folder, 'bin');
  await mkdir(programs);
  await symlink(process.execPath, join(programs, 'node'));
  const out = join(folder, 'figures');
  const words = ['report', directory, '--format', 'png', '--out', out];
  const missing = await runCli(t, words, { folder, environment: { PATH: programs } });
  t.is(missing.exitCode, 104);
  t.regex(missing.stderr, /rsvg-convert.*apt-get install librsvg2-bin.*--format svg.*GT_RSVG_MISSING/s);
  t.is(missing.stdout, '');
  await t.throwsAsync(readdir(out), { code: 'ENOENT' });

  if (!(await ensureDebianPackage(t, ['librsvg2-bin']))) return;
  const made = await runCli(t, words, { folder });
  t.is(made.exitCode, 0, made.stderr);
  t.is(made.stdout.trim().split('\n').length, files.length);
  for (const file of made.stdout.trim().split('\n')) t.is((await readFile(file)).toString('latin1', 1, 4), 'PNG');
});

const CONFIG: ConfigInput = {
  name: 'on-github',
  target: { kind: 'embedded', root: { make: [5] } },
  scenario: { kind: 'srm-ls', directories: { 5: '/d5' } },
  load: { levels: [2, 4] },
  timing: {
    warmUp: { atLeast: '200ms', atMost: '20s' },
    window: { atLeast: '500ms', operationsPerClient: 3, atMost: '20s' },
    recovery: { within: '20s' },
  },
  pools: [{ kind: 'local', pilots: 2, slotsPerPilot: 2 }],
  expect: { source: HOSTILE, findings: [{ says: HOSTILE, check: 'rate > 1 Hz' }] },
  thresholds: { 'rate > 1 Hz': 'fail', 'p50 < 0.001 ms': 'fail' },
};

test('a run in a step of GitHub writes the step’s summary, annotates, keeps its JSON, and leaves more formats where asked', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const summaryFile = join(folder, 'step-summary.md');
  await writeFile(summaryFile, '# before\n');
  const environment = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summaryFile };
  const words = ['--json', '--also', 'csv,junit,md,svg'];
  const { exitCode, stdout, stderr, directory } = await finishRun(
    await startRun(t, CONFIG, { folder, environment, words }),
  );
  t.is(exitCode, 99, stderr);
  t.deepEqual(JSON.parse(stdout), JSON.parse(JSON.stringify(await readSummary(directory))));
  t.regex(stderr, /^::error title=Threshold not met::p50 < 0\.001 ms%0Ameasured: .+$/m);
  t.regex(stderr, /## \[add-mask\]hostile/);
  t.notRegex(stdout + stderr, /##\[|^\s*::(?!error title=|warning title=)/m);
  const markdown = await readFile(join(directory, 'report.md'), 'utf8');
  t.is(await readFile(summaryFile, 'utf8'), `# before\n\n\n${markdown}`);
  checkXml(await readFile(join(directory, 'report.junit.xml'), 'utf8'));
  t.regex(await readFile(join(directory, 'cells.csv'), 'utf8'), /^id,/);
  t.true((await readdir(figuresFolder(directory))).every((file) => file.endsWith('.svg')));
  t.regex(stderr, /^ALSO {7}.*cells\.csv$/m);

  // The summary can't be written: said, and nothing else is different.
  const broken = { ...environment, GITHUB_STEP_SUMMARY: join(folder, 'no', 'such', 'folder') };
  const again = await runCli(t, ['report', directory], { folder, environment: broken });
  t.is(again.exitCode, 0);
  t.regex(again.stderr, /warning: the summary of the GitHub step could not be written: ENOENT/);
  t.regex(again.stderr, /^::error title=Threshold not met::/m);
});

test('what an asked format needs is looked for before the first operation', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const { ended } = await startRun(t, CONFIG, { folder, environment: { PATH: folder }, words: ['--also', 'png'] });
  const { exitCode, stderr } = await ended;
  t.is(exitCode, 104);
  t.regex(stderr, /GT_RSVG_MISSING/);
  t.false((await readdir(folder)).includes('out'));
  const unknown = await startRun(t, CONFIG, { folder, words: ['--also', 'md,pdf'] });
  const { exitCode: refused, stderr: said } = await unknown.ended;
  t.is(refused, 104);
  t.regex(said, /svg, png, md, csv, junit/);
});
