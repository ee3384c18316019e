/** What the frontend says of itself: `GET <metrics>/service`, cumulative since its start. */

import type { ServiceState } from '../../scenarios/server-count.ts';
import type { MappingCounts } from '../authorization/mapping-counts.ts';
import type { ContainerCounts } from '../container/container-counts.ts';

export type ServiceCounts = {
  /** With authorization only. */
  mappings?: Readonly<MappingCounts> | null;
  /** With a container, or where descriptors are counted. */
  container?: Readonly<ContainerCounts> | null;
};

type ContainerState = Omit<ServiceState, 'cpuMs' | 'callOuts'>;

const NO_CONTAINER: ContainerState = {
  waitedForThread: 0,
  exhausted: { queue: 0, heap: 0, descriptors: 0 },
  threads: { held: 0, nested: 0, most: null },
};

export function readServiceState({ mappings, container }: ServiceCounts): ServiceState {
  return {
    cpuMs: processCpuMs(),
    callOuts: mappings?.callOuts ?? 0,
    ...(container ? stateOf(container) : NO_CONTAINER),
  };
}

/** CPU time of the whole process, user and system: its listing threads and those of the runtime are in it. */
export function processCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function stateOf(container: Readonly<ContainerCounts>): ContainerState {
  const { waitedForThread, refusedByQueue, refusedByHeap, exhaustedDescriptors, threads } = container;
  return {
    waitedForThread,
    exhausted: { queue: refusedByQueue, heap: refusedByHeap, descriptors: exhaustedDescriptors },
    threads: { ...threads },
  };
}
