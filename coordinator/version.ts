/** The version of this package, said in the terminal, the results and the User-Agent. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** package.json lies one folder up in the sources and two in the built tree. */
function readVersion(): string {
  for (const folder of ['..', join('..', '..')]) {
    try {
      const text = readFileSync(join(dirname(import.meta.filename), folder, 'package.json'), 'utf8');
      const { name, version } = JSON.parse(text) as { name: string; version: string };
      if (name === 'glidetester') return version;
    } catch {
      continue;
    }
  }
  return 'unknown';
}

export const VERSION = readVersion();
