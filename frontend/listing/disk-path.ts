/** Paths on disk that need not be UTF-8, and the one check that keeps them below the root. */

import { isUtf8 } from 'node:buffer';
import { readdirSync, realpathSync } from 'node:fs';

/** Bytes where a name on the way is no UTF-8. */
export type DiskPath = string | Buffer;

const REPLACEMENT = '\uFFFD';
const SLASH = 0x2f;

export function joinPath(directory: DiskPath, name: DiskPath): DiskPath {
  if (typeof directory === 'string' && typeof name === 'string') return `${directory}/${name}`;
  return Buffer.concat([Buffer.from(directory), Buffer.from('/'), Buffer.from(name)]);
}

/** The name for people and XML: U+FFFD for each byte that is no UTF-8. */
export function showName(name: DiskPath): string {
  return typeof name === 'string' ? name : name.toString();
}

/** The names in a directory, in the order in which the file system gives them. @throws what readdir throws */
export function readNames(directory: DiskPath): DiskPath[] {
  const names = readdirSync(directory);
  // Decoding has lost what was no UTF-8, so such a directory is read once more as bytes.
  return names.some((name) => name.includes(REPLACEMENT)) ? readdirSync(directory, { encoding: 'buffer' }) : names;
}

/** The path with all links followed, or null when that ends outside `realRoot`. @throws what realpath throws */
export function resolveInside(path: DiskPath, realRoot: Buffer): DiskPath | null {
  const real = realpathSync.native(path, { encoding: 'buffer' });
  if (!isInside(real, realRoot)) return null;
  return isUtf8(real) ? real.toString() : real;
}

function isInside(real: Buffer, realRoot: Buffer): boolean {
  if (!real.subarray(0, realRoot.length).equals(realRoot)) return false;
  return real.length === realRoot.length || realRoot.at(-1) === SLASH || real[realRoot.length] === SLASH;
}
