/** What the host of this process can hold: limits of the process, its cgroups, its network namespace and its kernel. */

import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { readStatusCpus } from '../foundation/cpu-list.ts';
import type { HostCapacity } from '../foundation/host-capacity.ts';
import { readCpuQuota, readMemoryLimit } from './capacity/cgroup-limits.ts';
import {
  mayRaiseLimits,
  parseMemoryLine,
  parseOpenFiles,
  parsePorts,
  parseWhole,
  parseWholes,
} from './capacity/kernel-text.ts';
import { findCgroups } from './health/cgroup.ts';
import { readPressureMs } from './health/pressure.ts';
import { readText } from './health/read-text.ts';
import { readRunQueueWaitMs } from './health/run-queue.ts';
import { readCoreTicks } from './health/steal.ts';
import { readTcpCounts } from './health/tcp.ts';
import { readThrottling } from './health/throttling.ts';

/** Linux before 6.14 has no file for it. */
const DEFAULT_REUSE_AFTER_MS = 1000;

export function readHostCapacity(): HostCapacity {
  const cgroups = findCgroups();
  const status = readText('/proc/self/status');
  const meminfo = readText('/proc/meminfo');
  return {
    hostname: hostname(),
    node: process.versions.node,
    bootId: readText('/proc/sys/kernel/random/boot_id')?.trim() ?? null,
    networkNamespace: readLink('/proc/self/ns/net'),
    descriptors: readDescriptors(status),
    ports: parsePorts(readNet('ip_local_port_range'), readNet('ip_local_reserved_ports')),
    timeWait: readTimeWait(),
    acceptQueue: parseWhole(readText('/proc/sys/net/core/somaxconn')),
    conntrack: readConntrack(),
    tcpMemoryPages: readTcpMemory(),
    memory: {
      totalBytes: parseMemoryLine(meminfo, 'MemTotal'),
      availableBytes: parseMemoryLine(meminfo, 'MemAvailable'),
      cgroup: readMemoryLimit(cgroups.memory, readText),
    },
    cores: { allowed: readStatusCpus('/proc/self/status'), quota: readCpuQuota(cgroups.cpu, readText) },
    health: {
      runQueue: readRunQueueWaitMs() !== null,
      throttling: readThrottling(cgroups.cpu) !== null,
      pressure: readPressureMs(cgroups.unified) !== null,
      steal: readCoreTicks() !== null,
      tcp: readTcpCounts() !== null,
    },
  };
}

function readDescriptors(status: string | null): HostCapacity['descriptors'] {
  // Allocated, allocated but unused (always 0 since Linux 2.6), most.
  const [used, , most] = parseWholes(readText('/proc/sys/fs/file-nr'), 3) ?? [];
  return {
    ...parseOpenFiles(readText('/proc/self/limits')),
    highestHard: parseWhole(readText('/proc/sys/fs/nr_open')),
    mayRaiseHard: mayRaiseLimits(status),
    ofHost: used === undefined || most === undefined ? null : { used, most },
  };
}

function readTimeWait(): HostCapacity['timeWait'] {
  const timestamps = parseWhole(readNet('tcp_timestamps'));
  return {
    reuse: parseWhole(readNet('tcp_tw_reuse')),
    reuseAfterMs: parseWhole(readNet('tcp_tw_reuse_delay')) ?? DEFAULT_REUSE_AFTER_MS,
    hasTimestamps: timestamps === null ? null : timestamps > 0,
    most: parseWhole(readNet('tcp_max_tw_buckets')),
    finTimeoutS: parseWhole(readNet('tcp_fin_timeout')),
  };
}

function readConntrack(): HostCapacity['conntrack'] {
  const used = parseWhole(readText('/proc/sys/net/netfilter/nf_conntrack_count'));
  const most = parseWhole(readText('/proc/sys/net/netfilter/nf_conntrack_max'));
  return used === null || most === null ? null : { used, most };
}

function readTcpMemory(): HostCapacity['tcpMemoryPages'] {
  const [low, pressure, most] = parseWholes(readNet('tcp_mem'), 3) ?? [];
  return low === undefined || pressure === undefined || most === undefined ? null : { low, pressure, most };
}

function readNet(name: string): string | null {
  return readText(`/proc/sys/net/ipv4/${name}`);
}

function readLink(file: string): string | null {
  try {
    return readlinkSync(file);
  } catch {
    return null;
  }
}
