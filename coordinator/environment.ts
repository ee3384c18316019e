/** What the campaign ran on, for `campaign.json`: numbers of another machine are not comparable. */

import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, hostname, platform, release, totalmem } from 'node:os';
import { VERSION } from './version.ts';

/** Kernel settings that bound what a load generator can hold; null where unreadable. */
const KERNEL_LIMITS = {
  localPortRange: '/proc/sys/net/ipv4/ip_local_port_range',
  listenBacklog: '/proc/sys/net/core/somaxconn',
  synBacklog: '/proc/sys/net/ipv4/tcp_max_syn_backlog',
  openFilesSystem: '/proc/sys/fs/file-max',
} as const;

/** Plain JSON; no user names, no environment variables. */
export function describeEnvironment() {
  return {
    glidetester: VERSION,
    node: process.versions.node,
    host: hostname(),
    system: `${platform()} ${release()} ${arch()}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    openFilesPerProcess: readOpenFilesLimit(),
    kernel: Object.fromEntries(
      Object.entries(KERNEL_LIMITS).map(([name, file]) => [name, readOrNull(file)?.replaceAll('\t', ' ') ?? null]),
    ),
  };
}

function readOpenFilesLimit(): string | null {
  const line = /^Max open files\s+(\d+|unlimited)\s+(\d+|unlimited)/m.exec(readOrNull('/proc/self/limits') ?? '');
  return line === null ? null : `soft ${line[1]}, hard ${line[2]}`;
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}
