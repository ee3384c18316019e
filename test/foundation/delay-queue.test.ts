import test from 'ava';
import * as fc from 'fast-check';
import type { Alarm } from '../../foundation/alarm.ts';
import { createDelayQueue } from '../../foundation/delay-queue.ts';
import { type VirtualClock, createVirtualClock } from '../support/virtual-clock.ts';

/** Comes this much after its time; before it, when negative, but never before now. */
function alarmOff(clock: VirtualClock, byMs: () => number): Alarm {
  return (dueMs, wake) => void clock.after(Math.max(0, dueMs - clock.nowMs() + byMs()), wake);
}

const step = fc.record({
  waitMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 30, noNaN: true })),
  /** Deeds that are put in then, and how many each of them puts in when it is done. */
  deeds: fc.array(fc.nat(2), { maxLength: 4 }),
});

test('nothing is done early, all is done once, and in the order in which it was put in', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.double({ min: 0, max: 50, noNaN: true }),
      fc.array(step, { maxLength: 30 }),
      fc.array(fc.double({ min: -2, max: 3, noNaN: true }), { minLength: 1, maxLength: 7 }),
      async (delayMs, steps, offsMs) => {
        const clock = createVirtualClock();
        let alarms = 0;
        const alarm = alarmOff(clock, () => {
          alarms += 1;
          // An alarm that is early for ever would never let time pass.
          return alarms % (offsMs.length + 1) === 0 ? 0 : (offsMs[alarms % offsMs.length] as number);
        });
        const queue = createDelayQueue({ delayMs, nowMs: () => clock.nowMs(), alarm });
        const putInMs: number[] = [];
        const done: { number: number; atMs: number }[] = [];
        const putIn = (further: number): void => {
          const number = putInMs.push(clock.nowMs()) - 1;
          queue.push(() => {
            done.push({ number, atMs: clock.nowMs() });
            for (let each = 0; each < further; each += 1) putIn(0);
          });
        };
        for (const { waitMs, deeds } of steps) {
          await clock.advance(waitMs);
          for (const further of deeds) putIn(further);
        }
        await clock.advance(2 * delayMs + 100);
        t.deepEqual(
          done.map(({ number }) => number),
          putInMs.map((_, number) => number),
        );
        for (const { number, atMs } of done) t.true(atMs >= (putInMs[number] as number) + delayMs);
        t.is(clock.timers(), 0);
      },
    ),
    { numRuns: 60 },
  );
});

test('one alarm is enough for all that wait, however many', async (t) => {
  const clock = createVirtualClock();
  const queue = createDelayQueue({ delayMs: 10, nowMs: () => clock.nowMs(), alarm: alarmOff(clock, () => 0) });
  let done = 0;
  for (let round = 0; round < 5; round += 1) {
    for (let each = 0; each < 3000; each += 1) queue.push(() => (done += 1));
    t.is(clock.timers(), 1);
    await clock.advance(3);
  }
  t.is(done, 6000, 'those of 0 and 3 ms');
  await clock.advance(10);
  t.is(done, 15_000);
});
