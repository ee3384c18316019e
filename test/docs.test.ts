import { readFileSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import test from 'ava';
import { EXIT, EXIT_OF_ERROR } from '../coordinator/cli/exit-code.ts';
import { readConfig } from '../coordinator/config/load-config.ts';
import { REFERENCE_FILE, SCHEMA_FILE, renderJsonSchema, renderReference } from '../scripts/config-reference.ts';

import { makeTemporaryFolder } from './support/temporary-folder.ts';

const ROOT = new URL('../', import.meta.url);
const ROOMS = '{agent,coordinator,foundation,frontend,reports,scenarios}/**/*.ts';

/** Every error code in the source, once each, sorted. */
async function listCodes(): Promise<string[]> {
  const codes = new Set<string>();
  for await (const file of glob(ROOMS, { cwd: ROOT })) {
    const text = await readFile(new URL(file, ROOT), 'utf8');
    for (const [, code] of text.matchAll(/'(GT_[A-Z_]+)'/g)) codes.add(code as string);
  }
  return [...codes].toSorted((a, b) => (a < b ? -1 : 1));
}

/** Code and exit code of each row of docs/errors.md. */
function listRows(): [code: string, exitCode: number][] {
  const text = readFileSync(new URL('docs/errors.md', ROOT), 'utf8');
  return [...text.matchAll(/^\| `(GT_[A-Z_]+)` \| (\d+) \| \S.* \| \S.* \|$/gm)].map(([, code, exitCode]) => [
    code as string,
    Number(exitCode),
  ]);
}

test('docs/errors.md lists exactly the error codes of the source, in order, each with what to do', async (t) => {
  t.deepEqual(
    listRows().map(([code]) => code),
    await listCodes(),
  );
});

test('every error code has its exit code, and docs/errors.md says the same', (t) => {
  t.deepEqual(Object.fromEntries(listRows()), { ...EXIT_OF_ERROR });
});

test('docs/errors.md lists every exit code', (t) => {
  const text = readFileSync(new URL('docs/errors.md', ROOT), 'utf8');
  t.deepEqual(
    [...text.matchAll(/^\| (\d+) \| \S.* \|$/gm)].map(([, exitCode]) => Number(exitCode)),
    Object.values(EXIT),
  );
});

test('the config reference is current; else run: node scripts/config-reference.ts', (t) => {
  t.is(readFileSync(REFERENCE_FILE, 'utf8'), renderReference());
  t.is(readFileSync(SCHEMA_FILE, 'utf8'), renderJsonSchema());
});

for (const file of ['README.md', 'docs/http-get.md', 'docs/telemetry.md']) {
  test(`the config in ${file} is valid as it stands`, async (t) => {
    const text = readFileSync(new URL(file, ROOT), 'utf8');
    const config = /```ts\n([\s\S]*?)```/.exec(text)?.[1];
    const folder = await makeTemporaryFolder(t, { 'glidetester.config.ts': config ?? '' });
    const { problems } = await readConfig({ folder, path: undefined, environment: {}, set: [] });
    t.deepEqual(problems, []);
  });
}
