/** The way back from the encodings of encoding.ts, into memory that the caller owns. Every read checks that it stays within the bytes. */

const BLOCK = 128;
const MINIBLOCKS = 4;
const MINIBLOCK = BLOCK / MINIBLOCKS;
/** As in encoding.ts: so many bits and seven more fit in what bitwise operators can hold. */
const WIDEST_BITWISE = 25;

/** Bytes, and how far they have been read. */
export type ByteSource = { bytes: Uint8Array; at: number };

/** @throws RangeError at the end of the bytes */
export function readByte(source: ByteSource): number {
  const byte = source.bytes[source.at];
  if (byte === undefined) throw new RangeError('the bytes of a page end too early');
  source.at += 1;
  return byte;
}

/** A view of the next bytes. @throws RangeError when there are not so many */
export function readBytes(source: ByteSource, count: number): Uint8Array {
  const bytes = source.bytes.subarray(source.at, source.at + count);
  if (count < 0 || bytes.length < count) throw new RangeError('the bytes of a page end too early');
  source.at += count;
  return bytes;
}

export function readVarint(source: ByteSource): number {
  let value = 0;
  let factor = 1;
  for (;;) {
    const byte = readByte(source);
    value += (byte % 128) * factor;
    if (byte < 128) return value;
    factor *= 128;
  }
}

export function readZigzag(source: ByteSource): number {
  const value = readVarint(source);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** DELTA_BINARY_PACKED: as many values as `values` has room for; those of 32 bits wrap. @throws RangeError */
export function decodeDeltas(source: ByteSource, values: Int32Array | Float64Array): void {
  const [block, miniblocks, count] = [readVarint(source), readVarint(source), readVarint(source)];
  if (block !== BLOCK || miniblocks !== MINIBLOCKS || count !== values.length)
    throw new RangeError(`expected ${values.length} values in a page, got ${count}`);
  const isInt32 = values instanceof Int32Array;
  let value = readZigzag(source);
  if (count > 0) values[0] = value;
  for (let from = 1; from < count; from += BLOCK) {
    const least = readZigzag(source);
    const widthsAt = source.at;
    readBytes(source, MINIBLOCKS);
    for (let miniblock = 0; miniblock < MINIBLOCKS; miniblock += 1) {
      const width = source.bytes[widthsAt + miniblock] as number;
      const first = from + miniblock * MINIBLOCK;
      const part = { first, until: Math.min(first + MINIBLOCK, count), width };
      // Differences first, in the place of the values.
      unpackBits(source, part, values);
      for (let index = first; index < part.until; index += 1) {
        const next = value + least + (values[index] as number);
        value = isInt32 ? next | 0 : next;
        values[index] = value;
      }
    }
  }
}

type Miniblock = { first: number; until: number; width: number };

/** The first values of a miniblock, up to `until`; those of 32 bits modulo 2^32. It is passed as a whole. */
function unpackBits(source: ByteSource, { first, until, width }: Miniblock, values: Int32Array | Float64Array): void {
  const { bytes } = source;
  let at = source.at;
  source.at += (width * MINIBLOCK) / 8;
  if (source.at > bytes.length) throw new RangeError('the bytes of a page end too early');
  if (width > WIDEST_BITWISE) return unpackWideBits(bytes, at, { first, until, width }, values);
  const mask = 2 ** width - 1;
  let pending = 0;
  let bits = 0;
  for (let index = first; index < until; index += 1) {
    while (bits < width) {
      pending |= (bytes[at] as number) << bits;
      at += 1;
      bits += 8;
    }
    values[index] = pending & mask;
    pending >>>= width;
    bits -= width;
  }
}

function unpackWideBits(bytes: Uint8Array, from: number, part: Miniblock, values: Int32Array | Float64Array): void {
  const factor = 2 ** part.width;
  let at = from;
  let pending = 0;
  let bits = 0;
  for (let index = part.first; index < part.until; index += 1) {
    while (bits < part.width) {
      pending += (bytes[at] as number) * 2 ** bits;
      at += 1;
      bits += 8;
    }
    const value = pending % factor;
    values[index] = values instanceof Int32Array ? value | 0 : value;
    pending = Math.floor(pending / factor);
    bits -= part.width;
  }
}

/** RLE, runs only: calls back with each value and the part of `count` that has it. @throws RangeError when they are not `count` */
export function decodeRuns(
  source: ByteSource,
  { count, valueBytes }: { count: number; valueBytes: 1 | 2 },
  visit: (value: number, from: number, until: number) => void,
): void {
  let from = 0;
  while (from < count) {
    const head = readVarint(source);
    const until = from + head / 2;
    if (head === 0 || head % 2 === 1 || until > count) throw new RangeError('a page has no run where one was due');
    const low = readByte(source);
    visit(valueBytes === 1 ? low : low + 256 * readByte(source), from, until);
    from = until;
  }
}
