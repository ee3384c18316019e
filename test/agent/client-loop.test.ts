import test from 'ava';
import * as fc from 'fast-check';
import { type LoopPlan, createClientLoop } from '../../agent/client-loop.ts';
import { createGauges } from '../../agent/gauges.ts';
import { createTimerWheel } from '../../foundation/timer-wheel.ts';
import type { Outcome } from '../../foundation/outcome.ts';
import { type ScriptedOperation, createScriptedClient } from '../support/scripted-client.ts';
import { type VirtualClock, createVirtualClock } from '../support/virtual-clock.ts';

/** The loop looks at its clients this often: what waits for a look may be late by so much. */
const SWEEP_MS = 5;
const GRID_MS = 10;

type Row = { client: number; sequence: number; startMs: number; endMs: number; outcome: Outcome };

type LoopTest = {
  clients: number;
  script: (client: number, sequence: number) => ScriptedOperation;
} & Partial<LoopPlan>;

/** A loop on a virtual clock, fired for a T0 that is 100 ms away. */
function fireLoop({ clients: count, script, ...plan }: LoopTest) {
  const clock = createVirtualClock();
  const t0Ms = clock.nowMs() + 100;
  const clients = Array.from({ length: count }, (_, client) =>
    createScriptedClient(clock, (sequence) => script(client, sequence)),
  );
  const gauges = createGauges(GRID_MS);
  const rows: Row[] = [];
  const wheel = createTimerWheel({ timers: count, tickMs: 1, startMs: clock.nowMs() }, (index) => loop.wake(index));
  const loop = createClientLoop({
    clock,
    wheel,
    plan: {
      firstClient: 0,
      level: count,
      startSpreadMs: 0,
      afterFailure: { pauseMs: 0, growToMs: 0 },
      seed: 1,
      ...plan,
    },
    clients,
    gauges,
    watchBeforeT0Ms: 0,
    record(client, sequence, { startedAtMs, endedAtMs, outcome }) {
      rows.push({ client, sequence, startMs: startedAtMs - t0Ms, endMs: endedAtMs - t0Ms, outcome });
    },
  });
  loop.fire(t0Ms, () => {});
  const passUntil = (ms: number): Promise<void> => clock.advance(t0Ms + ms - clock.nowMs());
  return { clock, t0Ms, clients, gauges, rows, loop, passUntil };
}

function finishLoop(
  { loop, clock }: { loop: ReturnType<typeof fireLoop>['loop']; clock: VirtualClock },
  graceMs: number,
) {
  return clock.runUntil(new Promise<void>((resolve) => loop.finish(graceMs, resolve)));
}

/** Integrals at a grid point that has been shipped. */
function integralsAt(fired: ReturnType<typeof fireLoop>, untilMs: number) {
  const { integrals, samples } = fired.gauges.ship(untilMs);
  const [inFlight, turning, pausing] = integrals.subarray((samples - 1) * 3);
  return { inFlight, turning, pausing };
}

const failAfterTen = (): ScriptedOperation => ({ takesMs: 10, outcome: 'reset' });

test('all clients start at T0 and not before', async (t) => {
  const fired = fireLoop({ clients: 5, script: () => ({ takesMs: 1000 }) });
  await fired.passUntil(-0.001);
  t.true(fired.clients.every(({ startedAtMs }) => startedAtMs.length === 0));
  await fired.passUntil(0);
  for (const { startedAtMs } of fired.clients) t.deepEqual(startedAtMs, [fired.t0Ms]);
});

test('a spread start lets clients begin in the order of their numbers over the whole cell', async (t) => {
  // This thread has clients 20 to 29 of 100, over a second: due every 10 ms from 200 ms on.
  const fired = fireLoop({
    clients: 10,
    script: () => ({ takesMs: 10_000 }),
    firstClient: 20,
    level: 100,
    startSpreadMs: 1000,
  });
  await fired.passUntil(2000);
  for (const [index, { startedAtMs }] of fired.clients.entries()) {
    const lateMs = (startedAtMs[0] as number) - fired.t0Ms - (200 + 10 * index);
    t.true(lateMs >= 0 && lateMs <= SWEEP_MS, `client ${20 + index} began ${lateMs} ms late`);
  }
});

