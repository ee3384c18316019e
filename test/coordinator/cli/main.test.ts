import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { Problem } from '../../../coordinator/config/problem.ts';
import { changeSample } from '../config/sample-config.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { runCommand, startCommand } from './command-line.ts';

const CONFIG = 'glidetester.config.json';

function sampleFile(changes: Record<string, unknown> = {}): Record<string, string> {
  return { [CONFIG]: JSON.stringify(changeSample(changes)) };
}

const COMMANDS = [
  'run',
  'validate',
  'plan',
  'doctor',
  'report',
  'compare',
  'frontend',
  'mapping-service',
  'relay',
  'agent',
];

test('--help lists the commands on standard output, and no others', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const { exitCode, stdout, stderr } = await runCommand(['--help'], { folder });
  t.is(exitCode, 0);
  t.is(stderr, '');
  const listed = [...stdout.matchAll(/^ {2}([a-z-]+) .*\S$/gm)].map(([, name]) => name);
  t.deepEqual(
    listed.filter((name) => name !== 'help'),
    COMMANDS,
  );
});

for (const command of COMMANDS) {
  test(`${command} --help says what it takes`, async (t) => {
    const folder = await makeTemporaryFolder(t);
    const { exitCode, stdout } = await runCommand([command, '--help'], { folder });
    t.is(exitCode, 0);
    t.regex(stdout, new RegExp(`^Usage: glidetester ${command} `));
  });
}

const REFUSED: [words: string[], said: RegExp][] = [
  [['runn'], /Did you mean run\?/],
  [['run', '--no-such-flag'], /unknown option/],
  [['report'], /missing required argument/],
  [['compare', 'one'], /missing required argument/],
  [['compare', 'one', 'two', '--format', 'pdf'], /text, json, markdown, md, html/],
  [['frontend', '--root', '.', '--port', 'many'], /whole number from 0 to 65535/],
  [['frontend', '--root', '.'], /--port/],
  [['frontend', '--port', '0'], /--root/],
  [['frontend', '--root', '.', '--port', '0', '--users', '3'], /--make-certificates/],
  [['frontend', '--make-certificates', 'c', '--port', '0'], /--root/],
  [['frontend', '--root', '.', '--port', '0', '--answers', 'xml'], /inline, multiref/],
  [['frontend', '--root', '.', '--port', '0', '--mapped-id-cache-s', '-2'], /whole number from -1/],
  [['mapping-service', '--port', '0'], /--grid-mapfile/],
  [['mapping-service', '--grid-mapfile', 'm', '--port', '0', '--latency', '5'], /a duration with a unit/],
  [['agent'], /--join/],
  [[], /Usage: glidetester/],
];

for (const [words, said] of REFUSED) {
  test(`exit 104 for a command line that means nothing: ${words.join(' ')}`, async (t) => {
    const folder = await makeTemporaryFolder(t);
    const { exitCode, stdout, stderr } = await runCommand(words, { folder });
    t.is(exitCode, 104);
    t.is(stdout, '');
    t.regex(stderr, said);
  });
}

test('validate --json lists all problems at once with path and source', async (t) => {
  const folder = await makeTemporaryFolder(
    t,
    sampleFile({ 'load.levles': [1], 'timing.drain': 5, 'load.levels': [2, 2] }),
  );
  const environment = { GLIDETESTER_LOAD__RUNS: 'two' };
  const words = ['validate', '--json', '--set', 'barrier.spare=10'];
  const { exitCode, stdout } = await runCommand(words, { folder, environment });
  t.is(exitCode, 104);
  const { valid, problems } = JSON.parse(stdout) as { valid: boolean; problems: Problem[] };
  t.false(valid);
  t.deepEqual(
    problems.map(({ path, source }) => [path, source]),
    [
      ['load.runs', 'GLIDETESTER_LOAD__RUNS in the environment'],
      ['load.levles', CONFIG],
      ['timing.drain', CONFIG],
      ['barrier.spare', '--set barrier.spare=10'],
    ],
  );
});

test('validate prints the same problems for people, on standard error', async (t) => {
  const folder = await makeTemporaryFolder(t, sampleFile({ 'load.levels': [2, 2, 99] }));
  const { exitCode, stdout, stderr } = await runCommand(['validate'], { folder });
  t.is(exitCode, 104);
  t.is(stdout, '');
  for (const word of ['2 problems', 'load.levels', '2 more than once', 'pools', '99 clients', 'GT_CONFIG_INVALID']) {
    t.true(stderr.includes(word), word);
  }
});

