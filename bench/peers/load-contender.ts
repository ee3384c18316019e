/** A peer that fires for some seconds and tells how many operations it did: CPU time of its whole process per operation. */

import type { Contender } from '../bench-row.ts';
import { runMeasured } from '../measure-process.ts';

/** Where a load runs, and against what. */
export type Load = {
  /** Put before the peer's command. */
  pin: readonly string[];
  /** CPU time of the service so far in ms. */
  serviceCpuMs(): number;
};

export type ToldCount = { operations: number; failed: number; notes?: Record<string, number> };

/** @param read takes what the peer printed on stdout */
export function createLoadContender(
  name: string,
  { pin, serviceCpuMs }: Load,
  command: readonly string[],
  read: (stdout: string) => ToldCount,
): Contender {
  return {
    name,
    isOurs: false,
    async run() {
      const serviceBeforeMs = serviceCpuMs();
      const { stdout, cpuMs, wallMs } = await runMeasured([...pin, ...command]);
      const { operations, failed, notes = {} } = read(stdout);
      if (operations === 0) throw new Error(`${name} did nothing: ${stdout.slice(0, 500)}`);
      return {
        value: (cpuMs * 1000) / operations,
        operations,
        coordinator: null,
        serviceShare: (serviceCpuMs() - serviceBeforeMs) / wallMs,
        count: null,
        notes: failed === 0 ? notes : { ...notes, failed },
      };
    },
  };
}
