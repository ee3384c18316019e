import test from 'ava';
import * as fc from 'fast-check';
import { createOperationBlock, decodeOperationBlock, encodeOperationBlock } from '../../reports/operation.ts';
import { anyBlock, contentOf } from '../support/random-block.ts';

test('a block comes back from its bytes as it was, wherever in memory they lie', (t) => {
  fc.assert(
    fc.property(anyBlock, fc.nat({ max: 9 }), (block, offset) => {
      const encoded = encodeOperationBlock(block);
      const memory = new Uint8Array(encoded.length + offset);
      memory.set(encoded, offset);
      t.deepEqual(contentOf(decodeOperationBlock(memory.subarray(offset))), contentOf(block));
    }),
  );
});

test('a decoded block is a copy: the bytes may be used again', (t) => {
  const block = createOperationBlock(2);
  block.rows = 2;
  block.outcomes = ['ok'];
  block.sequence.set([7, 8]);
  const bytes = encodeOperationBlock(block);
  const decoded = decodeOperationBlock(bytes);
  bytes.fill(255);
  t.deepEqual([...decoded.sequence], [7, 8]);
  t.deepEqual(decoded.outcomes, ['ok']);
});

test('bytes that are cut off or too many are refused', (t) => {
  fc.assert(
    fc.property(anyBlock, fc.nat(), (block, anywhere) => {
      const bytes = encodeOperationBlock(block);
      t.throws(() => decodeOperationBlock(bytes.subarray(0, anywhere % bytes.length)), { instanceOf: RangeError });
      t.throws(() => decodeOperationBlock(new Uint8Array([...bytes, 0])), { instanceOf: RangeError });
    }),
  );
});

test('a header that promises four billion rows is refused before memory is taken for them', (t) => {
  const bytes = new Uint8Array(64);
  new DataView(bytes.buffer).setUint32(0, 2 ** 32 - 1, true);
  t.throws(() => decodeOperationBlock(bytes), { instanceOf: RangeError, message: /4294967295 rows/ });
});

test('an outcome that is not in the list is refused', (t) => {
  const block = createOperationBlock(1);
  block.rows = 1;
  block.outcomes = ['ok'];
  block.outcome[0] = 1;
  t.throws(() => decodeOperationBlock(encodeOperationBlock(block)), { instanceOf: RangeError, message: /outcome 1/ });
});

for (const outcomes of ['{"length":1}', '[1]', '"ok"', 'null', 'ok']) {
  test(`outcomes that are no list of strings are refused: ${outcomes}`, (t) => {
    const text = new TextEncoder().encode(outcomes);
    const bytes = new Uint8Array(8 + text.length);
    new DataView(bytes.buffer).setUint32(4, text.length, true);
    bytes.set(text, 8);
    t.throws(() => decodeOperationBlock(bytes));
  });
}

test('any bytes are either a block or an error, never a hang or an endless block', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        t.true(decodeOperationBlock(bytes).rows <= bytes.length);
      } catch (thrown) {
        t.true(thrown instanceof Error);
      }
    }),
  );
});