test('validate says that a config is valid', async (t) => {
  const folder = await makeTemporaryFolder(t, sampleFile());
  const text = await runCommand(['validate', CONFIG], { folder });
  t.is(text.exitCode, 0);
  t.regex(text.stdout, /^valid: .* asks for 12 cells\n$/);
  const json = await runCommand(['validate', '--json'], { folder });
  t.is(json.exitCode, 0);
  t.deepEqual(JSON.parse(json.stdout), { valid: true, problems: [] });
});

test('a config that throws is told with file and line, without a stack', async (t) => {
  const folder = await makeTemporaryFolder(t, { 'glidetester.config.ts': `\nthrow new Error('boom');\n` });
  const { exitCode, stdout, stderr } = await runCommand(['run'], { folder });
  t.is(exitCode, 104);
  t.is(stdout, '');
  t.regex(stderr, /glidetester\.config\.ts:2: boom/);
  t.false(/^\s+at /m.test(stderr));
});

test('validate --json tells of a file that is not there as a problem', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const { exitCode, stdout } = await runCommand(['validate', '--json', 'gone.ts'], { folder });
  t.is(exitCode, 104);
  t.like(JSON.parse(stdout), { valid: false, problems: [{ path: '', source: 'gone.ts' }] });
});

test('plan --json lists every cell in the order of measurement', async (t) => {
  const folder = await makeTemporaryFolder(t, sampleFile());
  const { exitCode, stdout, stderr } = await runCommand(['plan', '--json', '--set', 'load.levels=1,8'], { folder });
  t.is(exitCode, 0);
  t.is(stderr, '');
  const { cells } = JSON.parse(stdout) as { cells: { id: string }[] };
  t.deepEqual(
    cells.map(({ id }) => id),
    [
      '001-d20-l1-r1',
      '002-d20-l8-r1',
      '003-d100-l1-r1',
      '004-d100-l8-r1',
      '005-d20-l1-r2',
      '006-d20-l8-r2',
      '007-d100-l1-r2',
      '008-d100-l8-r2',
    ],
  );
});

test('plan for people says how many cells and how long', async (t) => {
  const folder = await makeTemporaryFolder(t, sampleFile());
  const { exitCode, stdout } = await runCommand(['plan'], { folder });
  t.is(exitCode, 0);
  t.regex(stdout, /^sample {3}12 cells {3}\S.* at least, .* at most\n001-d20-l1-r1 /);
});

test('plan says where ports will not last, whatever their range, and what helps', async (t) => {
  const folder = await makeTemporaryFolder(t, sampleFile());
  const many = ['load.levels=70000', 'pools.0.slotsPerPilot=70000'].flatMap((change) => ['--set', change]);
  const { exitCode, stdout } = await runCommand(['plan', ...many], { folder });
  t.is(exitCode, 0);
  t.regex(stdout, /\n! ports {2}local {2}70,000 connections at once .*; fix: pools\[0\]\.sourceAddresses/);
  t.false((await runCommand(['plan'], { folder })).stdout.includes('! ports'));
});

test('a reader that leaves early is no crash', async (t) => {
  const folder = await makeTemporaryFolder(t, sampleFile());
  const child = startCommand(['plan', '--set', 'load.runs=5000'], { folder });
  child.stdout?.destroy();
  let stderr = '';
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  t.is(stderr, '');
  t.is(exitCode, 0);
});

test('run refuses a result directory that holds something, before anything starts', async (t) => {
  const folder = await makeTemporaryFolder(t, sampleFile());
  const { exitCode, stdout, stderr } = await runCommand(['run', '--out', '.'], { folder });
  t.is(exitCode, 122);
  t.is(stdout, '');
  t.true(stderr.includes('GT_RESULT_EXISTS'));
  t.deepEqual(await readdir(folder), [CONFIG]);
});

test('run refuses a result directory that cannot be made', async (t) => {
  const folder = await makeTemporaryFolder(t, sampleFile());
  const { exitCode, stderr } = await runCommand(['run', '--out', join(CONFIG, 'below')], { folder });
  t.is(exitCode, 122);
  t.true(stderr.includes('GT_RESULT_NOT_WRITABLE'));
});

test('run makes no result directory for an invalid config', async (t) => {
  const folder = await makeTemporaryFolder(t, sampleFile({ 'load.runs': 0 }));
  const { exitCode } = await runCommand(['run'], { folder });
  t.is(exitCode, 104);
  t.deepEqual(await readdir(folder), [CONFIG]);
});
