import test from 'ava';
import * as fc from 'fast-check';
import { createTimerWheel } from '../../foundation/timer-wheel.ts';

const TIMERS = 5;

type Step = { kind: 'set'; timer: number; inMs: number } | { kind: 'advance'; byMs: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('set' as const),
    timer: fc.nat(TIMERS - 1),
    inMs: fc.oneof(fc.double({ min: -5, max: 60_000, noNaN: true }), fc.constant(Infinity)),
  }),
  fc.record({
    kind: fc.constant('advance' as const),
    byMs: fc.oneof(fc.double({ min: 0, max: 50, noNaN: true }), fc.double({ min: 0, max: 100_000, noNaN: true })),
  }),
);

test('a timer goes off once, never early, and at the first look a tick after its instant', (t) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (steps, tickMs) => {
      let nowMs = 1_000_000.25;
      const setFor = new Map<number, number>();
      const wheel = createTimerWheel({ timers: TIMERS, tickMs, startMs: nowMs }, (timer) => {
        const atMs = setFor.get(timer);
        if (atMs === undefined || atMs > nowMs) throw new Error(`timer ${timer} went off at ${nowMs}, set for ${atMs}`);
        setFor.delete(timer);
      });
      for (const each of steps) {
        if (each.kind === 'set') {
          const atMs = nowMs + each.inMs;
          if (atMs === Infinity) setFor.delete(each.timer);
          else setFor.set(each.timer, atMs);
          wheel.set(each.timer, atMs);
          continue;
        }
        // What was set for the past right now goes off within the next tick.
        const soonestMs = nowMs + 2 * tickMs;
        nowMs += each.byMs;
        wheel.advance(nowMs);
        if (nowMs < soonestMs) continue;
        const late = [...setFor.values()].filter((atMs) => atMs + tickMs <= nowMs && atMs <= nowMs - 2 * tickMs);
        if (late.length > 0) throw new Error(`at ${nowMs} not gone off: ${late.join(', ')}`);
      }
    }),
    { numRuns: 2000 },
  );
  t.pass();
});

test('timers that go off may set each other, and those wait for the next look', (t) => {
  const gone: number[] = [];
  const wheel = createTimerWheel({ timers: 2, tickMs: 1, startMs: 0 }, (timer) => {
    gone.push(timer);
    if (gone.length < 5) wheel.set(1 - timer, 0);
  });
  wheel.set(0, 1);
  for (let nowMs = 1; nowMs <= 10; nowMs += 1) wheel.advance(nowMs);
  t.deepEqual(gone, [0, 1, 0, 1, 0]);
});

test('one that puts another off keeps it from going off', (t) => {
  const gone: number[] = [];
  const wheel = createTimerWheel({ timers: 3, tickMs: 5, startMs: 0 }, (timer) => {
    gone.push(timer);
    for (const other of [0, 1, 2]) wheel.set(other, Infinity);
  });
  for (const timer of [0, 1, 2]) wheel.set(timer, 7);
  wheel.advance(100);
  wheel.advance(100_000);
  t.is(gone.length, 1);
});
