/** Facts about the host of a pilot, as far as they can be read. */

import { readFileSync } from 'node:fs';
import { availableParallelism, hostname, totalmem } from 'node:os';
import { readClockIdentity } from '../foundation/clock-identity.ts';
import type { HostFacts } from './protocol.ts';

export function readHostFacts(): HostFacts {
  return {
    hostname: hostname(),
    pid: process.pid,
    node: process.versions.node,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    descriptorLimit: readDescriptorLimit(),
    ...readClockIdentity(),
  };
}

/** Node raises its soft limit to the hard one, so the soft limit of this process is what counts. */
function readDescriptorLimit(): number | null {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}