test('the next operation starts when the last one has ended', async (t) => {
  const fired = fireLoop({ clients: 3, script: () => ({ takesMs: 20 }), firstClient: 40 });
  await fired.passUntil(1000);
  t.is(fired.rows.length, 3 * 50);
  t.deepEqual(
    fired.rows.filter(({ client }) => client === 41).map(({ sequence, startMs, endMs }) => [sequence, startMs, endMs]),
    Array.from({ length: 50 }, (_, sequence) => [sequence, 20 * sequence, 20 * sequence + 20]),
  );
  t.deepEqual(integralsAt(fired, 1000), { inFlight: 3000, turning: 0, pausing: 0 });
});

test('what an operation waits in the client before it leaves is turning round, not in flight', async (t) => {
  const fired = fireLoop({ clients: 2, script: () => ({ leavesAfterMs: 5, takesMs: 20 }) });
  await fired.passUntil(1000);
  t.deepEqual(integralsAt(fired, 1000), { inFlight: 2 * 800, turning: 2 * 200, pausing: 0 });
});

test('a failing client pauses for longer and longer, and a success resets it', async (t) => {
  const fired = fireLoop({
    clients: 1,
    script: (_, sequence) => ({ takesMs: 10, outcome: sequence === 6 || sequence > 7 ? 'ok' : 'refused' }),
    afterFailure: { pauseMs: 500, growToMs: 5000 },
  });
  await fired.passUntil(40_000);
  const gapsMs = fired.rows.slice(1, 9).map(({ startMs }, index) => startMs - (fired.rows[index] as Row).endMs);
  for (const [index, expectedMs] of [500, 1000, 2000, 4000, 5000, 5000, 0, 500].entries()) {
    const gapMs = gapsMs[index] as number;
    const isRight = expectedMs === 0 ? gapMs === 0 : gapMs >= expectedMs * 0.8 && gapMs <= expectedMs * 1.2 + SWEEP_MS;
    t.true(isRight, `gap ${index}: ${gapMs} ms, expected ${expectedMs} ± 20 %`);
  }
});

test('a pause is counted as pausing; without one a failure is followed at once', async (t) => {
  const paused = fireLoop({ clients: 1, script: failAfterTen, afterFailure: { pauseMs: 10_000, growToMs: 10_000 } });
  await paused.passUntil(1000);
  t.deepEqual(integralsAt(paused, 1000), { inFlight: 10, turning: 0, pausing: 990 });
  const hasty = fireLoop({ clients: 1, script: failAfterTen });
  await hasty.passUntil(1000);
  t.is(hasty.rows.length, 100);
});

async function failingStartsOf(firstClient: number): Promise<number[]> {
  const afterFailure = { pauseMs: 500, growToMs: 5000 };
  const fired = fireLoop({ clients: 4, script: failAfterTen, afterFailure, firstClient, level: 100 });
  await fired.passUntil(20_000);
  return fired.rows.map(({ startMs }) => startMs);
}

test('the same seed pauses in the same way, another client range in another', async (t) => {
  t.deepEqual(await failingStartsOf(0), await failingStartsOf(0));
  t.notDeepEqual(await failingStartsOf(0), await failingStartsOf(4));
});

test('drained: what was under way at the close of the window has ended, and the load is still on', async (t) => {
  // Client 0 has one operation from 0 to 700; client 1 starts another every 100 ms.
  const fired = fireLoop({ clients: 2, script: (client) => ({ takesMs: client === 0 ? 700 : 100 }) });
  await fired.passUntil(550);
  let drainedMs = Number.NaN;
  fired.loop.drain(540, () => (drainedMs = fired.clock.nowMs() - fired.t0Ms));
  await fired.passUntil(2000);
  t.is(drainedMs, 700);
  t.is(fired.rows.filter(({ client }) => client === 1).length, 20);
});

