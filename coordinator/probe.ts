/** One operation asked by the coordinator itself, with deadlines: for the baseline before the campaign and for recovery. */

import { type Clock, every } from '../foundation/clock.ts';
import type { ScenarioSpec } from '../agent/protocol.ts';
import { createScenarioClient } from '../scenarios/registry.ts';
import { type Exchange, type ResolvedTarget, createExchange } from '../scenarios/scenario.ts';

const LOOK_AT_DEADLINES_EVERY_MS = 20;

export type ProbeLimit = { withinMs: number; signal?: AbortSignal };

/** Runs one operation on a connection of its own; it is cut after `withinMs`, or when the signal is aborted. Never rejects. */
export async function probeOnce(
  clock: Clock,
  scenario: ScenarioSpec,
  target: ResolvedTarget,
  { withinMs, signal }: ProbeLimit,
): Promise<Exchange> {
  const client = createScenarioClient(scenario, {
    target: { ...target, connection: { perOperation: true } },
    labels: null,
    client: 'probe',
  });
  const exchange = createExchange();
  const cutAtMs = clock.nowMs() + withinMs;
  const cancel = every(clock, LOOK_AT_DEADLINES_EVERY_MS, () => {
    const nowMs = clock.nowMs();
    if (nowMs >= cutAtMs || signal?.aborted === true) client.abort('cut');
    else client.enforceDeadline(nowMs);
  });
  await new Promise<void>((resolve) => {
    client.perform(0, exchange, resolve);
  });
  cancel();
  client.close();
  return exchange;
}
