/**
 * Who runs on which core: load on the first, service and coordinator on the second. Without it the kernel moves them about, and
 * what the caches lose by that lands on whoever runs then.
 */

import { availableParallelism } from 'node:os';
import { hasProgram } from './programs.ts';

export type Pinning = {
  /** Put before the command of whoever makes the load. */
  load: readonly string[];
  /** Put before services and the coordinator. */
  rest: readonly string[];
  /** For the reader. */
  remark: string;
};

export const UNPINNED: Pinning = { load: [], rest: [], remark: 'nothing was pinned to a core' };

export function pinToCores(): Pinning {
  if (availableParallelism() < 2 || !hasProgram('taskset')) return UNPINNED;
  return {
    load: ['taskset', '-c', '0'],
    rest: ['taskset', '-c', '1'],
    remark: 'load on core 0; service and coordinator on core 1',
  };
}
