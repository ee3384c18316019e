/** A client whose operations take as long and end as a test says, on the test's clock. */

import type { Cancel, Clock } from '../../foundation/clock.ts';
import type { Outcome } from '../../foundation/outcome.ts';
import type { Exchange, ScenarioClient } from '../../scenarios/scenario.ts';

export type ScriptedOperation = {
  /** How long the operation waits in the client before it leaves; 0: it leaves within `perform`. */
  leavesAfterMs?: number;
  /** From then to its end; Infinity: it hangs. */
  takesMs: number;
  outcome?: Outcome;
};

export type ScriptedClient = ScenarioClient & {
  /** When each operation left, on the clock. */
  startedAtMs: number[];
  closed: number;
};

/** @param script what the operation of this number does */
export function createScriptedClient(clock: Clock, script: (sequence: number) => ScriptedOperation): ScriptedClient {
  let underWay: { exchange: Exchange; ended: () => void; cancel: Cancel } | null = null;
  const end = (outcome: Outcome): void => {
    if (underWay === null) return;
    const { exchange, ended, cancel } = underWay;
    underWay = null;
    cancel();
    exchange.endedAtMs = clock.nowMs();
    exchange.outcome = outcome;
    ended();
  };
  return {
    startedAtMs: [],
    closed: 0,
    open: async () => 'ok',
    perform(sequence, exchange, ended, started) {
      if (underWay !== null) throw new Error('one operation at a time');
      const { leavesAfterMs = 0, takesMs, outcome = 'ok' } = script(sequence);
      const operation = { exchange, ended, cancel: (): void => {} };
      underWay = operation;
      exchange.startedAtMs = Number.NaN;
      const leave = (): void => {
        exchange.startedAtMs = clock.nowMs();
        this.startedAtMs.push(exchange.startedAtMs);
        started?.();
        operation.cancel = Number.isFinite(takesMs) ? clock.after(takesMs, () => end(outcome)) : () => {};
      };
      if (leavesAfterMs === 0) leave();
      else operation.cancel = clock.after(leavesAfterMs, leave);
    },
    wake() {},
    abort: end,
    close() {
      this.closed += 1;
    },
  };
}
