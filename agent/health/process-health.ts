/** Health of the whole pilot process, its cgroup and its host over one cell: read at its start and at its end, not in between. */

import type { PilotHealth } from '../protocol.ts';
import { findCgroups } from './cgroup.ts';
import { readPressureMs } from './pressure.ts';
import { readCoreTicks, stolenShareBetween } from './steal.ts';
import { readTcpCounts, tcpCountsBetween } from './tcp.ts';
import type { ThreadHealth } from './thread-health.ts';
import { readThrottling, throttledBetween } from './throttling.ts';

export type ProcessHealth = Omit<PilotHealth, keyof ThreadHealth>;

export type ProcessHealthWatch = {
  /** Over the time since the watch began; null where the kernel does not tell. */
  stop(): ProcessHealth;
};

/** @param nowMs a monotonic clock in milliseconds */
export function watchProcessHealth(nowMs: () => number): ProcessHealthWatch {
  const startedMs = nowMs();
  const before = readAll();
  return {
    stop() {
      const spanMs = Math.max(1, nowMs() - startedMs);
      const after = readAll();
      const throttledMs = throttledBetween(before.throttling, after.throttling);
      const pressureMs = growth(before.pressureMs, after.pressureMs);
      return {
        cpuShare: (after.cpuMs - before.cpuMs) / spanMs,
        throttledShare: throttledMs === null ? null : throttledMs / spanMs,
        pressureShare: pressureMs === null ? null : Math.min(1, pressureMs / spanMs),
        stolenShare: stolenShareBetween(before.ticks, after.ticks),
        tcp: tcpCountsBetween(before.tcp, after.tcp),
      };
    },
  };
}

function readAll() {
  const { user, system } = process.cpuUsage();
  const cgroups = findCgroups();
  return {
    cpuMs: (user + system) / 1000,
    throttling: readThrottling(cgroups.cpu),
    pressureMs: readPressureMs(cgroups.unified),
    ticks: readCoreTicks(),
    tcp: readTcpCounts(),
  };
}

/** Null when one reading is missing; a process that was moved to another cgroup may see less than before. */
function growth(before: number | null, after: number | null): number | null {
  return before === null || after === null || after < before ? null : after - before;
}