test('a window close told ahead of its time counts what is under way then', async (t) => {
  const fired = fireLoop({ clients: 2, script: () => ({ takesMs: 100 }) });
  await fired.passUntil(10);
  let drainedMs = Number.NaN;
  fired.loop.drain(450, () => (drainedMs = fired.clock.nowMs() - fired.t0Ms));
  await fired.passUntil(1000);
  t.is(drainedMs, 500);
});

test('nothing under way at the close is drained at once', async (t) => {
  const fired = fireLoop({
    clients: 1,
    script: () => ({ takesMs: 10, outcome: 'reset' }),
    afterFailure: { pauseMs: 10_000, growToMs: 10_000 },
  });
  await fired.passUntil(100);
  let isDrained = false;
  fired.loop.drain(90, () => (isDrained = true));
  t.true(isDrained);
});

test('finish lets operations end within the grace, cuts the rest, and closes every client once', async (t) => {
  const fired = fireLoop({ clients: 3, script: (client) => ({ takesMs: [150, 400, Infinity][client] as number }) });
  await fired.passUntil(100);
  await finishLoop(fired, 200);
  t.deepEqual(
    fired.rows.map(({ client, endMs, outcome }) => [client, endMs, outcome]),
    [
      [0, 150, 'ok'],
      [1, 300, 'cut'],
      [2, 300, 'cut'],
    ],
  );
  t.deepEqual(
    fired.clients.map(({ closed }) => closed),
    [1, 1, 1],
  );
  t.is(fired.clock.timers(), 0);
});

test('after finish nobody starts: neither who pauses nor who is not due yet', async (t) => {
  const fired = fireLoop({
    clients: 3,
    script: () => ({ takesMs: 50, outcome: 'reset' }),
    afterFailure: { pauseMs: 300, growToMs: 300 },
    startSpreadMs: 300,
  });
  await fired.passUntil(170);
  t.is(fired.rows.length, 2);
  await finishLoop(fired, 1000);
  await fired.passUntil(5000);
  t.is(fired.rows.length, 2);
});

test('finish before T0 ends a cell that never began', async (t) => {
  const fired = fireLoop({ clients: 2, script: () => ({ takesMs: 10 }) });
  await finishLoop(fired, 1000);
  await fired.passUntil(1000);
  t.is(fired.rows.length, 0);
});

test('an operation that was cut before it left is no row', async (t) => {
  const fired = fireLoop({ clients: 1, script: () => ({ leavesAfterMs: 1000, takesMs: 10 }) });
  await fired.passUntil(100);
  await finishLoop(fired, 0);
  t.deepEqual(fired.rows, []);
  t.deepEqual(integralsAt(fired, 200), { inFlight: 0, turning: 100, pausing: 0 });
});

test('whatever the operations do, the in-flight gauge is the sum of the rows, and every client is in one state', async (t) => {
  const operation = fc.record({
    leavesAfterMs: fc.nat(20),
    takesMs: fc.integer({ min: 1, max: 80 }),
    outcome: fc.constantFrom('ok', 'ok', 'reset'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 12 }), fc.nat(50), async (operations, pauseMs) => {
      const clients = 3;
      const fired = fireLoop({
        clients,
        script: (client, sequence) => operations[(client * 5 + sequence) % operations.length] as ScriptedOperation,
        afterFailure: { pauseMs, growToMs: 2 * pauseMs },
      });
      await fired.passUntil(500);
      const { inFlight, turning, pausing } = integralsAt(fired, 500) as Record<string, number>;
      t.is((inFlight as number) + (turning as number) + (pausing as number), clients * 500);
      await finishLoop(fired, 1000);
      const rowsMs = fired.rows.reduce(
        (sum, { startMs, endMs }) => sum + Math.max(0, Math.min(endMs, 500) - startMs),
        0,
      );
      t.true(Math.abs(rowsMs - (inFlight as number)) < 1e-6);
    }),
    { numRuns: 50 },
  );
});
