/**
 * The grid-mapfile: one `"<subject>" <local user>[,<local user>…]` a line. A subject in double quotes may hold blanks, and
 * `\"` or `\\` for what stands behind the backslash; one without quotes ends at the first blank. Lines that start with `#` are comments.
 */

import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { messageOf, systemCodeOf } from '../../foundation/error.ts';

/** Some 100,000 users; a larger one is no grid-mapfile. */
export const GRID_MAPFILE_LIMIT_BYTES = 16 * 1024 * 1024;

export type GridMapfile = {
  /** The first local user of each subject. */
  localUsers: ReadonlyMap<string, string>;
  /** Lines that are neither entry nor comment; they map nobody. */
  badLines: number;
};

/** A longer line is no entry. */
const LINE_LIMIT = 8192;
const ENTRY = /^(?:"((?:[^"\\]|\\.)+)"|([^\s"#]\S*))[ \t]+([^\s,]+)(?:,[^\s,]+)*$/;
const BLANK_OR_COMMENT = /^(?:#|$)/;

/** Of several lines with one subject the first holds. */
export function parseGridMapfile(text: string): GridMapfile {
  const localUsers = new Map<string, string>();
  let badLines = 0;
  for (const whole of text.split('\n')) {
    const line = whole.trim();
    if (BLANK_OR_COMMENT.test(line)) continue;
    const [, quoted, bare, localUser] = (line.length > LINE_LIMIT ? null : ENTRY.exec(line)) ?? [];
    const subject = quoted === undefined ? bare : quoted.replaceAll(/\\(.)/g, '$1');
    if (subject === undefined || localUser === undefined) badLines += 1;
    else if (!localUsers.has(subject)) localUsers.set(subject, localUser);
  }
  return { localUsers, badLines };
}

/** Reads and parses the file. @throws Error in plain words, without the file's path, when it can't be had */
export async function loadGridMapfile(path: string): Promise<GridMapfile> {
  let file: FileHandle;
  try {
    // A pipe in its place would make an opening wait for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw new Error(`the grid-mapfile cannot be read: ${systemCodeOf(cause) ?? messageOf(cause)}`, { cause });
  }
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new Error('the grid-mapfile is no file');
    if (stats.size > GRID_MAPFILE_LIMIT_BYTES) {
      throw new Error(`the grid-mapfile has ${stats.size} bytes, more than ${GRID_MAPFILE_LIMIT_BYTES}`);
    }
    return parseGridMapfile(await readAtMost(file, stats.size));
  } finally {
    await file.close();
  }
}

/** The first `bytes` of it: it may be growing. */
async function readAtMost(file: FileHandle, bytes: number): Promise<string> {
  const buffer = Buffer.allocUnsafe(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await file.read(buffer, filled, bytes - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.toString('utf8', 0, filled);
}
