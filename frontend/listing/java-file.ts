/**
 * Asks the file system as BeStMan does, by java.io.File: every question is a stat of its own, and what has gone meanwhile is no
 * directory, empty, and as old as time. What a listing costs a mounted file system is the number of these.
 *
 * The paths hold no links any more; should one have been put there meanwhile, it is not followed out of the tree.
 */

import { type Stats, lstatSync } from 'node:fs';
import type { DiskPath } from './disk-path.ts';

/** File.isDirectory(). @throws what stat throws, except that there is nothing */
export function isDirectory(path: DiskPath): boolean {
  return ask(path)?.isDirectory() ?? false;
}

/** File.length(), in bytes. @throws what stat throws, except that there is nothing */
export function length(path: DiskPath): number {
  return ask(path)?.size ?? 0;
}

/** File.lastModified(), whole milliseconds of Unix time. @throws what stat throws, except that there is nothing */
export function lastModifiedMs(path: DiskPath): number {
  return Math.trunc(ask(path)?.mtimeMs ?? 0);
}

function ask(path: DiskPath): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
