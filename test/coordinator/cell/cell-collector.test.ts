import test from 'ava';
import { createCellCollector, type RowSink } from '../../../coordinator/cell/cell-collector.ts';
import type { OperationBlock } from '../../../reports/operation.ts';
import { makeFrame } from '../../support/frames.ts';

const GRID_MS = 10;
const SHARES = [
  { pilot: 'a', firstClient: 0, clients: 2 },
  { pilot: 'b', firstClient: 2, clients: 1 },
];

const points = (count: number) => Array.from({ length: count }, (_, point) => [point * GRID_MS, 0, 0] as const);

/** A sink whose writes end when the test says so. */
function createSlowSink(): RowSink & { blocks: OperationBlock[]; finishNext(): void } {
  const waiting: (() => void)[] = [];
  const blocks: OperationBlock[] = [];
  return {
    blocks,
    append(block) {
      blocks.push(block);
      return new Promise((resolve) => {
        waiting.push(resolve);
      });
    },
    finishNext: () => waiting.shift()?.(),
  };
}

const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

test('the horizon is what every pilot that is alive has told, and losing the slowest moves it on', (t) => {
  const collector = createCellCollector(SHARES, GRID_MS, { append: () => {} });
  t.is(collector.knowledge().horizonMs, 0);
  void collector.take('a', makeFrame({ samples: points(9) }), () => {});
  t.is(collector.knowledge().horizonMs, 0);
  void collector.take('b', makeFrame({ samples: points(4) }), () => {});
  t.is(collector.knowledge().horizonMs, 30);
  t.is(collector.knowledge().clients, 3);
  collector.lose('b');
  t.is(collector.knowledge().horizonMs, 80);
  t.is(collector.knowledge().clients, 2);
  collector.lose('a');
  t.deepEqual([collector.knowledge().horizonMs, collector.knowledge().clients], [0, 0]);
});

test('every client has ended one when the slowest that is alive has; a cut operation does not count', (t) => {
  const collector = createCellCollector(SHARES, GRID_MS, { append: () => {} });
  const ended = () => collector.knowledge().everyClientEndedMs;
  void collector.take(
    'a',
    makeFrame({
      rows: [
        { client: 0, startMs: 0, endMs: 12 },
        { client: 0, startMs: 12, endMs: 90 },
        { client: 1, startMs: 0, endMs: 40, outcome: 'refused' },
      ],
    }),
    () => {},
  );
  t.is(ended(), null);
  void collector.take('b', makeFrame({ rows: [{ client: 2, startMs: 0, endMs: 55, outcome: 'cut' }] }), () => {});
  t.is(ended(), null);
  collector.lose('b');
  t.is(ended(), 40);
  t.deepEqual(collector.cutOperations(), [{ client: 2, sequence: 0 }]);
  t.is(collector.failed(), 1);
});

test('rows are written one frame after the other, and each is acknowledged only once it is written', async (t) => {
  const sink = createSlowSink();
  const collector = createCellCollector(SHARES, GRID_MS, sink);
  const acknowledged: string[] = [];
  const row = { client: 0, startMs: 0, endMs: 5 };
  void collector.take('a', makeFrame({ rows: [row] }), () => acknowledged.push('first'));
  void collector.take('b', makeFrame({ rows: [{ ...row, client: 2 }, row] }), () => acknowledged.push('second'));
  void collector.take('a', makeFrame(), () => acknowledged.push('empty'));
  await nextTurn();
  t.deepEqual([sink.blocks.length, acknowledged], [1, []]);
  sink.finishNext();
  await nextTurn();
  t.deepEqual([sink.blocks.length, acknowledged], [2, ['first']]);
  sink.finishNext();
  await collector.settled();
  t.deepEqual([sink.blocks.length, acknowledged], [2, ['first', 'second', 'empty']]);
  t.deepEqual([collector.rowsStored('a'), collector.rowsStored('b')], [1, 2]);
});

test('a disk that refuses is told by settled, and no row after it is acknowledged', async (t) => {
  const collector = createCellCollector(SHARES, GRID_MS, {
    append: () => Promise.reject(new Error('disk full')),
  });
  const acknowledged: string[] = [];
  void collector.take('a', makeFrame({ rows: [{ client: 0, startMs: 0, endMs: 5 }] }), () =>
    acknowledged.push('first'),
  );
  void collector.take('a', makeFrame(), () => acknowledged.push('second'));
  await t.throwsAsync(collector.settled(), { message: 'disk full' });
  // Nobody waits for what will never be written.
  await collector.take('b', makeFrame({ rows: [{ client: 2, startMs: 0, endMs: 5 }] }), () =>
    acknowledged.push('third'),
  );
  t.true(collector.isBroken());
  t.deepEqual(acknowledged, []);
});

test('the rate of late is counted over whole steps of the grid', (t) => {
  const collector = createCellCollector([{ pilot: 'a', firstClient: 0, clients: 1 }], 30, { append: () => {} });
  t.deepEqual(collector.recent(1000), { ratePerS: 0, inFlight: 0 });
  const rows = Array.from({ length: 200 }, (_, sequence) => ({
    client: 0,
    sequence,
    startMs: sequence * 15,
    endMs: (sequence + 1) * 15,
    outcome: sequence % 2 === 0 ? 'ok' : 'refused',
  }));
  void collector.take(
    'a',
    makeFrame({ rows, samples: Array.from({ length: 101 }, (_, point) => [point * 30, 0, 0] as const) }),
    () => {},
  );
  const { ratePerS, inFlight } = collector.recent(1000);
  t.true(Math.abs(ratePerS - 1000 / 30) < 1e-9, `${ratePerS}`);
  t.true(Math.abs(inFlight - 1) < 1e-9);
});

test('gauges reach as far as everybody who is alive has told', (t) => {
  const collector = createCellCollector(SHARES, GRID_MS, { append: () => {} });
  void collector.take('a', makeFrame({ samples: points(5) }), () => {});
  void collector.take('b', makeFrame({ samples: points(3) }), () => {});
  t.deepEqual(collector.gauges().inFlight, [0, 20, 40]);
  collector.lose('b');
  t.deepEqual(collector.gauges().inFlight, [0, 20, 40, 50, 60]);
});
