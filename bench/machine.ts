/** The machine and the versions that figures were measured with. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, release, totalmem } from 'node:os';
import { type ProgramName, findProgram } from './programs.ts';

export type Machine = {
  processor: string;
  cores: number;
  memoryGiB: number;
  kernel: string;
  /** By program. */
  versions: Record<string, string>;
};

/** How each is asked for its version, and what that looks like in its answer. */
const ASKED: readonly (readonly [ProgramName, string, RegExp])[] = [
  ['wrk', '-v', /wrk ([\w./-]+)/],
  ['nginx', '-v', /nginx\/(\S+)/],
  ['k6', 'version', /k6 v?(\S+)/],
];

export function describeMachine(): Machine {
  const versions: Record<string, string> = {
    node: process.versions.node,
    undici: packageVersion('undici'),
    autocannon: packageVersion('autocannon'),
  };
  for (const [name, flag, pattern] of ASKED) {
    const version = askVersion(name, flag, pattern);
    if (version !== null) versions[name] = version;
  }
  const all = cpus();
  return {
    processor: all[0]?.model ?? 'unknown',
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    versions,
  };
}

/** `2 cores of … (Linux 6.1), node 24.21.0, …`. */
export function machineLine({ processor, cores, memoryGiB, kernel, versions }: Machine): string {
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${cores} cores of ${processor}, ${memoryGiB} GiB, Linux ${kernel}; ${programs.join(', ')}`;
}

function packageVersion(name: string): string {
  const file = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** wrk says its version with exit code 1, nginx on stderr. */
function askVersion(name: ProgramName, flag: string, pattern: RegExp): string | null {
  const program = findProgram(name);
  if (program === null) return null;
  const asked = execFileSync('/bin/sh', ['-c', '"$0" "$1" 2>&1 || true', program, flag], { encoding: 'utf8' });
  return pattern.exec(asked)?.[1] ?? null;
}
