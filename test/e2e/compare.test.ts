/** Results set side by side through the real command line: every form, every exit code. */

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Comparison } from '../../reports/compare/comparison.ts';
import type { FailIfOutcome } from '../../reports/compare/judge-fail-if.ts';
import { renderReport } from '../../reports/render.ts';
import { summaryFile } from '../../reports/result-directory.ts';
import { type CliEnd, type CliOptions, runCli } from '../support/cli.ts';
import { writeSyntheticCampaign } from '../support/synthetic-campaign.ts';
import { exponential } from '../support/synthetic-cell.ts';

type Shape = { seed?: number; serviceUs?: number; levels?: number[]; runs?: number; target?: string; name?: string };

/** A result directory as a finished campaign leaves it. */
async function writeResult(folder: string, name: string, shape: Shape = {}): Promise<string> {
  const { seed = 0, serviceUs = 5000, levels = [4, 8], runs = 4, target = 'embedded' } = shape;
  const directory = join(folder, name);
  await writeSyntheticCampaign({
    directory,
    sizes: [20],
    levels,
    runs,
    target,
    name: shape.name ?? name,
    change: ({ level, run }) => ({
      options: { seed: seed + level * 10 + run, serviceUs: exponential(serviceUs), windowMs: 4000 },
    }),
  });
  await renderReport(directory);
  return directory;
}

/** Of all tests: A, one of the same service, and one whose operations take a quarter longer. */
let folder = '';

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glidetester-compare-'));
  await writeResult(folder, 'a');
  await writeResult(folder, 'again', { seed: 5000 });
  await writeResult(folder, 'slow', { seed: 9000, serviceUs: 6250 });
  await writeResult(folder, 'few', { runs: 2, serviceUs: 6250 });
});

test.after.always(() => rm(folder, { recursive: true, force: true }));

const compare = (
  t: ExecutionContext,
  words: readonly string[],
  environment: CliOptions['environment'] = {},
): Promise<CliEnd> => runCli(t, ['compare', ...words], { folder, environment });

type Document = Comparison & { failIf: FailIfOutcome[] };

test('two results: text on a pipe is plain, JSON has every figure, files are written whole', async (t) => {
  const text = await compare(t, ['a', 'slow']);
  t.is(text.exitCode, 0, text.stderr);
  t.is(text.stderr, '');
  t.false(text.stdout.includes('\u001B'));
  t.regex(text.stdout, /^A {8}a: a, .* \(baseline\)$/m);
  t.regex(text.stdout, /rate: slower in 2 of 2 cells/);
  t.regex(text.stdout, /Welch’s t-test/);
  const coloured = await compare(t, ['a', 'slow'], { FORCE_COLOR: '1' });
  t.true(coloured.stdout.includes('\u001B[31m'));
  const dull = await compare(t, ['a', 'slow', '--no-color'], { FORCE_COLOR: '1' });
  t.is(dull.stdout, text.stdout);

  const { stdout } = await compare(t, ['a', 'slow', '--json']);
  const { pairings, test: how } = JSON.parse(stdout) as Document;
  t.is(how.runsNeeded, 4);
  for (const { figures } of pairings[0]?.cells ?? []) {
    t.is(figures.rate.verdict, 'slower');
    t.is(figures.rate.baseline.values.length, 4);
    t.true((figures.rate.difference?.low ?? 0) < -0.2 && (figures.rate.difference?.high ?? 0) > -0.2);
  }

  const page = await compare(t, ['a', 'slow', '--format', 'html', '--out', 'page.html']);
  t.is(page.stdout, `${join(folder, 'page.html')}\n`);
  const written = await readFile(join(folder, 'page.html'), 'utf8');
  t.regex(written, /<svg[\s\S]*<\/html>/);
  t.false(/<script|\bsrc=/.test(written));
  const markdown = await compare(t, ['a', 'slow', '--format', 'markdown']);
  t.regex(markdown.stdout, /^## Comparison with a$[\s\S]*<details>/m);
  t.is((await compare(t, ['a', 'slow', '--format', 'md'])).stdout, markdown.stdout);
});

test('--fail-if: 99 when it holds, 0 when it does not, with every reason', async (t) => {
  const words = ['a', 'slow', '--fail-if', 'rate < -5%', '--fail-if', 'rate at level 4 < -50%'];
  const failed = await compare(t, words);
  t.is(failed.exitCode, 99);
  t.regex(
    failed.stderr,
    /fail-if rate < -5%: holds\n {2}B, level 4: rate -.* %\): .* Hz in A, .* Hz in B\n {2}B, level 8/,
  );
  t.regex(failed.stdout, /^FAIL-IF {2}rate at level 4 < -50%: does not hold$/m);
  const same = await compare(t, ['a', 'again', '--fail-if', 'rate < 0%', '--fail-if', 'failed > 0%']);
  t.is(same.exitCode, 0, same.stderr);
});

test('--fail-if that can not be read ends with 104 before anything is compared', async (t) => {
  const { exitCode, stdout, stderr } = await compare(t, ['a', 'nowhere', '--fail-if', 'rate < 5%']);
  t.is(exitCode, 104);
  t.is(stdout, '');
  t.regex(stderr, /GT_COMPARE_EXPRESSION/);
});

