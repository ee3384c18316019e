/** One operation on its own, by a fresh client, with its deadlines kept. */

import { type Clock, every } from '../foundation/clock.ts';
import { checkScenario } from './check-scenario.ts';
import { prepareScenario } from './registry.ts';
import { type ClientFacts, type Exchange, createExchange } from './scenario.ts';

const LOOK_AT_DEADLINES_EVERY_MS = 20;

export type OnceLimit = {
  /** The operation is cut after this long; the target's own timeouts hold in any case. */
  withinMs?: number;
  /** It is cut when this is aborted. */
  signal?: AbortSignal;
};

/** How it went. A kept connection is opened as part of the operation, so its time is seen. Rejects with GT_SCENARIO_INVALID alone. */
export async function performOnce(
  clock: Clock,
  spec: { kind: string },
  facts: ClientFacts,
  { withinMs = Infinity, signal }: OnceLimit = {},
): Promise<Exchange> {
  let wakeAtMs = Infinity;
  const client = prepareScenario(checkScenario(spec))({ ...facts, wakeAt: (atMs) => (wakeAtMs = atMs) });
  const exchange = createExchange();
  const cutAtMs = clock.nowMs() + withinMs;
  const stopLooking = every(clock, LOOK_AT_DEADLINES_EVERY_MS, () => {
    const nowMs = clock.nowMs();
    if (nowMs >= cutAtMs || signal?.aborted === true) client.abort('cut');
    else if (nowMs >= wakeAtMs) client.wake(nowMs);
  });
  await new Promise<void>((resolve) => {
    client.perform(0, exchange, resolve);
  });
  stopLooking();
  client.close();
  return exchange;
}
