/** Limits that cgroups put on a process, both versions: a limit holds for all that is below it. */

import { posix } from 'node:path';
import { parseWhole, parseWholes } from './kernel-text.ts';

/** A file's text, or null where it can't be read. */
export type ReadFile = (file: string) => string | null;

/** Version 1 has no word for "no limit": it writes 2^63 less a page, which is kept as the largest whole number. */
const NO_LIMIT_BYTES = Number.MAX_SAFE_INTEGER;

/**
 * The limit that leaves least room. Caches that the kernel would give up first (`inactive_file`) count as room.
 *
 * @param folders of the memory controller, the process's own cgroup first; none: null, unknown
 */
export function readMemoryLimit(
  folders: readonly string[],
  read: ReadFile,
): { limitBytes: number | null; roomBytes: number | null } | null {
  if (folders.length === 0) return null;
  const limited = folders.flatMap((folder) => {
    const limitBytes = parseWhole(readEither(folder, ['memory.max', 'memory.limit_in_bytes'], read));
    if (limitBytes === null || limitBytes >= NO_LIMIT_BYTES) return [];
    return [{ limitBytes, roomBytes: readRoom(folder, limitBytes, read) }];
  });
  const [tightest] = limited.toSorted((a, b) => (a.roomBytes ?? a.limitBytes) - (b.roomBytes ?? b.limitBytes));
  return tightest ?? { limitBytes: null, roomBytes: null };
}

function readRoom(folder: string, limitBytes: number, read: ReadFile): number | null {
  const usedBytes = parseWhole(readEither(folder, ['memory.current', 'memory.usage_in_bytes'], read));
  if (usedBytes === null) return null;
  const statistics = read(posix.join(folder, 'memory.stat')) ?? '';
  // Version 1 has both: without `total_` those below are left out.
  const [, cached = '0'] =
    /^total_inactive_file (\d+)$/m.exec(statistics) ?? /^inactive_file (\d+)$/m.exec(statistics) ?? [];
  return Math.max(0, limitBytes - usedBytes + Math.min(usedBytes, Number(cached)));
}

/**
 * The smallest quota, in cores: how much of the cores' time all that is in the cgroup may use.
 *
 * @param folders of the cpu controller, the process's own cgroup first; none: null, unknown
 */
export function readCpuQuota(folders: readonly string[], read: ReadFile): { cores: number | null } | null {
  if (folders.length === 0) return null;
  const quotas = folders.map((folder) => readQuota(folder, read)).filter((cores) => cores !== null);
  return { cores: quotas.length === 0 ? null : Math.min(...quotas) };
}

/** `cpu.max` is `<quota> <period>` (v2), `max` for none; version 1 has two files, with a quota of -1 for none. */
function readQuota(folder: string, read: ReadFile): number | null {
  const version1 = [read(posix.join(folder, 'cpu.cfs_quota_us')), read(posix.join(folder, 'cpu.cfs_period_us'))];
  const [quota, period] = parseWholes(read(posix.join(folder, 'cpu.max')) ?? version1.join(' '), 2) ?? [];
  return quota === undefined || period === undefined || quota === 0 || period === 0 ? null : quota / period;
}

function readEither(folder: string, names: readonly string[], read: ReadFile): string | null {
  for (const name of names) {
    const text = read(posix.join(folder, name));
    if (text !== null) return text;
  }
  return null;
}
