/** Files of the kernel, which may not be there or not be for us. */

import { readFileSync } from 'node:fs';

/** The whole text, or null where it can't be read. */
export function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
