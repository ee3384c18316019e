/** A cgroup of its own below that of the test, whose CPU quota can be set while something runs in it. */

import { existsSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { findCgroups } from '../../agent/health/cgroup.ts';
import { parseCpuStat } from '../../agent/health/throttling.ts';
import { eventually } from './eventually.ts';

/** The kernel's own default in v1. */
const PERIOD_US = 100_000;

export type CpuQuota = {
  /** Command that runs what follows it in the group. */
  launchWith: string[];
  /** From now on the group has this share of one core. */
  start(): void;
  /** From now on it has no limit again. */
  stop(): void;
  /** How long the kernel has stopped it, by its own count. */
  throttledMs(): number;
};

/** Without a limit at first; gone with the test. Null where this user may make no such group. */
export function makeCpuQuota(t: ExecutionContext, share: number): CpuQuota | null {
  const folder = makeGroup(findCgroups().cpu);
  if (folder === null) return null;
  t.teardown(() => eventually('the group is empty', () => tryTo(() => rmdirSync(folder))));
  const isV2 = existsSync(join(folder, 'cpu.max'));
  const quotaUs = Math.round(share * PERIOD_US);
  const limit = (v2: string, v1: string): void =>
    isV2 ? writeFileSync(join(folder, 'cpu.max'), v2) : writeFileSync(join(folder, 'cpu.cfs_quota_us'), v1);
  return {
    launchWith: ['/bin/sh', '-c', 'echo $$ > "$0/cgroup.procs" && exec "$@"', folder],
    start: () => limit(`${quotaUs} ${PERIOD_US}`, `${quotaUs}`),
    stop: () => limit(`max ${PERIOD_US}`, '-1'),
    throttledMs: () => parseCpuStat(readFileSync(join(folder, 'cpu.stat'), 'utf8')) ?? 0,
  };
}

/** The folder of a new group with a cpu controller, below the first of these where it can be made; null when that is none. */
function makeGroup(parents: readonly string[]): string | null {
  for (const parent of parents) {
    let folder: string | undefined;
    tryTo(() => (folder = mkdtempSync(join(parent, 'glidetester-test-'))));
    if (folder === undefined) continue;
    if (existsSync(join(folder, 'cpu.max')) || existsSync(join(folder, 'cpu.cfs_quota_us'))) return folder;
    rmdirSync(folder);
  }
  return null;
}

function tryTo(act: () => void): true | undefined {
  try {
    act();
    return true;
  } catch {
    return undefined;
  }
}
