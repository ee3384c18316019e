/** How long some task waited for a core (PSI): of this process's cgroup where the kernel tells it, else of the whole host. */

import { posix } from 'node:path';
import { readText } from './read-text.ts';

/** Milliseconds since ever in which at least one task was runnable without a core; null where the kernel does not tell. */
export function readPressureMs(unifiedCgroup: string | null): number | null {
  const own = unifiedCgroup === null ? null : parsePressure(readText(posix.join(unifiedCgroup, 'cpu.pressure')) ?? '');
  return own ?? parsePressure(readText('/proc/pressure/cpu') ?? '');
}

/** From lines as `some avg10=0.20 avg60=0.17 avg300=1.00 total=4334863989` (microseconds), psi.rst of the kernel. */
export function parsePressure(text: string): number | null {
  const total = /^some .*\btotal=(\d+)$/m.exec(text)?.[1];
  return total === undefined ? null : Number(total) / 1000;
}
