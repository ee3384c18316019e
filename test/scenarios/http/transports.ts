/** The transports, and tests that each of them must pass. */

import test, { type ExecutionContext } from 'ava';
import type { ResolvedTarget } from '../../../scenarios/scenario.ts';

export type Transport = ResolvedTarget['transport'];
export const TRANSPORTS: readonly Transport[] = ['undici', 'direct'];

/** One test for each transport. */
export function testTransports(title: string, run: (t: ExecutionContext, transport: Transport) => Promise<void>): void {
  for (const transport of TRANSPORTS) test(`${transport}: ${title}`, (t) => run(t, transport));
}

/** Instants that were reached come in this order. */
export function isNested(t: ExecutionContext, instantsMs: readonly number[]): void {
  t.deepEqual(
    instantsMs,
    instantsMs.toSorted((a, b) => a - b),
  );
}
