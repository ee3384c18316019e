import test from 'ava';
import type { Operation } from '../../../frontend/counting/operation.ts';
import { createToldOperations } from '../../../frontend/counting/told-operations.ts';

function createOperation(client: string, sequence = 0): Operation & { happened: string[] } {
  const happened: string[] = [];
  return {
    name: { campaign: 'c', cell: 'x', attempt: 1, client, sequence, step: 0 },
    happened,
    handedOver: () => happened.push('handed over'),
    askedAgain: () => happened.push('asked again'),
    abandoned: () => happened.push('abandoned'),
  };
}
const settled =
  (operation: Operation): (() => void) =>
  () =>
    operation.handedOver({ outcome: 'ok', next: 'poll' }, 0);

test('a further request takes its operation up, once, and says that the last answer has come', (t) => {
  const told = createToldOperations();
  const operation = createOperation('0', 4);
  told.put(operation, settled(operation));
  const name = { campaign: 'c', cell: 'x', attempt: 1, client: '0', sequence: 4, step: 1 };
  t.is(told.take(name), operation);
  t.is(told.take(name), null);
  t.deepEqual(operation.happened, ['handed over']);
});

for (const [what, other] of [
  ['another operation', { sequence: 5, step: 0 }],
  ['a further request of another operation', { sequence: 5, step: 1 }],
  ['the same operation from its beginning', { sequence: 4, step: 0 }],
] as const) {
  test(`a client that begins ${what} has given up the last`, (t) => {
    const told = createToldOperations();
    const operation = createOperation('0', 4);
    told.put(operation, settled(operation));
    t.is(told.take({ campaign: 'c', cell: 'x', attempt: 1, client: '0', ...other }), null);
    t.deepEqual(operation.happened, ['handed over', 'abandoned']);
  });
}

test('clients, cells and attempts are kept apart', (t) => {
  const told = createToldOperations();
  const operation = createOperation('0');
  told.put(operation, settled(operation));
  const name = { campaign: 'c', cell: 'x', attempt: 1, client: '0', sequence: 0, step: 1 };
  for (const other of [{ campaign: 'd' }, { cell: 'y' }, { attempt: 2 }, { client: '1' }]) {
    t.is(told.take({ ...name, ...other }), null);
  }
  t.is(told.take(name), operation);
});

test('an operation is dropped only by itself', (t) => {
  const told = createToldOperations();
  const [older, newer] = [createOperation('0', 1), createOperation('0', 2)];
  told.put(newer, settled(newer));
  told.drop(older);
  t.is(told.take({ campaign: 'c', cell: 'x', attempt: 1, client: '0', sequence: 2, step: 1 }), newer);
});

test('of too many, those told longest ago are abandoned', (t) => {
  const told = createToldOperations();
  const first = createOperation('first');
  told.put(first, settled(first));
  for (let client = 1; client < 100_000; client += 1) told.put(createOperation(String(client)), () => {});
  t.deepEqual(first.happened, []);
  told.put(createOperation('last'), () => {});
  t.deepEqual(first.happened, ['handed over', 'abandoned']);
});

test('at the end all are abandoned', (t) => {
  const told = createToldOperations();
  const operations = ['0', '1', '2'].map((client) => createOperation(client));
  for (const operation of operations) told.put(operation, settled(operation));
  told.abandonAll();
  told.abandonAll();
  for (const { happened } of operations) t.deepEqual(happened, ['handed over', 'abandoned']);
});
