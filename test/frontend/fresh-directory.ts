/** A directory of its own for each test, gone afterwards. */

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';

/** Path without links of a new directory that holds `files` (path below it: content). */
export function makeDirectory(t: ExecutionContext, files: Record<string, string> = {}): string {
  const directory = realpathSync.native(mkdtempSync(join(tmpdir(), 'glidetester-frontend-')));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return directory;
}
