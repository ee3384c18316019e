import test from 'ava';
import { createGaugeCollector } from '../../../coordinator/cell/gauge-collector.ts';
import { makeFrame } from '../../support/frames.ts';

const GRID_MS = 10;

/** Integrals of a thread that holds so many clients in flight from T0 on. */
const holding = (clients: number, from: number, points: number) =>
  Array.from({ length: points }, (_, index) => [clients * (from + index) * GRID_MS, from + index, 0] as const);

test('gauges of all threads and pilots are summed point by point', (t) => {
  const collector = createGaugeCollector(['a', 'b'], GRID_MS);
  collector.keep('a', makeFrame({ thread: 0, samples: holding(2, 0, 4) }));
  collector.keep('a', makeFrame({ thread: 1, samples: holding(1, 0, 4) }));
  collector.keep('b', makeFrame({ samples: holding(4, 0, 4) }));
  t.is(collector.pointsKnown(['a', 'b']), 4);
  t.deepEqual(collector.series(4), {
    everyMs: GRID_MS,
    inFlight: [0, 70, 140, 210],
    turning: [0, 3, 6, 9],
    pausing: [0, 0, 0, 0],
  });
  t.is(collector.recentInFlight(['a', 'b'], 20), 7);
});

test('no more is known than the slowest thread of the pilots that are asked about has told', (t) => {
  const collector = createGaugeCollector(['a', 'b'], GRID_MS);
  t.is(collector.pointsKnown(['a', 'b']), 0);
  collector.keep('a', makeFrame({ thread: 0, threads: 2, samples: holding(2, 0, 9) }));
  t.is(collector.pointsKnown(['a', 'b']), 0, 'b has told nothing');
  collector.keep('b', makeFrame({ samples: holding(2, 0, 7) }));
  t.is(collector.pointsKnown(['a', 'b']), 0, 'the other thread of a has told nothing');
  t.is(collector.recentInFlight(['a', 'b'], 20), 0);
  collector.keep('a', makeFrame({ thread: 1, threads: 2, samples: holding(2, 0, 5) }));
  t.is(collector.pointsKnown(['a', 'b']), 5);
  t.is(collector.pointsKnown(['b']), 7);
  t.is(collector.pointsKnown([]), 0);
});

test('the integral of a lost pilot stays where it was', (t) => {
  const collector = createGaugeCollector(['a', 'b'], GRID_MS);
  collector.keep('a', makeFrame({ samples: holding(1, 0, 5) }));
  collector.keep('b', makeFrame({ samples: holding(10, 0, 3) }));
  t.deepEqual(collector.series(collector.pointsKnown(['a'])).inFlight, [0, 110, 220, 230, 240]);
});

test('samples go on where the last frame ended, and frames without a sample change nothing', (t) => {
  const collector = createGaugeCollector(['a'], GRID_MS);
  collector.keep('a', makeFrame({ samples: holding(3, 0, 2) }));
  collector.keep('a', makeFrame({ firstSample: 2 }));
  collector.keep('a', makeFrame({ firstSample: 2, samples: holding(3, 2, 2) }));
  t.deepEqual(collector.series(4).inFlight, [0, 30, 60, 90]);
});

test('a gap in the samples is refused: it would pass for knowledge', (t) => {
  const collector = createGaugeCollector(['a'], GRID_MS);
  collector.keep('a', makeFrame({ samples: holding(3, 0, 2) }));
  const jump = makeFrame({ firstSample: 1e9, samples: holding(3, 0, 1) });
  t.throws(() => collector.keep('a', jump), { instanceOf: RangeError, message: /came where 2 was due/ });
  t.is(collector.pointsKnown(['a']), 2);
});

test('a pilot that has no part in the cell is refused', (t) => {
  const collector = createGaugeCollector(['a'], GRID_MS);
  t.throws(() => collector.keep('z', makeFrame()), { instanceOf: RangeError, message: /pilot z has no part/ });
});

test('clients in flight are averaged over the asked span, or over less when less is known', (t) => {
  const collector = createGaugeCollector(['a'], GRID_MS);
  t.is(collector.recentInFlight(['a'], 1000), 0);
  collector.keep('a', makeFrame({ samples: [...holding(2, 0, 3), [120, 0, 0], [200, 0, 0]] }));
  t.is(collector.recentInFlight(['a'], 20), 8);
  t.is(collector.recentInFlight(['a'], 1000), 5);
});
