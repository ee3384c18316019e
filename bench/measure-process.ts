/** CPU time and memory of whole processes, as the kernel counts them. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Linux counts the CPU time of a process in these, whatever the kernel's own tick is. */
const TICKS_PER_S = 100;
const STDERR_KEPT = 4000;

/**
 * Put before a command: writes what wait4 told of it and of all that it waited for (user and system, from its first
 * instruction to its last) into the file `<prefix>.<pid of the shell>`. The shell itself takes less than a millisecond.
 */
export function measuringPrefix(prefix: string): string[] {
  return ['/bin/sh', '-c', 'out="$0.$$"; "$@"; code=$?; times >"$out"; exit $code', prefix];
}

/** CPU time of all commands that ran behind {@link measuringPrefix} and have ended, in ms, to 10 ms each. */
export function readMeasured(prefix: string): { cpuMs: number; processes: number } {
  const files = readdirSync(dirname(prefix)).filter((name) => name.startsWith(`${basename(prefix)}.`));
  const each = files.map((name) => parseTimes(readFileSync(join(dirname(prefix), name), 'utf8')));
  return { cpuMs: each.reduce((sum, cpuMs) => sum + cpuMs, 0), processes: each.length };
}

/** The children's part of what the shell's `times` prints, in ms. @throws Error when it is none */
export function parseTimes(text: string): number {
  const [, children = ''] = text.trim().split('\n');
  const parts = [...children.matchAll(/(\d+)m([\d.,]+)s/g)];
  if (parts.length !== 2) throw new Error(`expected what the shell's times prints, got ${JSON.stringify(text)}`);
  return parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + toMs(seconds as string), 0);
}

function toMs(seconds: string): number {
  return Number(seconds.replace(',', '.')) * 1000;
}

export type FinishedProgram = { stdout: string; cpuMs: number; wallMs: number };

/** Runs a program to its end. @throws Error with what it wrote to stderr when its exit code is not 0 */
export async function runMeasured(command: readonly string[], environment = {}): Promise<FinishedProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'glidetester-bench-'));
  try {
    const prefix = join(folder, 'times');
    const [shell, ...parameters] = [...measuringPrefix(prefix), ...command];
    const startedMs = performance.now();
    const child = spawn(shell as string, parameters, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-STDERR_KEPT)));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${stderr || stdout.slice(-STDERR_KEPT)}`);
    return { stdout, cpuMs: readMeasured(prefix).cpuMs, wallMs: performance.now() - startedMs };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** CPU time of all threads of a process, user and system, ended ones too; in ms, to 10 ms. */
export function cpuMsOf(pid: number): number {
  // The second field, the name, may hold blanks; what follows it starts with field 3.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_S) * 1000;
}

/** CPU time of the threads that a process has now, in ms, to the nanosecond. */
export function threadsCpuMsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
    const ranNs = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0];
    return sum + Number(ranNs) / 1e6;
  }, 0);
}

/** Memory that a process has in RAM, in bytes: pages shared with others count by their share (PSS). */
export function residentBytesOf(pid: number): number {
  return kilobytesIn(`/proc/${pid}/smaps_rollup`, 'Pss') * 1024;
}

/** The most memory that a process has ever had in RAM, in bytes. */
export function peakResidentBytesOf(pid: number): number {
  return kilobytesIn(`/proc/${pid}/status`, 'VmHWM') * 1024;
}

function kilobytesIn(file: string, key: string): number {
  const found = new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1];
  if (found === undefined) throw new Error(`expected ${key} in ${file}`);
  return Number(found);
}

/** A process and all its descendants that live now. */
export function processTreeOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(processTreeOf)];
}
