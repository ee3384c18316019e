/** One operation on its own: before a campaign fires it a thousand times. */

import type { Clock } from '../foundation/clock.ts';
import { performOnce } from '../scenarios/perform-once.ts';
import { type ClientFacts, readyToAskAtMs } from '../scenarios/scenario.ts';
import type { PilotMessage, ScenarioSpec } from './protocol.ts';

type Tried = Omit<Extract<PilotMessage, { type: 'tried' }>, 'type' | 'epoch' | 'id'>;

/** @param signal when aborted, the operation is cut */
export async function tryOperation(
  clock: Clock,
  scenario: ScenarioSpec,
  context: ClientFacts,
  signal: AbortSignal,
): Promise<Tried> {
  const exchange = await performOnce(clock, scenario, context, { signal });
  const { startedAtMs, connectedAtMs, securedAtMs, firstByteAtMs, endedAtMs, answerBytes, outcome } = exchange;
  return {
    outcome,
    connectMs: spanOf(startedAtMs, connectedAtMs),
    handshakeMs: spanOf(connectedAtMs, securedAtMs),
    firstByteMs: spanOf(readyToAskAtMs(exchange), firstByteAtMs),
    restMs: spanOf(firstByteAtMs, endedAtMs),
    answerBytes,
  };
}

function spanOf(fromMs: number, toMs: number): number | null {
  const spanMs = toMs - fromMs;
  return Number.isNaN(spanMs) ? null : spanMs;
}
