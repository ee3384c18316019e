/** DER, as far as names and small extensions need it: elements with a one-byte tag and a definite length. */

/** One element: its tag, the content, and the whole of its bytes. */
export type DerElement = { tag: number; content: Uint8Array; bytes: Uint8Array };

export const DER_TAGS = { integer: 0x02, sequence: 0x30, set: 0x31 } as const;

/**
 * The elements that stand one after another in `bytes`.
 *
 * @throws RangeError when an element says it is longer than what is there
 */
export function readDerElements(bytes: Uint8Array): DerElement[] {
  const elements: DerElement[] = [];
  for (let start = 0; start < bytes.length;) {
    const element = readDerElement(bytes.subarray(start));
    elements.push(element);
    start += element.bytes.length;
  }
  return elements;
}

/**
 * The element that `bytes` begin with; what follows it is left out.
 *
 * @throws RangeError when it says it is longer than what is there, or in more than 4 bytes
 */
export function readDerElement(bytes: Uint8Array): DerElement {
  const [tag = 0, first = 0] = bytes;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const start = 2 + lengthBytes;
  const length = lengthBytes === 0 ? first : bytes.subarray(2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  if (first === 0x80 || lengthBytes > 4 || start + length > bytes.length) {
    throw new RangeError(`expected a whole DER element, came ${bytes.length} bytes of ${start + length}`);
  }
  return { tag, content: bytes.subarray(start, start + length), bytes: bytes.subarray(0, start + length) };
}

/** An element of the tag around the contents, up to 65,535 bytes together. */
export function encodeDer(tag: number, ...contents: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const content = Buffer.concat(contents);
  const { length } = content;
  const long = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return new Uint8Array([tag, ...(length < 0x80 ? [length] : long), ...content]);
}
