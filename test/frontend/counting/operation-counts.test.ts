import test from 'ava';
import * as fc from 'fast-check';
import { type CountedOperation, createOperationCounts } from '../../../frontend/counting/operation-counts.ts';
import type { CellCount } from '../../../scenarios/server-count.ts';

const cell = { campaign: 'c', cell: 'x', attempt: 1 };
const nothing: CellCount = {
  received: 0,
  answered: {},
  interim: 0,
  abandoned: 0,
  open: 0,
  between: 0,
  lastAnswered: {},
};

test('what was received is answered, abandoned, open or between requests, at any time', (t) => {
  const step = fc.oneof(
    fc.record({ receive: fc.integer({ min: 0, max: 3 }) }),
    fc.record({ end: fc.nat({ max: 10 }), outcome: fc.constantFrom('ok', 'status/SRM_FAILURE', null) }),
    fc.record({ turn: fc.nat({ max: 10 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const counts = createOperationCounts();
      const running: { counted: CountedOperation; between: boolean }[] = [];
      let received = 0;
      let interim = 0;
      for (const what of steps) {
        if ('receive' in what) {
          const name = { ...cell, client: String(what.receive), sequence: received, step: 0 };
          running.push({ counted: counts.receive(name), between: false });
          received += 1;
        } else if ('turn' in what) {
          const operation = running[what.turn];
          if (operation === undefined) continue;
          if (operation.between) operation.counted.askedAgain();
          else operation.counted.answeredMeanwhile();
          operation.between = !operation.between;
          if (operation.between) interim += 1;
        } else {
          const [operation] = running.splice(what.end, 1);
          if (what.outcome === null) operation?.counted.abandoned();
          else operation?.counted.answered(what.outcome);
        }
        const count = counts.readCell(cell);
        const answered = Object.values(count.answered).reduce((sum, each) => sum + each, 0);
        t.is(count.received, received);
        t.is(count.interim, interim);
        t.is(count.between, running.filter(({ between }) => between).length);
        t.is(count.open, running.length - count.between);
        t.is(count.received, answered + count.abandoned + count.open + count.between);
      }
    }),
  );
});

test("each client's last answer is kept, what it abandoned is not", (t) => {
  const counts = createOperationCounts();
  counts.receive({ ...cell, client: '4', sequence: 0, step: 0 }).answered('ok');
  counts.receive({ ...cell, client: '4', sequence: 1, step: 0 }).answered('status/SRM_FAILURE');
  counts.receive({ ...cell, client: '4', sequence: 2, step: 0 }).abandoned();
  counts.receive({ ...cell, client: '__proto__', sequence: 7, step: 0 }).answered('ok');
  t.deepEqual(Object.entries(counts.readCell(cell).lastAnswered), [
    ['4', [1, 'status/SRM_FAILURE']],
    ['__proto__', [7, 'ok']],
  ]);
});

test('probes and operations without a header belong to no cell', (t) => {
  const counts = createOperationCounts();
  counts.receive({ ...cell, client: 'probe', sequence: 0, step: 0 }).answered('ok');
  counts.receive(null).answered('ok');
  t.deepEqual(counts.readCell(cell), nothing);
  t.deepEqual(counts.readCell({ campaign: '-', cell: '-', attempt: 0 }), {
    ...nothing,
    received: 2,
    answered: { ok: 2 },
  });
});

test('attempts of a cell are counted apart', (t) => {
  const counts = createOperationCounts();
  counts.receive({ ...cell, client: '0', sequence: 0, step: 0 });
  t.is(counts.readCell({ ...cell, attempt: 2 }).received, 0);
});

test('the thousand cells that were last heard of are kept', (t) => {
  const counts = createOperationCounts();
  const receive = (index: number): CountedOperation =>
    counts.receive({ campaign: 'c', cell: `cell-${index}`, attempt: 1, client: '0', sequence: 0, step: 0 });
  const first = receive(0);
  receive(1);
  receive(0);
  for (let index = 2; index <= 1000; index += 1) receive(index);
  t.is(counts.readAll().length, 1000);
  t.is(counts.readCell({ campaign: 'c', cell: 'cell-0', attempt: 1 }).received, 2);
  t.deepEqual(counts.readCell({ campaign: 'c', cell: 'cell-1', attempt: 1 }), nothing);
  t.notThrows(() => first.answered('ok'));
});
