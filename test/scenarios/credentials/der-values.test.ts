import test from 'ava';
import { encodeDer, readDerElement, readDerElements } from '../../../scenarios/credentials/der.ts';
import { readBoolean, readCount, readObjectIdentifier, readTimeMs } from '../../../scenarios/credentials/der-values.ts';

const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;

const isRefused = (title: string, read: () => unknown): void => {
  test(`refused: ${title}`, (t) => {
    t.throws(read, { instanceOf: RangeError });
  });
};
const element = (tag: number, ...content: number[]) => readDerElement(Uint8Array.of(tag, content.length, ...content));
const time = (tag: number, text: string) => readDerElement(encodeDer(tag, Buffer.from(text)));

isRefused('nothing', () => readDerElement(Uint8Array.of()));
isRefused('a tag alone', () => readDerElement(Uint8Array.of(0x30)));
isRefused('a tag of several bytes', () => readDerElement(Uint8Array.of(0x1f, 0x01, 0x00)));
isRefused('an open length', () => readDerElement(Uint8Array.of(0x30, 0x80, 0x00, 0x00)));
isRefused('a length in more bytes than needed', () => readDerElement(Uint8Array.of(0x04, 0x81, 0x01, 0x00)));
isRefused('a length that begins with zero', () =>
  readDerElement(Uint8Array.of(0x04, 0x82, 0x00, 0x80, ...new Uint8Array(128))),
);
isRefused('a length beyond the end', () => readDerElement(Uint8Array.of(0x04, 0x02, 0x00)));
isRefused('a length of more than 4 bytes', () => readDerElement(Uint8Array.of(0x04, 0x85, 1, 0, 0, 0, 0)));
isRefused('rest behind elements', () => readDerElements(Uint8Array.of(0x05, 0x00, 0x05)));
isRefused('an empty object identifier', () => readObjectIdentifier(Uint8Array.of()));
isRefused('an object identifier that breaks off', () => readObjectIdentifier(Uint8Array.of(0x55, 0x84)));
isRefused('an object identifier with padding', () => readObjectIdentifier(Uint8Array.of(0x55, 0x80, 0x03)));
isRefused('an object identifier of 65 bytes', () => readObjectIdentifier(new Uint8Array(65).fill(1)));
isRefused('a truth of two bytes', () => readBoolean(element(0x01, 0xff, 0xff)));
isRefused('a half truth', () => readBoolean(element(0x01, 0x01)));
isRefused('a negative number', () => readCount(element(0x02, 0x80)));
isRefused('an empty number', () => readCount(element(0x02)));
isRefused('a number with padding', () => readCount(element(0x02, 0x00, 0x01)));
isRefused('a number of 5 bytes', () => readCount(element(0x02, 0x01, 0, 0, 0, 0)));
isRefused('a time that is missing', () => readTimeMs(undefined));
isRefused('a time in another element', () => readTimeMs(time(0x0c, '20261120100000Z')));
isRefused('a time of another zone', () => readTimeMs(time(GENERALIZED_TIME, '20261120100000+0100')));
isRefused('a time without seconds', () => readTimeMs(time(UTC_TIME, '2611201000Z')));
isRefused('a month 13', () => readTimeMs(time(UTC_TIME, '261320100000Z')));

test('values are read', (t) => {
  t.is(readObjectIdentifier(Uint8Array.of(0x55, 0x04, 0x03)), '2.5.4.3');
  t.is(readObjectIdentifier(Buffer.from('2b060104019b5001010109', 'hex')), '1.3.6.1.4.1.3536.1.1.1.9');
  t.is(readObjectIdentifier(Uint8Array.of(0x88, 0x37, 0x03)), '2.999.3');
  t.deepEqual([element(0x01, 0xff), element(0x01, 0), undefined].map(readBoolean), [true, false, false]);
  t.deepEqual(
    [element(0x02, 0), element(0x02, 0, 0x80), element(0x02, 0x7f, 0xff, 0xff, 0xff), undefined].map(readCount),
    [0, 128, 2 ** 31 - 1, null],
  );
  t.is(readTimeMs(time(UTC_TIME, '261120100000Z')), Date.UTC(2026, 10, 20, 10));
  t.is(readTimeMs(time(UTC_TIME, '500101000000Z')), Date.UTC(1950, 0, 1));
  t.is(readTimeMs(time(GENERALIZED_TIME, '99991231235959Z')), Date.UTC(9999, 11, 31, 23, 59, 59));
});

test('object identifiers with long numbers stay apart', (t) => {
  const long = Uint8Array.of(0x2a, ...new Uint8Array(9).fill(0xff), 0x01);
  t.not(readObjectIdentifier(long), readObjectIdentifier(long.with(long.length - 1, 0x02)));
});
