/** Makes the directory of a campaign's results, which never overwrites another's, and points `latest` to it. */

import { access, constants, mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { GlideTesterError, messageOf, systemCodeOf } from '../../foundation/error.ts';

export type ResultDirectoryRequest = {
  /** Folder of all result directories, from the config. */
  parent: string;
  /** Name of the campaign. */
  name: string;
  /** `--out`: this very directory; it may exist if it is empty, and `latest` is left alone. */
  out: string | undefined;
  /** Unix time of the start. */
  startedAtMs: number;
};

/**
 * The absolute path of a new, empty directory: `--out`, or `<parent>/<name>-<time>`.
 *
 * @throws GlideTesterError GT_RESULT_EXISTS, GT_RESULT_NOT_WRITABLE
 */
export async function makeResultDirectory(request: ResultDirectoryRequest): Promise<string> {
  const { parent, name, out, startedAtMs } = request;
  const directory = resolve(out ?? join(parent, `${name}-${formatFolderTime(startedAtMs)}`));
  try {
    await mkdir(directory, { recursive: true });
    const entries = await readdir(directory);
    if (entries.length > 0) throw resultsExist(directory, entries.length);
    await access(directory, constants.W_OK);
    if (out === undefined) await pointLatestTo(directory);
  } catch (cause) {
    throw cause instanceof GlideTesterError ? cause : resultsNotWritable(directory, cause);
  }
  return directory;
}

/** `2026-11-21T140233Z`: UTC, sorts by time, and legal in any file system. */
export function formatFolderTime(unixMs: number): string {
  return new Date(unixMs)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '');
}

/** A link beside the directory, relative so that the folder can be moved; replaced in one step. */
async function pointLatestTo(directory: string): Promise<void> {
  const latest = join(dirname(directory), 'latest');
  const fresh = `${latest}.${process.pid}`;
  await symlink(basename(directory), fresh);
  try {
    await rename(fresh, latest);
  } catch (cause) {
    await rm(fresh, { force: true });
    if (!['EISDIR', 'ENOTEMPTY', 'EEXIST'].includes(systemCodeOf(cause) ?? '')) throw cause;
    throw new GlideTesterError('GT_RESULT_NOT_WRITABLE', `expected ${latest} to be a link, it is a directory`, {
      hint: 'move it away, or name the result directory with --out',
      cause,
    });
  }
}

function resultsExist(directory: string, entries: number): GlideTesterError {
  return new GlideTesterError(
    'GT_RESULT_EXISTS',
    `expected a new or empty directory for the results, ${directory} holds ${entries} ${entries === 1 ? 'entry' : 'entries'}`,
    { hint: 'results are never overwritten: name another directory with --out, or leave --out away' },
  );
}

function resultsNotWritable(directory: string, cause: unknown): GlideTesterError {
  return new GlideTesterError(
    'GT_RESULT_NOT_WRITABLE',
    `could not make the result directory ${directory}: ${messageOf(cause)}`,
    {
      hint: 'name a directory that you may write with --out, or free some disk space',
      cause,
    },
  );
}
