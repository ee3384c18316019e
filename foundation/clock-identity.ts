/** Which monotonic clock this process reads, so that two processes can tell whether it is the same one. */

import { readFileSync, readlinkSync } from 'node:fs';

/** Boot of the kernel and time namespace of the process; null where unreadable (no Linux, or no permission). */
export type ClockIdentity = { bootId: string | null; timeNamespace: string | null };

export function readClockIdentity(): ClockIdentity {
  return {
    bootId: readOrNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    timeNamespace: readOrNull(() => readlinkSync('/proc/self/ns/time')),
  };
}

/** Whether both read the same monotonic clock: same boot, same time namespace. What is unreadable is not the same. */
export function sharesClock(a: ClockIdentity, b: ClockIdentity): boolean {
  return a.bootId !== null && a.bootId === b.bootId && a.timeNamespace !== null && a.timeNamespace === b.timeNamespace;
}

function readOrNull(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
