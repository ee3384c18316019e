/** One operation on its own, by a fresh client: before a campaign fires it a thousand times. */

import { type Clock, every } from '../foundation/clock.ts';
import { createScenarioClient } from '../scenarios/registry.ts';
import { type ClientContext, createExchange } from '../scenarios/scenario.ts';
import type { PilotMessage, ScenarioSpec } from './protocol.ts';

const LOOK_AT_DEADLINES_EVERY_MS = 20;

type Tried = Omit<Extract<PilotMessage, { type: 'tried' }>, 'type' | 'epoch' | 'id'>;

/** The client's kept connection, if any, is opened as part of the operation, so that its time is seen. */
export async function tryOperation(clock: Clock, scenario: ScenarioSpec, context: ClientContext): Promise<Tried> {
  const client = createScenarioClient(scenario, context);
  const exchange = createExchange();
  const stopDeadlines = every(clock, LOOK_AT_DEADLINES_EVERY_MS, () => client.enforceDeadline(clock.nowMs()));
  await new Promise<void>((resolve) => {
    client.perform(0, exchange, resolve);
  });
  stopDeadlines();
  client.close();
  const { startedAtMs, connectedAtMs, securedAtMs, firstByteAtMs, endedAtMs, answerBytes, outcome } = exchange;
  const openedAtMs = Number.isNaN(securedAtMs) ? connectedAtMs : securedAtMs;
  return {
    outcome,
    connectMs: spanOf(startedAtMs, connectedAtMs),
    handshakeMs: spanOf(connectedAtMs, securedAtMs),
    firstByteMs: spanOf(Number.isNaN(openedAtMs) ? startedAtMs : openedAtMs, firstByteAtMs),
    restMs: spanOf(firstByteAtMs, endedAtMs),
    answerBytes,
  };
}

function spanOf(fromMs: number, toMs: number): number | null {
  const spanMs = toMs - fromMs;
  return Number.isNaN(spanMs) ? null : spanMs;
}
