/** How long the CPU quota of this process's cgroup, or of one above it, stopped what runs there: cpu.stat of v1 and v2. */

import { posix } from 'node:path';
import { readText } from './read-text.ts';

/** Milliseconds throttled since ever, by folder; folders of cgroups that have no quota of their own to tell of are left out. */
export type Throttling = ReadonlyMap<string, number>;

/** Null where no cgroup tells. */
export function readThrottling(folders: readonly string[]): Throttling | null {
  const told = folders.flatMap((folder): [string, number][] => {
    const throttledMs = parseCpuStat(readText(posix.join(folder, 'cpu.stat')) ?? '');
    return throttledMs === null ? [] : [[folder, throttledMs]];
  });
  return told.length === 0 ? null : new Map(told);
}

/** Milliseconds throttled: `throttled_usec` (v2, microseconds) or `throttled_time` (v1, nanoseconds); null without either. */
export function parseCpuStat(text: string): number | null {
  const microseconds = /^throttled_usec (\d+)$/m.exec(text)?.[1];
  if (microseconds !== undefined) return Number(microseconds) / 1e3;
  const nanoseconds = /^throttled_time (\d+)$/m.exec(text)?.[1];
  return nanoseconds === undefined ? null : Number(nanoseconds) / 1e6;
}

/**
 * Milliseconds in between, of the cgroup that was throttled longest: a quota stops all that is below it. The kernel adds up
 * over cores, so several threads may be throttled for longer than the time that has passed. Null when one reading is missing.
 */
export function throttledBetween(before: Throttling | null, after: Throttling | null): number | null {
  if (before === null || after === null) return null;
  const grown = [...after].flatMap(([folder, throttledMs]) => {
    const first = before.get(folder);
    return first === undefined ? [] : [throttledMs - first];
  });
  return grown.length === 0 ? null : Math.max(0, ...grown);
}
