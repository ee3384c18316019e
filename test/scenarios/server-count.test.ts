import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import { operationHeader, operationHeaderPrefix, parseOperationHeader } from '../../scenarios/operation-header.ts';

test('the first request of an operation has no step, the others have', (t) => {
  const prefix = operationHeaderPrefix({ campaign: 'one-4f', cell: '001-d20-l4-r1', attempt: 2 }, 17);
  t.is(operationHeader(prefix, 3, 0), 'one-4f/001-d20-l4-r1/2/17/3');
  t.is(operationHeader(prefix, 3, 2), 'one-4f/001-d20-l4-r1/2/17/3/2');
});

test('what was written is what is read', (t) => {
  const part = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !text.includes('/'));
  const whole = fc.nat({ max: 1e9 });
  const name = fc.record({ campaign: part, cell: part, attempt: whole, client: part, sequence: whole, step: whole });
  fc.assert(
    fc.property(name, (written) => {
      const { client, sequence, step, ...labels } = written;
      t.deepEqual(
        parseOperationHeader(operationHeader(operationHeaderPrefix(labels, client), sequence, step)),
        written,
      );
    }),
  );
});

function isNone(t: ExecutionContext, value: string): void {
  t.is(parseOperationHeader(value), null);
}
test('four parts are none of ours', isNone, 'a/b/1/c');
test('seven parts are none of ours', isNone, 'a/b/1/c/1/1/1');
test('an attempt that is no number is none of ours', isNone, 'a/b/x/c/1');
test('a sequence that is no number is none of ours', isNone, 'a/b/1/c/');
test('a negative step is none of ours', isNone, 'a/b/1/c/1/-1');
test('a number that none can hold is none of ours', isNone, `a/b/1/c/${'9'.repeat(400)}`);
