/** DER, as far as names and small extensions need it: elements with a one-byte tag and a definite length. */

/** One element: its tag, the content, and the whole of its bytes. */
export type DerElement = { tag: number; content: Uint8Array; bytes: Uint8Array };

export const DER_TAGS = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  sequence: 0x30,
  set: 0x31,
} as const;

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
 * @throws RangeError when it says it is longer than what is there, or when it isn't DER: a tag of several bytes, a length in
 * more bytes than it needs, in more than 4, or left open
 */
export function readDerElement(bytes: Uint8Array): DerElement {
  const [tag = 0, first = 0] = bytes;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const start = 2 + lengthBytes;
  const length = lengthBytes === 0 ? first : bytes.subarray(2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  const isShortest = lengthBytes === 0 || length >= (lengthBytes === 1 ? 0x80 : 256 ** (lengthBytes - 1));
  if ((tag & 0x1f) === 0x1f || first === 0x80 || lengthBytes > 4 || !isShortest) {
    throw new RangeError(`expected a DER element, came tag ${tag} and length byte ${first}`);
  }
  if (start + length > bytes.length) {
    throw new RangeError(`expected a whole DER element, came ${bytes.length} bytes of ${start + length}`);
  }
  return { tag, content: bytes.subarray(start, start + length), bytes: bytes.subarray(0, start + length) };
}

/**
 * The elements inside this one.
 *
 * @throws RangeError when it is missing, has another tag, or holds no whole elements
 */
export function readDerInside(element: DerElement | undefined, tag: number): DerElement[] {
  return readDerElements(readDerContent(element, tag));
}

/**
 * The content of this element.
 *
 * @throws RangeError when it is missing or has another tag
 */
export function readDerContent(element: DerElement | undefined, tag: number): Uint8Array {
  if (element?.tag !== tag)
    throw new RangeError(`expected a DER element of tag ${tag}, came ${element?.tag ?? 'none'}`);
  return element.content;
}

/** An element of the tag around the contents, up to 65,535 bytes together. */
export function encodeDer(tag: number, ...contents: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const content = Buffer.concat(contents);
  const { length } = content;
  const long = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return new Uint8Array([tag, ...(length < 0x80 ? [length] : long), ...content]);
}
