/** What a pilot can do where it runs, whatever it was asked for: its limit of open files, and the addresses of its host. */

import { createServer } from 'node:net';
import { messageOf, systemCodeOf } from '../foundation/error.ts';
import { clientsWithin } from '../foundation/pilot-descriptors.ts';
import { readHostFacts } from './host-facts.ts';
import type { HostFacts, Join } from './protocol.ts';
import type { CrewSize } from './threads.ts';

/** What a pilot offers. */
export type Room = {
  host: HostFacts;
  /** At least 1, at most those asked for. */
  slots: number;
  /** Why it is of no use here, nor would be another one in its place; null: it is of use. */
  unfit: string | null;
};

export async function findRoom(join: Pick<Join, 'slots' | 'threads' | 'sourceAddresses'>): Promise<Room> {
  const host = readHostFacts();
  const slots = countSlots(join, host.descriptorLimit);
  const full = `its limit of ${host.descriptorLimit} open files leaves no room for a client: raise it (ulimit -n)`;
  const unfit = slots < 1 ? full : await findForeignAddresses(join.sourceAddresses);
  return { host, slots: Math.max(1, slots), unfit };
}

/**
 * The clients that fit beneath the limit of open files, at most those asked for.
 *
 * @param descriptorLimit of this process; null: not known, then it is not looked at
 * @returns a whole number; 0 or less: not a single one
 */
export function countSlots({ slots, threads }: CrewSize, descriptorLimit: number | null): number {
  if (descriptorLimit === null) return slots;
  return Math.min(slots, clientsWithin(descriptorLimit, Math.min(threads, slots)));
}

/** The source addresses that connections can't start from here, each with what the system says: one sentence, or null. */
async function findForeignAddresses(addresses: readonly string[]): Promise<string | null> {
  const problems = await Promise.all(addresses.map(tryAddress));
  const foreign = problems.filter((problem) => problem !== null);
  if (foreign.length === 0) return null;
  return `expected pools[].sourceAddresses to be addresses of this host: ${foreign.join(', ')}`;
}

/** The kernel knows best which addresses are local: also the whole of 127.0.0.0/8, and what is routed to this host. */
function tryAddress(address: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    // Two that try at the same moment may be given the same port: the address is ours all the same.
    server.once('error', (error) => resolve(systemCodeOf(error) === 'EADDRINUSE' ? null : messageOf(error)));
    server.listen({ host: address, port: 0, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
