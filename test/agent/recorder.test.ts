import test from 'ava';
import { createRecorder, ROWS_PER_BUFFER } from '../../agent/recorder.ts';
import { NOT_REACHED, decodeOperationBlock } from '../../reports/operation.ts';
import { type Exchange, createExchange } from '../../scenarios/scenario.ts';

const T0_MS = 5_000_000;

function exchange(fields: Partial<Exchange>): Exchange {
  return { ...createExchange(), outcome: 'ok', ...fields };
}

function recordOne(fields: Partial<Exchange>) {
  const recorder = createRecorder(T0_MS);
  recorder.record(7, 3, exchange(fields));
  return decodeOperationBlock(recorder.ship().block);
}

test('a connection per operation has its phases one after the other', (t) => {
  const block = recordOne({
    startedAtMs: T0_MS + 1.5,
    connectedAtMs: T0_MS + 2,
    firstByteAtMs: T0_MS + 4,
    endedAtMs: T0_MS + 4.25,
    answerBytes: 99,
  });
  t.is(block.rows, 1);
  t.is(block.client[0], 7);
  t.is(block.sequence[0], 3);
  t.is(block.startUs[0], 1500);
  t.is(block.durationUs[0], 2750);
  t.is(block.connectUs[0], 500);
  t.is(block.handshakeUs[0], NOT_REACHED);
  t.is(block.firstByteUs[0], 2000);
  t.is(block.restUs[0], 250);
  t.is(block.answerBytes[0], 99);
  t.is(block.outcomes[block.outcome[0] as number], 'ok');
});

test('with TLS the first byte counts from the end of the handshake', (t) => {
  const block = recordOne({
    startedAtMs: T0_MS,
    connectedAtMs: T0_MS + 1,
    securedAtMs: T0_MS + 5,
    firstByteAtMs: T0_MS + 7,
    endedAtMs: T0_MS + 8,
  });
  t.is(block.handshakeUs[0], 4000);
  t.is(block.firstByteUs[0], 2000);
});

test('on a kept connection the first byte counts from the start', (t) => {
  const block = recordOne({ startedAtMs: T0_MS + 10, firstByteAtMs: T0_MS + 13, endedAtMs: T0_MS + 14 });
  t.is(block.connectUs[0], NOT_REACHED);
  t.is(block.firstByteUs[0], 3000);
  t.is(block.restUs[0], 1000);
});

test('requests beyond the first are counted in the row of their operation', (t) => {
  const block = recordOne({
    startedAtMs: T0_MS,
    firstByteAtMs: T0_MS + 2,
    endedAtMs: T0_MS + 900,
    polls: 3,
    pages: 40,
  });
  t.is(block.rows, 1);
  t.is(block.polls[0], 3);
  t.is(block.pages[0], 40);
  t.is(block.restUs[0], 898_000);
});

test('a failure is a row like any other; what it did not reach says so', (t) => {
  const block = recordOne({ startedAtMs: T0_MS - 0.5, endedAtMs: T0_MS + 20, outcome: 'connect-timeout' });
  t.is(block.startUs[0], -500);
  t.is(block.durationUs[0], 20_500);
  t.deepEqual(
    [block.connectUs[0], block.handshakeUs[0], block.firstByteUs[0], block.restUs[0]],
    Array.from({ length: 4 }, () => NOT_REACHED),
  );
  t.is(block.outcomes[block.outcome[0] as number], 'connect-timeout');
});

test('a full buffer says so, ships whole, and is empty afterwards', (t) => {
  const recorder = createRecorder(T0_MS);
  const outcomes = ['ok', 'reset', 'status/SRM_FAILURE'];
  for (let row = 0; row < ROWS_PER_BUFFER; row += 1) {
    const isFull = recorder.record(
      row % 5,
      row,
      exchange({ startedAtMs: T0_MS, endedAtMs: T0_MS + row, outcome: outcomes[row % 3] as string }),
    );
    t.is(isFull, row === ROWS_PER_BUFFER - 1);
  }
  const first = recorder.ship();
  const block = decodeOperationBlock(first.block);
  t.is(first.rows, ROWS_PER_BUFFER);
  t.is(block.sequence[ROWS_PER_BUFFER - 1], ROWS_PER_BUFFER - 1);
  for (let row = 0; row < ROWS_PER_BUFFER; row += 97) {
    t.is(block.outcomes[block.outcome[row] as number], outcomes[row % 3] as string);
  }
  t.is(decodeOperationBlock(recorder.ship().block).rows, 0);
  recorder.record(0, 0, exchange({ startedAtMs: T0_MS, endedAtMs: T0_MS, outcome: 'reset' }));
  const next = decodeOperationBlock(recorder.ship().block);
  t.is(next.outcomes[next.outcome[0] as number], 'reset');
  t.is(recorder.total(), ROWS_PER_BUFFER + 1);
});
