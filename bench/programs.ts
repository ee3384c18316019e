/** Programs of other people that the bench runs when they are there: it installs nothing. */

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Absent } from './bench-row.ts';

const INSTALL = 'apt-get install -y --no-install-recommends';

/** Where each comes from. */
const SOURCES = {
  wrk: `${INSTALL} wrk`,
  nginx: `${INSTALL} nginx-light`,
  hey: `${INSTALL} hey`,
  k6: 'not in Debian; put it on PATH',
  taskset: `${INSTALL} util-linux`,
} as const;

export type ProgramName = keyof typeof SOURCES;

/** Debian keeps services where the PATH of a user may not lead. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];

/** Absolute path, or null. */
export function findProgram(name: ProgramName): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...MORE_FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

export function hasProgram(name: ProgramName): boolean {
  return findProgram(name) !== null;
}

/** @throws Error that names the command by which it is installed */
export function requireProgram(name: ProgramName): string {
  const found = findProgram(name);
  if (found === null) throw new Error(`this row needs ${name}: ${SOURCES[name]}`);
  return found;
}

export function absentPrograms(names: readonly ProgramName[]): Absent[] {
  return names.filter((name) => !hasProgram(name)).map((name) => ({ name, reason: SOURCES[name] }));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
