/** Everything that must hold, in one command: types, lint, format, dead code, then the four suites; ends with one line of totals. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';

type Counts = { passed: number; failed: number; skipped: number };

/** `broken`: what failed in AVA's words, to be told again at the end of a long output. */
type Verdict = Counts & { broken: string[] };

/** Of each suite's failures, at the end. */
const TOLD_AGAIN_CHARACTERS = 6000;

const CHECKS: readonly (readonly string[])[] = [
  ['tsc', '-p', '.'],
  ['tsc', '-p', 'reports/page/browser'],
  ['oxlint', '--type-aware'],
  ['oxfmt', '--check', '.'],
  ['knip'],
];

const SUITES: readonly (readonly string[])[] = [
  ['ava'],
  ['ava', '--config', 'ava.e2e.config.js'],
  ['ava', '--config', 'ava.browser.config.js'],
  ['ava', '--config', 'ava.law.config.js'],
];

/** Each test file is a process that reads the same modules: Node keeps what it has compiled, which takes an eighth off the rooms' tests. */
const ENVIRONMENT = {
  ...process.env,
  NODE_COMPILE_CACHE: join(import.meta.dirname, '../node_modules/.cache/compiled'),
};

/** Runs a tool of node_modules/.bin with its output passed through; resolves with exit code and what it printed. */
function run([tool, ...parameters]: readonly string[]): Promise<{ exitCode: number; output: string }> {
  console.log(`\n> ${[tool, ...parameters].join(' ')}`);
  return new Promise((resolve, reject) => {
    const child = spawn(tool as string, parameters, { stdio: ['ignore', 'pipe', 'pipe'], env: ENVIRONMENT });
    let output = '';
    const pass = (chunk: Buffer): void => {
      output += chunk.toString();
      process.stdout.write(chunk);
    };
    child.stdout.on('data', pass);
    child.stderr.on('data', pass);
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode: exitCode ?? 1, output }));
  });
}

/**
 * AVA says how many passed only when none failed, so its lines are counted: `✔ title`, `✘ [fail]: title`, `- [skip] title`.
 * Uncaught exceptions count as failures.
 */
function readVerdict(output: string): Verdict {
  const lines = (pattern: RegExp): string[] => [...output.matchAll(pattern)].map(([, title]) => title as string);
  const last = (pattern: RegExp): number => Number(lines(pattern).at(-1) ?? 0);
  return {
    passed: last(/^\s*(\d+) tests? passed/gm) || lines(/^ {2}✔ (.+)$/gm).length,
    failed:
      last(/^\s*(\d+) tests? failed/gm) +
      last(/^\s*(\d+) uncaught exceptions?/gm) +
      last(/^\s*(\d+) unhandled rejections?/gm),
    skipped: last(/^\s*(\d+) tests? skipped/gm),
    broken: [...lines(/^ {2}✘ (.+)$/gm), output.split('\n  ─\n')[1]?.slice(0, TOLD_AGAIN_CHARACTERS) ?? ''],
  };
}

const totals: Verdict = { passed: 0, failed: 0, skipped: 0, broken: [] };
for (const check of CHECKS) {
  const { exitCode } = await run(check);
  if (exitCode === 0) totals.passed += 1;
  else {
    totals.failed += 1;
    totals.broken.push(`${check.join(' ')}: exit ${exitCode}`);
  }
}
for (const suite of SUITES) {
  const { exitCode, output } = await run(suite);
  const { passed, failed, skipped, broken } = readVerdict(output);
  totals.passed += passed;
  totals.skipped += skipped;
  // A suite that ends badly without saying so (a crash, a time-out) must not pass as nothing failed.
  totals.failed += exitCode === 0 ? failed : Math.max(1, failed);
  if (exitCode !== 0) totals.broken.push(`${suite.join(' ')}: exit ${exitCode}`, ...broken);
}
if (totals.broken.length > 0) console.log(`\nwhat failed:\n  ${totals.broken.join('\n  ')}`);
console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed === 0 ? 0 : 1;
