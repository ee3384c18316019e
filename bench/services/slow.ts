/** The slow service from the outside. */

import { fileURLToPath } from 'node:url';
import { countCommand } from './count-command.ts';
import type { SlowServiceListening, SlowServiceOptions, SlowServiceState } from './slow-service-types.ts';
import { type ServiceProcess, startService } from './start-service.ts';

const SCRIPT = fileURLToPath(new URL('./slow-service.ts', import.meta.url));
/** One process may have 20,000 descriptors at most, and the kernel does not share connections out exactly. */
const CONNECTIONS_PER_PROCESS = 12_000;

export type SlowService = ServiceProcess<SlowServiceListening> & {
  counters: { command: string };
  state(): Promise<SlowServiceState>;
  /** Requests that come from now on are answered after so long. */
  setDelay(ms: number): Promise<void>;
};

export type SlowWish = Omit<SlowServiceOptions, 'processes'> & { connections: number };

export async function startSlowService({ connections, ...wish }: SlowWish): Promise<SlowService> {
  const options: SlowServiceOptions = { ...wish, processes: Math.ceil(connections / CONNECTIONS_PER_PROCESS) };
  const service = await startService<SlowServiceListening>([process.execPath, SCRIPT, JSON.stringify(options)]);
  const { control } = service.listening;
  return {
    ...service,
    counters: countCommand('plain', `${control}/answered`),
    state: async () => (await (await fetch(`${control}/state`)).json()) as SlowServiceState,
    async setDelay(ms) {
      await fetch(`${control}/delay?ms=${ms}`);
    },
  };
}
