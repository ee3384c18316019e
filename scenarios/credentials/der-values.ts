/** The values that certificates hold, read from the content of their DER elements. */

import { DER_TAGS, readDerContent, type DerElement } from './der.ts';

const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
/** Far more than any in use; the time to read one grows with the square of its length. */
const LONGEST_IDENTIFIER_BYTES = 64;

/**
 * A dotted object identifier such as `2.5.4.3`.
 *
 * @throws RangeError when the bytes are none
 */
export function readObjectIdentifier(content: Uint8Array): string {
  const { length } = content;
  if (length === 0 || length > LONGEST_IDENTIFIER_BYTES || ((content[length - 1] as number) & 0x80) !== 0) {
    throw new RangeError(`expected a whole object identifier of at most ${LONGEST_IDENTIFIER_BYTES} bytes`);
  }
  const arcs: bigint[] = [];
  let arc: bigint | null = null;
  for (const byte of content) {
    if (arc === null && byte === 0x80) throw new RangeError('expected an object identifier without padding');
    arc = (arc ?? 0n) * 128n + BigInt(byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = null;
    }
  }
  const [first = 0n, ...rest] = arcs;
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...rest].join('.');
}

/** Missing: false. @throws RangeError when it is another element, or neither true nor false */
export function readBoolean(element: DerElement | undefined): boolean {
  if (element === undefined) return false;
  const [value, ...more] = readDerContent(element, DER_TAGS.boolean);
  if (more.length > 0 || (value !== 0 && value !== 0xff)) throw new RangeError('expected true or false');
  return value === 0xff;
}

/** Missing: null. @throws RangeError when it is no whole number from 0 to 2^31 - 1 */
export function readCount(element: DerElement | undefined): number | null {
  if (element === undefined) return null;
  const content = readDerContent(element, DER_TAGS.integer);
  const [first = 0x80, second = 0x80] = content;
  const isPadded = content.length > 1 && first === 0 && second < 0x80;
  if (first >= 0x80 || isPadded || content.length > 4)
    throw new RangeError('expected a small number that is not negative');
  return content.reduce((sum, byte) => sum * 256 + byte, 0);
}

/**
 * A UTCTime or GeneralizedTime as Unix time in ms (RFC 5280, 4.1.2.5: seconds are there, the zone is Z, years from 50 in two
 * digits are of the 20th century).
 *
 * @throws RangeError when it is no such time
 */
export function readTimeMs(element: DerElement | undefined): number {
  const text = Buffer.from(element?.content ?? []).toString('latin1');
  const century = Number(text.slice(0, 2)) < 50 ? '20' : '19';
  const full = element?.tag === UTC_TIME ? century + text : text;
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full);
  const isTime = element?.tag === UTC_TIME || element?.tag === GENERALIZED_TIME;
  const [, year, month, day, hour, minute, second] = match ?? [];
  const atMs = isTime ? Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) : Number.NaN;
  if (Number.isNaN(atMs)) throw new RangeError('expected a time');
  return atMs;
}
