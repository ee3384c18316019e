/** Changes that make a real message a broken or hostile one. */

import * as fc from 'fast-check';

/** A change of a message; places are shares of its length, so that they fit whatever was changed before. */
export type Mutation = (bytes: Buffer) => Buffer;

export const place = fc.double({ min: 0, max: 1, noNaN: true });
const insertAt = (bytes: Buffer, share: number, inserted: Uint8Array): Buffer => {
  const at = Math.floor(share * bytes.length);
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)]);
};
const sliceOf = (bytes: Buffer, from: number, length: number): Buffer => {
  const start = Math.floor(from * bytes.length);
  return bytes.subarray(start, start + Math.ceil(length * 200));
};

/** What a message of this kind may hold, and what it never should. */
const FRAGMENTS = [
  '<',
  '>',
  '/>',
  '&',
  '&amp;',
  '&#x0;',
  '&#1114112;',
  '"',
  "'",
  ']]>',
  '<![CDATA[',
  '<!--',
  '-->',
  '<!DOCTYPE a>',
  '<?xml version="1.1"?>',
  '<?b',
  '\u0000',
  '\uFEFF',
  '\uFFFF',
  '\r',
  ' href="#id0"',
  ' href="#id1"',
  ' href="#id4"',
  ' id="id0"',
  ' id="x"',
  ' xsi:nil="true"',
  '<multiRef id="id3">',
  '<pathDetailArray href="#id4"/>',
  '<pathDetailArray>',
  '</pathDetailArray>',
  '<statusCode>SRM_</statusCode>',
  '<soapenv:Body>',
  '<__proto__ __proto__="constructor"/>',
];

export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, fc.nat({ max: 7 })).map(([share, bit]): Mutation => (bytes) => {
    const flipped = Buffer.from(bytes);
    const at = Math.min(Math.floor(share * bytes.length), bytes.length - 1);
    if (at >= 0) flipped[at] = (bytes[at] ?? 0) ^ (1 << bit);
    return flipped;
  }),
  place.map(
    (share): Mutation =>
      (bytes) =>
        bytes.subarray(0, Math.floor(share * bytes.length)),
  ),
  fc.tuple(place, place, place).map(
    ([from, length, to]): Mutation =>
      (bytes) =>
        insertAt(bytes, to, sliceOf(bytes, from, length)),
  ),
  fc.tuple(place, place).map(([from, length]): Mutation => (bytes) => {
    const cut = sliceOf(bytes, from, length);
    const start = cut.byteOffset - bytes.byteOffset;
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + cut.length)]);
  }),
  fc.tuple(place, fc.constantFrom(...FRAGMENTS)).map(
    ([share, fragment]): Mutation =>
      (bytes) =>
        insertAt(bytes, share, Buffer.from(fragment)),
  ),
  fc.tuple(place, fc.uint8Array({ maxLength: 8 })).map(
    ([share, noise]): Mutation =>
      (bytes) =>
        insertAt(bytes, share, noise),
  ),
  // An id or an href that is another's.
  fc.tuple(fc.nat({ max: 12 }), fc.nat({ max: 12 })).map(
    ([from, to]): Mutation =>
      (bytes) =>
        Buffer.from(bytes.toString('latin1').replace(`id${from}"`, `id${to}"`), 'latin1'),
  ),
);
