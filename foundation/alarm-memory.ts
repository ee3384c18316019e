/** What an alarm and its thread share: how often the alarm was set, and for when. */

export const US_PER_MS = 1000;

/** `dueUs` counts on the host's monotonic clock. */
export type AlarmMemory = { settings: Int32Array<SharedArrayBuffer>; dueUs: BigInt64Array<SharedArrayBuffer> };

export function createAlarmMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(2 * BigInt64Array.BYTES_PER_ELEMENT);
}

export function viewOf(memory: SharedArrayBuffer): AlarmMemory {
  return {
    settings: new Int32Array(memory, 0, 1),
    dueUs: new BigInt64Array(memory, BigInt64Array.BYTES_PER_ELEMENT, 1),
  };
}
