/** The md5 of a file, read whole: the work that BeStMan's showChecksumWhenListingFile costs. */

import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { DiskPath } from './disk-path.ts';

const buffer = Buffer.allocUnsafeSlow(256 * 1024);

/** Lower-case hex; `file` is a regular file. @throws what open and read throw */
export function computeMd5(file: DiskPath): string {
  // The file may have been swapped for a link or a pipe since it was looked at: neither is followed or waited for.
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const hash = createHash('md5');
    for (;;) {
      const bytes = readSync(descriptor, buffer, 0, buffer.length, null);
      if (bytes === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytes));
    }
  } finally {
    closeSync(descriptor);
  }
}
