import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { makeDirectory } from './fresh-directory.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** Which rules the repository's lint finds broken in each source, when it stands in `folder`. */
function lint(t: ExecutionContext, folder: string, sources: Record<string, string>): Record<string, string[]> {
  const copy = makeDirectory(t);
  for (const file of ['.oxlintrc.json', 'tsconfig.json']) copyFileSync(join(REPOSITORY, file), join(copy, file));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(copy, 'node_modules'));
  mkdirSync(join(copy, folder), { recursive: true });
  const found: Record<string, string[]> = {};
  for (const [name, source] of Object.entries(sources)) {
    writeFileSync(join(copy, folder, `${name}.ts`), source);
    found[name] = [];
  }
  const { stdout, stderr } = spawnSync(join(copy, 'node_modules/.bin/oxlint'), ['--format', 'json', folder], {
    cwd: copy,
    encoding: 'utf8',
  });
  if (!stdout.startsWith('{')) throw new Error(`oxlint said: ${stdout}${stderr}`);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
  for (const { code, filename } of diagnostics) found[basename(filename, '.ts')]?.push(code);
  return found;
}

test('lint refuses every way to a timer in the frontend', (t) => {
  const globals = ['eslint(no-restricted-globals)'];
  const properties = ['eslint(no-restricted-properties)'];
  const imports = ['eslint(no-restricted-imports)'];
  const cell = 'new Int32Array(new SharedArrayBuffer(4))';
  const found = lint(t, 'frontend', {
    'set-timeout': 'setTimeout(() => {}, 1);',
    'set-interval': 'setInterval(() => {}, 1);',
    'global-timeout': 'globalThis.setTimeout(() => {}, 1);',
    'destructured-timeout': 'export const { setTimeout: later } = globalThis;',
    'socket-timeout': 'process.stdin.setTimeout(10);',
    'abort-signal': 'AbortSignal.timeout(10);',
    'atomics-wait': `Atomics.wait(${cell}, 0, 0, 10);`,
    'atomics-wait-async': `Atomics.waitAsync(${cell}, 0, 0, 10);`,
    'timers-promises': `export { setTimeout as sleep } from 'node:timers/promises';`,
    timers: `export { setTimeout as later } from 'node:timers';`,
    'timers-dynamic': `export const timers = import('node:timers');`,
    'clock-delay': `export { delay } from '../foundation/clock.ts';`,
  });
  t.deepEqual(found, {
    'set-timeout': globals,
    'set-interval': globals,
    'global-timeout': properties,
    'destructured-timeout': properties,
    'socket-timeout': properties,
    'abort-signal': properties,
    'atomics-wait': properties,
    'atomics-wait-async': properties,
    'timers-promises': imports,
    timers: imports,
    'timers-dynamic': imports,
    'clock-delay': imports,
  });
});

test('lint lets only the mapping service have timers, and nothing in the frontend import them from it', (t) => {
  const timers = {
    'set-timeout': 'setTimeout(() => {}, 1);',
    timers: `export { setTimeout as later } from 'node:timers';`,
    'timers-promises': `export { setTimeout as sleep } from 'node:timers/promises';`,
  };
  const within = lint(t, 'frontend/mapping-service', timers);
  t.deepEqual(within, { 'set-timeout': [], timers: [], 'timers-promises': [] });
  const beside = lint(t, 'frontend/authorization', timers);
  t.true(Object.values(beside).every((found) => found.length === 1));

  const imports = ['eslint(no-restricted-imports)'];
  const importing = {
    'from-main': `export { startMappingService } from './mapping-service/main.ts';`,
    'from-service': `export { createMappingServer } from './mapping-service/service.ts';`,
    dynamic: `export const started = import('./mapping-service/main.ts');`,
  };
  t.deepEqual(lint(t, 'frontend', importing), { 'from-main': imports, 'from-service': imports, dynamic: imports });
  const deeper = { 'from-main': `export { startMappingService } from '../mapping-service/main.ts';` };
  t.deepEqual(lint(t, 'frontend/authorization', deeper), { 'from-main': imports });
  const command = { 'from-main': `export { runMappingService } from '../../../frontend/mapping-service/main.ts';` };
  t.deepEqual(lint(t, 'coordinator/cli/commands', command), { 'from-main': [] });
});

test('the mapping service imports nothing above it', (t) => {
  const imports = ['eslint(no-restricted-imports)'];
  const found = lint(t, 'frontend/mapping-service', {
    reports: `export type { Operation } from '../../reports/operation.ts';`,
    agent: `export type { CellPlan } from '../../agent/protocol.ts';`,
    coordinator: `export { defineConfig } from '../../coordinator/glidetester.ts';`,
    frontend: `export { awaitStop } from '../await-stop.ts';`,
  });
  t.deepEqual(found, { reports: imports, agent: imports, coordinator: imports, frontend: [] });
});

test('reading the clock is allowed in the frontend, and timers are allowed elsewhere', (t) => {
  const reading = { 'read-clock': `export { monotonicNowMs } from '../foundation/clock.ts';` };
  t.deepEqual(lint(t, 'frontend', reading), { 'read-clock': [] });
  t.deepEqual(lint(t, 'agent', { 'set-timeout': 'setTimeout(() => {}, 1);' }), { 'set-timeout': [] });
});
