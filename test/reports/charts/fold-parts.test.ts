import test from 'ava';
import * as fc from 'fast-check';
import { foldParts } from '../../../reports/charts/fold-parts.ts';
import { packNumbers, unpackNumbers } from '../../../reports/charts/pack-numbers.ts';
import { unfoldParts } from '../../../reports/page/browser/unfold-parts.ts';

const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('"$"'));

test('what is folded unfolds to the same, with its repetitions kept once', (t) => {
  fc.assert(
    fc.property(json, fc.integer({ min: 1, max: 4 }), (value, times) => {
      const whole = { all: Array.from({ length: times }, () => ({ value })), value };
      const read = JSON.parse(JSON.stringify(whole)) as unknown;
      t.deepEqual(unfoldParts(JSON.parse(JSON.stringify(foldParts(read)))), read);
    }),
  );
  const rows = Array.from({ length: 100 }, (_, index) => ({ index, text: `row ${index}` }));
  const folded = JSON.stringify(foldParts({ first: { rows, x: 'linear' }, second: { rows, x: 'log' } }));
  t.true(folded.length < JSON.stringify(rows).length + 200);
});

test('parts are made anew for each place', (t) => {
  const part = { text: 'long enough to be kept as a part of its own, and then some' };
  const [first, second] = unfoldParts(foldParts([part, part])) as [object, object];
  t.deepEqual(first, second);
  t.not(first, second);
});

test('columns of numbers are the same after packing', (t) => {
  const numbers = fc.array(
    fc.oneof(fc.constant(null), fc.constant(0), fc.nat(), fc.double({ noNaN: true, noDefaultInfinity: true })),
  );
  fc.assert(
    fc.property(numbers, (all) => {
      const normal = all.map((each) => (each === 0 ? 0 : each));
      t.deepEqual(unpackNumbers(packNumbers(normal)), normal);
    }),
  );
  t.is(packNumbers([0, 0, 0, 1, null, null, 7]), '0*3 1 -*2 7');
});
