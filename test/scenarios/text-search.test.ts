/** A text in answers that come in pieces: found where a plain search of the whole answer finds it. */

import test from 'ava';
import * as fc from 'fast-check';
import { type SearchedBody, createTextSearch } from '../../scenarios/text-search.ts';

/** As a transport does it: every piece in the same buffer, somewhere, among what is left of others. */
function search(body: SearchedBody, bytes: Buffer, cuts: readonly number[]): boolean {
  const shared = Buffer.alloc(bytes.length + 8, 'ab');
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  body.begin();
  let from = 0;
  for (const to of ends) {
    const start = to % 8;
    bytes.copy(shared, start, from, to);
    body.write(shared, start, start + to - from);
    from = to;
  }
  return body.end();
}

/** Of two letters, so that much of a text is found again and again in itself and in bodies. */
const letters = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom('a', 'b'), minLength, maxLength });
const cutsAt = fc.array(fc.nat(1000), { maxLength: 6 });

test('it is found across any pieces exactly where it is in the whole', (t) => {
  fc.assert(
    fc.property(letters(1, 8), letters(0, 40), cutsAt, (text, body, cuts) => {
      const found = search(createTextSearch(text).createBody(), Buffer.from(body), cuts);
      t.is(found, body.includes(text));
    }),
    { numRuns: 2000 },
  );
});

test('answers that are the same, differ, or begin the same, in any order and by any client', (t) => {
  const asked = fc.record({ body: letters(0, 12), client: fc.nat(2), cuts: cutsAt });
  fc.assert(
    fc.property(letters(1, 4), fc.array(asked, { maxLength: 20 }), (text, answers) => {
      const { createBody } = createTextSearch(text);
      const clients = [createBody(), createBody(), createBody()];
      for (const { body, client, cuts } of answers) {
        t.is(search(clients[client] as SearchedBody, Buffer.from(body), cuts), body.includes(text));
      }
    }),
    { numRuns: 500 },
  );
});

test('an answer that broke off leaves nothing behind', (t) => {
  const body = createTextSearch('needle').createBody();
  body.begin();
  const half = Buffer.from('a need');
  body.write(half, 0, half.length);
  t.false(search(body, Buffer.from('le'), []));
  t.true(search(body, Buffer.from('needle'), [3]));
});

test('a character of several bytes is found wherever it is cut', (t) => {
  const bytes = Buffer.from('…文件…');
  const body = createTextSearch('文件').createBody();
  for (let cut = 0; cut <= bytes.length; cut += 1) t.true(search(body, bytes, [cut]), String(cut));
  t.false(search(body, bytes.subarray(0, -4), []));
});

test('an answer too long to be known is searched each time', (t) => {
  const bytes = Buffer.alloc(3 * 1024 * 1024, 'x');
  bytes.write('needle', bytes.length - 6);
  const body = createTextSearch('needle').createBody();
  t.true(search(body, bytes, [100, 70_000]));
  t.true(search(body, bytes, [bytes.length - 3]));
  t.false(search(body, bytes.subarray(0, -1), [5]));
});
