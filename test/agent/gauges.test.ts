import test from 'ava';
import * as fc from 'fast-check';
import { type ClientState, createGauges } from '../../agent/gauges.ts';

const STATES: readonly (ClientState | null)[] = ['inFlight', 'turning', 'pausing', null];

test('a grid point holds the integral up to itself, whatever happens between two points', (t) => {
  const gauges = createGauges(10);
  gauges.move(0, null, 'inFlight');
  gauges.move(4, null, 'inFlight');
  gauges.move(16, 'inFlight', 'pausing');
  const { firstSample, samples, integrals } = gauges.ship(20);
  t.is(firstSample, 0);
  t.is(samples, 3);
  // 1 client from 0 to 4, 2 from 4 to 16, 1 afterwards; one pausing from 16 on.
  t.deepEqual([...integrals], [0, 0, 0, 4 + 2 * 6, 0, 0, 4 + 2 * 12 + 4, 0, 4]);
});

test('the next shipment begins where the last one ended', (t) => {
  const gauges = createGauges(10);
  gauges.move(5, null, 'turning');
  t.is(gauges.ship(25).samples, 3);
  t.is(gauges.ship(29.9).samples, 0);
  const { firstSample, samples, integrals } = gauges.ship(40);
  t.is(firstSample, 3);
  t.is(samples, 2);
  t.deepEqual([...integrals], [0, 25, 0, 0, 35, 0]);
});

test('nothing is counted before T0', (t) => {
  const gauges = createGauges(10);
  t.is(gauges.ship(-3).samples, 0);
  gauges.move(0, null, 'inFlight');
  t.deepEqual([...gauges.ship(10).integrals], [0, 0, 0, 10, 0, 0]);
});

test('gauges agree with a naive integration of any history, shipped at any times', (t) => {
  const step = fc.record({
    afterMs: fc.double({ min: 0, max: 40, noNaN: true }),
    client: fc.nat(3),
    to: fc.constantFrom(...STATES),
    ships: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom(1, 7, 50), (steps, everyMs) => {
      const gauges = createGauges(everyMs);
      const states: (ClientState | null)[] = [null, null, null, null];
      const history: { fromMs: number; states: (ClientState | null)[] }[] = [{ fromMs: 0, states: [...states] }];
      const shipped: number[] = [];
      let nowMs = 0;
      const take = (): void => {
        const { firstSample, samples, integrals } = gauges.ship(nowMs);
        t.is(firstSample * 3, shipped.length);
        t.is(samples * 3, integrals.length);
        shipped.push(...integrals);
      };
      for (const { afterMs, client, to, ships } of steps) {
        nowMs += afterMs;
        gauges.move(nowMs, states[client] as ClientState | null, to);
        states[client] = to;
        history.push({ fromMs: nowMs, states: [...states] });
        if (ships) take();
      }
      nowMs += 100;
      take();
      t.is(shipped.length / 3, Math.floor(nowMs / everyMs) + 1);
      for (const [index, value] of shipped.entries()) {
        const pointMs = Math.floor(index / 3) * everyMs;
        const expected = integrate(history, STATES[index % 3] as ClientState, pointMs);
        t.true(Math.abs(value - expected) < 1e-6, `at ${pointMs} ms: ${value}, expected ${expected}`);
      }
    }),
    { numRuns: 100 },
  );
});

function integrate(
  history: readonly { fromMs: number; states: readonly (ClientState | null)[] }[],
  state: ClientState,
  untilMs: number,
): number {
  let sum = 0;
  for (const [index, { fromMs, states }] of history.entries()) {
    const toMs = Math.min(history[index + 1]?.fromMs ?? Infinity, untilMs);
    if (toMs > fromMs) sum += (toMs - fromMs) * states.filter((each) => each === state).length;
  }
  return sum;
}