test('too few runs end with 104, after the comparison has been shown; a difference that is shown counts for more', async (t) => {
  const { exitCode, stdout, stderr } = await compare(t, ['a', 'few', '--fail-if', 'rate < -5%']);
  t.is(exitCode, 104);
  t.regex(stderr, /B, level 4: not enough runs: 4 in A, 2 in B; 4 are needed/);
  t.regex(stderr, /GT_COMPARE_RUNS/);
  t.regex(stdout, /rate: not enough runs in 2 of 2 cells/);
  const without = await compare(t, ['a', 'few']);
  t.is(without.exitCode, 0);
  const three = await compare(t, ['a', 'few', 'slow', '--fail-if', 'rate < -5%']);
  t.is(three.exitCode, 99);
  t.regex(three.stderr, /C, level 8: rate -/);
  t.regex(three.stderr, /B, level 8: not enough runs/);
});

test('three results side by side, each against the first', async (t) => {
  const { exitCode, stdout } = await compare(t, ['a', 'again', 'slow']);
  t.is(exitCode, 0);
  t.regex(stdout, /^B-A {6}rate: no difference shown in 2 of 2 cells$/m);
  t.regex(stdout, /^C-A {6}rate: slower in 2 of 2 cells/m);
  t.regex(stdout, /^cell .* B: verdict .* C: verdict$/m);
});

test('a summary alone, of the version before too, and a directory without one are results; a missing or foreign file is not', async (t) => {
  const {
    models: _,
    acquisition: __,
    ...earlier
  } = JSON.parse(await readFile(summaryFile(join(folder, 'a')), 'utf8')) as Record<string, unknown>;
  await writeFile(join(folder, 'earlier.json'), JSON.stringify({ ...earlier, version: 1 }));
  await cp(join(folder, 'slow'), join(folder, 'unfinished'), { recursive: true });
  await rm(summaryFile(join(folder, 'unfinished')));
  const { exitCode, stdout, stderr } = await compare(t, ['earlier.json', 'unfinished']);
  t.is(exitCode, 0, stderr);
  t.regex(stdout, /rate: slower in 2 of 2 cells/);
  t.regex(stdout, /no campaign\.json beside the summary of A/);

  const missing = await compare(t, ['a', 'nowhere']);
  t.is(missing.exitCode, 122);
  t.regex(missing.stderr, /there is nothing at nowhere[\s\S]*GT_RESULT_NOT_READABLE/);
  await writeFile(join(folder, 'foreign.json'), '{"version": 2, "cells": "none"}');
  const foreign = await compare(t, ['a', 'foreign.json']);
  t.is(foreign.exitCode, 122);
  t.regex(foreign.stderr, /expected a summary .* in foreign\.json/);
  const empty = await compare(t, ['a', 'a/cells']);
  t.is(empty.exitCode, 122);
  t.regex(empty.stderr, /GT_RESULT_NOT_READABLE/);
});

test('hostile names, other levels and another target are said as text; nothing in common ends with 104', async (t) => {
  const hostile = '<img src=x onerror=alert(1)>|`@team` \u001B[2J\n# all well';
  await writeResult(folder, 'hostile', { target: '127.0.0.1:8443', name: hostile });
  await writeResult(folder, '-b', { target: hostile, name: hostile, levels: [8, 16] });
  const text = await compare(t, ['hostile', './-b']);
  t.is(text.exitCode, 0, text.stderr);
  t.false(/(?!\n)\p{Cc}/u.test(text.stdout));
  t.regex(text.stdout, /127\.0\.0\.1:8443 of A is compared with <img .* of B/);
  t.regex(text.stdout, /Only in A, not in B: .*, level 4\./);
  t.regex(text.stdout, /Only in B, not in A: .*, level 16\./);
  const page = await compare(t, ['hostile', './-b', '--format', 'html']);
  t.false(page.stdout.includes('<img'));
  const markdown = await compare(t, ['hostile', './-b', '--format', 'markdown']);
  t.false(/(?<!\\)<img/.test(markdown.stdout));
  t.false(/^# all/m.test(markdown.stdout));

  await writeResult(folder, 'other', { levels: [1] });
  const nothing = await compare(t, ['a', 'other']);
  t.is(nothing.exitCode, 104);
  t.regex(nothing.stdout, /No cell is in both/);
  t.regex(nothing.stderr, /GT_COMPARE_NOTHING/);
});

test('a step of GitHub Actions gets the comparison as its summary', async (t) => {
  const summary = join(folder, 'step.md');
  const environment = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
  const { exitCode, stdout, stderr } = await compare(
    t,
    ['a', 'slow', '--json', '--fail-if', 'rate < -5%'],
    environment,
  );
  t.is(exitCode, 99);
  t.is((JSON.parse(stdout) as Document).failIf[0]?.verdict, 'holds');
  t.regex(stderr, /^::error title=fail-if rate < -5%25%3A holds::B, level 4: rate/m);
  t.regex(await readFile(summary, 'utf8'), /\*\*`rate < -5%` holds\*\*/);
});

test('a result that can not be written ends with 122', async (t) => {
  const { exitCode, stderr } = await compare(t, ['a', 'slow', '--out', join('a', 'summary.json', 'x')]);
  t.is(exitCode, 122);
  t.regex(stderr, /GT_RESULT_NOT_WRITABLE/);
});
