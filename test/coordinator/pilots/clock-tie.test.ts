import test from 'ava';
import * as fc from 'fast-check';
import {
  type ClockExchange,
  SHARED_CLOCK,
  estimateOffset,
  spanOffsets,
} from '../../../coordinator/pilots/clock-tie.ts';

/** A pilot's clock: its offset now, and how much it gains a millisecond. */
type PilotClock = { offsetMs: number; drift: number };
type Trip = { outMs: number; turnMs: number; backMs: number };

const offsetAt = ({ offsetMs, drift }: PilotClock, nowMs: number): number => offsetMs + drift * nowMs;

/** One exchange after the other, as both sides would stamp them. */
function exchangeAll(pilot: PilotClock, startMs: number, trips: readonly Trip[]): ClockExchange[] {
  let nowMs = startMs;
  return trips.map(({ outMs, turnMs, backMs }) => {
    const sentMs = nowMs;
    const cameMs = sentMs + outMs;
    const leftMs = cameMs + turnMs;
    nowMs = leftMs + backMs;
    return {
      sentMs,
      pilotReceivedMs: cameMs + offsetAt(pilot, cameMs),
      pilotRepliedMs: leftMs + offsetAt(pilot, leftMs),
      receivedMs: nowMs,
    };
  });
}

const delayMs = fc.double({ min: 0, max: 80, noNaN: true });
const trips = fc.array(
  fc.record({ outMs: delayMs, turnMs: fc.double({ min: 0, max: 2, noNaN: true }), backMs: delayMs }),
  {
    minLength: 1,
    maxLength: 10,
  },
);
const offsetMs = fc.double({ min: -2e6, max: 2e6, noNaN: true });
/** Of doubles near 2e6, and of a drift of 100 ppm over the pilot's two milliseconds of turning round. */
const ROUNDING_MS = 1e-3;

test('symmetric delays give the true offset, and half the round trip as error', (t) => {
  const exchanges = exchangeAll({ offsetMs: 1000, drift: 0 }, 0, [{ outMs: 3, turnMs: 1, backMs: 3 }]);
  t.deepEqual(estimateOffset(exchanges), { offsetMs: 1000, errorMs: 3 });
});

test('wholly one-sided delays are off by half the round trip, which is the error that is told', (t) => {
  const exchanges = exchangeAll({ offsetMs: 0, drift: 0 }, 0, [{ outMs: 50, turnMs: 0, backMs: 0 }]);
  t.deepEqual(estimateOffset(exchanges), { offsetMs: 25, errorMs: 25 });
});

test('the exchange with the shortest round trip counts, wherever it stands', (t) => {
  const slow = { outMs: 40, turnMs: 0, backMs: 2 };
  const quick = { outMs: 2, turnMs: 30, backMs: 2 };
  for (const order of [
    [slow, quick, slow],
    [quick, slow],
    [slow, slow, quick],
  ]) {
    const { offsetMs: estimate, errorMs } = estimateOffset(exchangeAll({ offsetMs: -7, drift: 0 }, 5, order));
    t.true(Math.abs(estimate + 7) < 1e-9);
    t.true(Math.abs(errorMs - 2) < 1e-9);
  }
});

test('without an exchange there is no offset', (t) => {
  t.throws(() => estimateOffset([]), { instanceOf: RangeError });
});

test('however unequal the delays, the true offset lies inside the bound', (t) => {
  fc.assert(
    fc.property(offsetMs, trips, (trueMs, those) => {
      const estimate = estimateOffset(exchangeAll({ offsetMs: trueMs, drift: 0 }, 1e6, those));
      t.true(Math.abs(estimate.offsetMs - trueMs) <= estimate.errorMs + ROUNDING_MS);
    }),
  );
});

test('a clock that drifts steadily lies inside the bound of both rounds at any time between them', (t) => {
  const drift = fc.double({ min: -1e-4, max: 1e-4, noNaN: true });
  const cell = fc.record({
    lengthMs: fc.double({ min: 1, max: 600_000, noNaN: true }),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(offsetMs, drift, fc.tuple(trips, trips), cell, (trueMs, gain, [first, second], { lengthMs, at }) => {
      const pilot = { offsetMs: trueMs, drift: gain };
      const before = exchangeAll(pilot, 0, first);
      const beganMs = (before.at(-1) as ClockExchange).receivedMs;
      const after = exchangeAll(pilot, beganMs + lengthMs, second);
      const span = spanOffsets(estimateOffset(before), estimateOffset(after));
      t.true(Math.abs(span.offsetMs - offsetAt(pilot, beganMs + at * lengthMs)) <= span.errorMs + ROUNDING_MS);
    }),
  );
});

test('the span of two offsets holds both intervals and not more', (t) => {
  t.deepEqual(spanOffsets({ offsetMs: 10, errorMs: 1 }, { offsetMs: 14, errorMs: 3 }), { offsetMs: 13, errorMs: 4 });
  t.deepEqual(spanOffsets({ offsetMs: 0, errorMs: 5 }, { offsetMs: 1, errorMs: 1 }), { offsetMs: 0, errorMs: 5 });
  t.deepEqual(spanOffsets(SHARED_CLOCK, SHARED_CLOCK), SHARED_CLOCK);
});
