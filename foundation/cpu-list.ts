/** Cores by number, as the kernel lists them: `0-3,8`. */

import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** The numbers in rising order; empty when it is no such list. */
export function parseCpuList(text: string): number[] {
  const ranges = text
    .trim()
    .split(',')
    .map((range) => /^(\d+)(?:-(\d+))?$/.exec(range));
  if (ranges.includes(null)) return [];
  const numbers = ranges.flatMap((range) => {
    const first = Number(range?.[1]);
    const last = Number(range?.[2] ?? first);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  });
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

/** The cores that this process may run on; where the kernel does not tell, all that there are. */
export function readAllowedCpus(): number[] {
  return readStatusCpus('/proc/self/status') ?? cpus().map((_, index) => index);
}

/** From a process's status file; null where there is none or it does not tell. */
export function readStatusCpus(statusFile: string): number[] | null {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync(statusFile, 'utf8'))?.[1];
    return list === undefined ? null : parseCpuList(list);
  } catch {
    return null;
  }
}
