/** What a frontend can be told, and the checks that need the machine. */

import { realpathSync, statSync } from 'node:fs';
import { GlideTesterError, systemCodeOf } from '../foundation/error.ts';

export type FrontendOptions = {
  /** The directory that is served; nothing outside it ever is. */
  root: string;
  host?: '127.0.0.1';
  /** 0: any free one. */
  port: number;
  /** Listings at once = listing threads (BeStMan's name); the others wait in turn, without limit. */
  fsConcurrency: number;
  /** BeStMan's name: a full listing reads every file and gives its md5. */
  showChecksumWhenListingFile?: boolean;
  /** NDJSON file that gets one line per operation that carried our header. */
  record?: string;
  /** The end of standard input stops the frontend: it dies with whoever started it. */
  stopWithStdin?: boolean;
};

/** The root without links in it. @throws GlideTesterError GT_FRONTEND_ROOT, GT_FRONTEND_THREADS */
export function checkOptions(options: FrontendOptions): string {
  if (!Number.isInteger(options.fsConcurrency) || options.fsConcurrency < 1) {
    throw new GlideTesterError(
      'GT_FRONTEND_THREADS',
      `fsConcurrency is the number of listing threads, a whole number from 1; got ${options.fsConcurrency}`,
    );
  }
  return resolveRoot(options.root);
}

function resolveRoot(root: string): string {
  const hint = 'Give a directory that exists and that this user may read.';
  try {
    const real = realpathSync.native(root);
    if (statSync(real).isDirectory()) return real;
  } catch (error) {
    const code = systemCodeOf(error) ?? 'unreadable';
    throw new GlideTesterError('GT_FRONTEND_ROOT', `the directory to serve, ${root}, cannot be read: ${code}`, {
      hint,
      cause: error,
    });
  }
  throw new GlideTesterError('GT_FRONTEND_ROOT', `a directory to serve was expected, ${root} is none`, { hint });
}
