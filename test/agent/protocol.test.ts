import test from 'ava';
import * as fc from 'fast-check';
import {
  CoordinatorMessageSchema,
  PilotMessageSchema,
  type RowsFrameHeader,
  decodeRowsFrame,
  encodeRowsFrame,
  isProofRight,
  proveSecret,
} from '../../agent/protocol.ts';
import { createOperationBlock, encodeOperationBlock } from '../../reports/operation.ts';
import { anyBlock, contentOf } from '../support/random-block.ts';

const header: RowsFrameHeader = {
  v: 1,
  campaign: 'one-4f',
  cell: '001-d20-l4-r1',
  attempt: 1,
  epoch: 3,
  sequence: 9,
  thread: 0,
  threads: 1,
  firstSample: 0,
  samples: 0,
};

const anyFrame = fc.record({
  header: fc.record({
    v: fc.constant(1 as const),
    campaign: fc.string(),
    cell: fc.string(),
    attempt: fc.integer({ min: 1, max: 1000 }),
    epoch: fc.nat(),
    sequence: fc.nat(),
    thread: fc.nat({ max: 64 }),
    threads: fc.integer({ min: 1, max: 64 }),
    firstSample: fc.nat(),
  }),
  gauges: fc
    .array(fc.double({ noNaN: true }), { maxLength: 30 })
    .map((all) => Float64Array.from(all.slice(0, all.length - (all.length % 3)))),
  block: anyBlock,
});

function encode(fields: Record<string, unknown>, gauges = new Float64Array()): Uint8Array {
  const block = encodeOperationBlock(createOperationBlock(0));
  return encodeRowsFrame({ ...header, samples: gauges.length / 3, ...fields }, gauges, block);
}

test('a frame comes back from its bytes as it was, wherever in memory they lie', (t) => {
  fc.assert(
    fc.property(anyFrame, fc.nat({ max: 9 }), (frame, offset) => {
      const full = { ...frame.header, samples: frame.gauges.length / 3 };
      const encoded = encodeRowsFrame(full, frame.gauges, encodeOperationBlock(frame.block));
      const memory = new Uint8Array(encoded.length + offset);
      memory.set(encoded, offset);
      const decoded = decodeRowsFrame(memory.subarray(offset));
      t.deepEqual(decoded.header, full);
      t.deepEqual(decoded.gauges, frame.gauges);
      t.deepEqual(contentOf(decoded.block), contentOf(frame.block));
    }),
  );
});

test('gauges that are part of a larger array are encoded alone', (t) => {
  const gauges = Float64Array.from([0, 1, 2, 3, 4, 5, 6]).subarray(1, 4);
  t.deepEqual([...decodeRowsFrame(encode({}, gauges)).gauges], [1, 2, 3]);
});

test('a frame that is cut off anywhere is refused', (t) => {
  fc.assert(
    fc.property(anyFrame, fc.nat(), (frame, anywhere) => {
      const full = { ...frame.header, samples: frame.gauges.length / 3 };
      const bytes = encodeRowsFrame(full, frame.gauges, encodeOperationBlock(frame.block));
      t.throws(() => decodeRowsFrame(bytes.subarray(0, anywhere % bytes.length)));
    }),
  );
});

test('any bytes are either a frame or an error', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      t.throws(() => decodeRowsFrame(bytes), { instanceOf: Error });
    }),
  );
});

const isRefused = test.macro<[string, Record<string, unknown>]>({
  exec(t, _what, fields) {
    t.throws(() => decodeRowsFrame(encode(fields)), { instanceOf: Error });
  },
  title: (_, what) => `a frame is refused: ${what}`,
});

test(isRefused, 'of another protocol version', { v: 2 });
test(isRefused, 'without an attempt', { attempt: undefined });
test(isRefused, 'attempt 0', { attempt: 0 });
test(isRefused, 'a negative epoch', { epoch: -1 });
test(isRefused, 'half a sequence number', { sequence: 0.5 });
test(isRefused, 'a key that nobody knows', { more: 1 });
test(isRefused, 'more gauge samples than bytes', { samples: 1 });

test('a frame that promises more samples than any memory holds is refused by its length', (t) => {
  for (const samples of [1e8, 1e12, Number.MAX_SAFE_INTEGER]) {
    t.throws(() => decodeRowsFrame(encode({ samples })), { instanceOf: RangeError, message: /do not fit/ });
  }
});

test('a secret is proved for one dial and one pilot only', (t) => {
  fc.assert(
    fc.property(fc.string({ minLength: 32 }), fc.string(), fc.string(), fc.string(), (secret, nonce, pilot, other) => {
      const proof = proveSecret(secret, nonce, pilot);
      t.true(isProofRight(proof, secret, nonce, pilot));
      if (other !== pilot) t.false(isProofRight(proof, secret, nonce, other));
      if (other !== nonce) t.false(isProofRight(proof, secret, other, pilot));
      t.false(isProofRight(proof, `${secret}x`, nonce, pilot));
      t.false(isProofRight(other, secret, nonce, pilot));
      t.false(isProofRight(proof.slice(0, -2), secret, nonce, pilot));
    }),
  );
});

test('no part of nonce and pilot can move over to the other', (t) => {
  const secret = 's'.repeat(32);
  t.not(proveSecret(secret, 'ab', 'c'), proveSecret(secret, 'a', 'bc'));
});

type Schema = { safeParse(value: unknown): { success: boolean } };

const isMessage = test.macro<[Schema, Record<string, unknown>, boolean]>({
  exec(t, schema, value, isKnown) {
    t.is(schema.safeParse(value).success, isKnown);
  },
  title: (_, __, value, isKnown) => `${JSON.stringify(value)} is ${isKnown ? 'a' : 'no'} message`,
});

test(isMessage, PilotMessageSchema, { type: 'heartbeat', epoch: 1, monotonicMs: 12.5 }, true);
test(isMessage, PilotMessageSchema, { type: 'heartbeat', epoch: 1, monotonicMs: 12.5, more: 1 }, false);
test(isMessage, PilotMessageSchema, { type: 'heartbeat', epoch: -1, monotonicMs: 12.5 }, false);
test(
  isMessage,
  PilotMessageSchema,
  { type: 'prepared', epoch: 1, cell: 'a', attempt: 1, failures: { refused: 2 } },
  true,
);
test(
  isMessage,
  PilotMessageSchema,
  { type: 'prepared', epoch: 1, cell: 'a', attempt: 1, failures: { refused: -2 } },
  false,
);
test(isMessage, PilotMessageSchema, { type: 'fire', cell: 'a', attempt: 1, t0Ms: 1 }, false);
test(isMessage, PilotMessageSchema, { type: '__proto__' }, false);
test(isMessage, CoordinatorMessageSchema, { type: 'fire', cell: 'a', attempt: 1, t0Ms: -5.5 }, true);
test(isMessage, CoordinatorMessageSchema, { type: 'finish', cell: 'a', attempt: 1, graceMs: -1 }, false);
test(isMessage, CoordinatorMessageSchema, { type: 'challenge', v: 2, nonce: 'n' }, false);
