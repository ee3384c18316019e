/** Has the service come back? Probes after a cell, judged by probes before the campaign. */

import type { ScenarioSpec } from '../../agent/protocol.ts';
import { type Clock, delay } from '../../foundation/clock.ts';
import type { Recovery } from '../../reports/evidence.ts';
import { createConnectionCounts } from '../../foundation/connection-counts.ts';
import type { Credential } from '../../scenarios/credentials/credential.ts';
import { type OnceLimit, performOnce } from '../../scenarios/perform-once.ts';
import type { Exchange, ResolvedTarget } from '../../scenarios/scenario.ts';

const BASELINE_PROBES = 10;
const ANSWERS_NEEDED = 3;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;
const PAUSE_GROWTH = 1.5;

type ProbeInput = {
  clock: Clock;
  scenario: ScenarioSpec;
  target: ResolvedTarget;
  /** What a probe shows of itself; null: nothing. */
  credential: Credential | null;
  withinMs: number;
  signal: AbortSignal;
};

/** Answers in time are those within twice the p95 of ten probes before the campaign; null when one of the ten failed. */
export async function probeBaseline(input: ProbeInput): Promise<{ answerWithinMs: number } | { outcome: string }> {
  const { withinMs, signal } = input;
  const durationsMs: number[] = [];
  for (let probes = 0; probes < BASELINE_PROBES; probes += 1) {
    const exchange = await probe(input, { withinMs, signal });
    if (exchange.outcome !== 'ok') return { outcome: exchange.outcome };
    durationsMs.push(exchange.endedAtMs - exchange.startedAtMs);
  }
  durationsMs.sort((a, b) => a - b);
  const p95 = durationsMs[Math.ceil(0.95 * BASELINE_PROBES) - 1] as number;
  return { answerWithinMs: 2 * p95 };
}

type RecoveryInput = ProbeInput & {
  answerWithinMs: number;
  /** When all client sockets were closed, on the clock. */
  closedMs: number;
  signal: AbortSignal;
};

/**
 * Probes until three answers in a row come in time, with pauses of 0.1 s growing to 1 s, at most for `withinMs` from now.
 *
 * @returns recoveredMs: from `closedMs` to the end of the first of the three; null: not recovered
 */
export async function probeRecovery(input: RecoveryInput): Promise<Recovery> {
  const { clock, withinMs, answerWithinMs, closedMs, signal } = input;
  const deadlineMs = clock.nowMs() + withinMs;
  let pauseMs = FIRST_PAUSE_MS;
  let probes = 0;
  let inTime = 0;
  let firstInTimeMs = 0;
  while (!signal.aborted) {
    await delay(clock, Math.min(pauseMs, Math.max(0, deadlineMs - clock.nowMs())), signal);
    const leftMs = deadlineMs - clock.nowMs();
    if (leftMs <= 0 || signal.aborted) break;
    const exchange = await probe(input, { withinMs: leftMs, signal });
    probes += 1;
    const isInTime = exchange.outcome === 'ok' && exchange.endedAtMs - exchange.startedAtMs <= answerWithinMs;
    if (isInTime && inTime === 0) firstInTimeMs = exchange.endedAtMs - closedMs;
    inTime = isInTime ? inTime + 1 : 0;
    if (inTime === ANSWERS_NEEDED) return { recoveredMs: firstInTimeMs, answerWithinMs, withinMs, probes };
    // Once it answers in time, the other two answers need not wait longer.
    pauseMs = isInTime ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, pauseMs * PAUSE_GROWTH);
  }
  return { recoveredMs: null, answerWithinMs, withinMs, probes };
}

/** A fresh connection each time: what is asked is whether the service takes new clients again. Unlabelled: it is no row. */
function probe(
  { clock, scenario, target, credential }: Omit<ProbeInput, 'withinMs' | 'signal'>,
  limit: OnceLimit,
): Promise<Exchange> {
  const onNewConnection = { ...target, connection: { ...target.connection, perOperation: true } };
  const connections = createConnectionCounts();
  const context = {
    target: onNewConnection,
    labels: null,
    client: 'probe',
    credential,
    sourceAddresses: [],
    connections,
  };
  return performOnce(clock, scenario, context, limit);
}
