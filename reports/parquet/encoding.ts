/**
 * The two encodings of our Parquet columns, into bytes that the caller owns: deltas for numbers, runs for levels and dictionary
 * indexes. Nothing is allocated for a row. See https://parquet.apache.org/docs/file-format/data-pages/encodings/.
 */

const BLOCK = 128;
const MINIBLOCKS = 4;
const MINIBLOCK = BLOCK / MINIBLOCKS;
/** So many bits and the seven that may be left over from the value before fit in what bitwise operators can hold. */
const WIDEST_BITWISE = 25;

/** The most bytes that so many values can take in either encoding: 8 a value, where a block of them is always full, and its header. */
export function largestEncodedBytes(count: number): number {
  return (Math.ceil(count / BLOCK) + 1) * (BLOCK * 8 + 16);
}

/** Differences of larger numbers would not be packed exactly; 2^43 us are 101 days. */
export const LARGEST_INT64 = 2 ** 43;

/** Written into `bytes` from `at` on; returns where it ends. */
type End = number;

export type DeltaEncoder = {
  /** Integers of 32 bits; differences wrap, as the type does. */
  int32(values: Int32Array, bytes: Uint8Array, at: number): End;
  /** Integers up to {@link LARGEST_INT64} of either sign. */
  int64(values: Float64Array, bytes: Uint8Array, at: number): End;
};

/** DELTA_BINARY_PACKED. */
export function createDeltaEncoder(): DeltaEncoder {
  const deltas = new Float64Array(BLOCK);

  /** Differences of a block, less the least of them, which is returned. */
  function takeDeltas(values: Int32Array | Float64Array, from: number, until: number, isInt32: boolean): number {
    let least = Infinity;
    for (let index = from; index < until; index += 1) {
      const difference = (values[index] as number) - (values[index - 1] as number);
      const delta = isInt32 ? difference | 0 : difference;
      deltas[index - from] = delta;
      if (delta < least) least = delta;
    }
    for (let index = 0; index < until - from; index += 1) deltas[index] = (deltas[index] as number) - least;
    // What a miniblock has no values for is zero, and takes no bits.
    deltas.fill(0, until - from);
    return least;
  }

  function writeBlock(least: number, bytes: Uint8Array, at: number): End {
    const widthsAt = writeZigzag(least, bytes, at);
    let end = widthsAt + MINIBLOCKS;
    for (let miniblock = 0; miniblock < MINIBLOCKS; miniblock += 1) {
      const from = miniblock * MINIBLOCK;
      let most = 0;
      for (let index = from; index < from + MINIBLOCK; index += 1) most = Math.max(most, deltas[index] as number);
      const width = bitWidth(most);
      bytes[widthsAt + miniblock] = width;
      if (width > 0) end = packBits(deltas, { from, width }, bytes, end);
    }
    return end;
  }

  function write(values: Int32Array | Float64Array, isInt32: boolean, bytes: Uint8Array, at: number): End {
    let end = writeVarint(BLOCK, bytes, at);
    end = writeVarint(MINIBLOCKS, bytes, end);
    end = writeVarint(values.length, bytes, end);
    end = writeZigzag(values[0] ?? 0, bytes, end);
    for (let from = 1; from < values.length; from += BLOCK) {
      const least = takeDeltas(values, from, Math.min(from + BLOCK, values.length), isInt32);
      end = writeBlock(least, bytes, end);
    }
    return end;
  }

  return {
    int32: (values, bytes, at) => write(values, true, bytes, at),
    int64: (values, bytes, at) => write(values, false, bytes, at),
  };
}

/** A miniblock's values one after the other, the lowest bit first; it always fills whole bytes. */
function packBits(
  values: Float64Array,
  { from, width }: { from: number; width: number },
  bytes: Uint8Array,
  at: number,
): End {
  let end = at;
  let pending = 0;
  let bits = 0;
  for (let index = from; index < from + MINIBLOCK; index += 1) {
    const value = values[index] as number;
    if (width <= WIDEST_BITWISE) pending |= value << bits;
    else pending += value * 2 ** bits;
    bits += width;
    while (bits >= 8) {
      bytes[end] = pending % 256;
      end += 1;
      pending = width <= WIDEST_BITWISE ? pending >>> 8 : Math.floor(pending / 256);
      bits -= 8;
    }
  }
  return end;
}

/** How many bits a whole number takes. */
function bitWidth(value: number): number {
  return value < 2 ** 32 ? 32 - Math.clz32(value) : 64 - Math.clz32(Math.floor(value / 2 ** 32));
}

/** RLE, runs only, of values that take so many bytes each: rows have mostly what the row before has. */
export function encodeRuns(values: Uint8Array | Uint16Array, valueBytes: 1 | 2, bytes: Uint8Array, at: number): End {
  let end = at;
  for (let from = 0; from < values.length;) {
    const value = values[from] as number;
    let until = from + 1;
    while (until < values.length && values[until] === value) until += 1;
    end = writeVarint((until - from) * 2, bytes, end);
    bytes[end] = value & 0xff;
    if (valueBytes === 2) bytes[end + 1] = value >>> 8;
    end += valueBytes;
    from = until;
  }
  return end;
}

/** Seven bits a byte, the lowest first. */
export function writeVarint(value: number, bytes: Uint8Array, at: number): End {
  let end = at;
  let left = value;
  while (left >= 128) {
    bytes[end] = (left % 128) + 128;
    end += 1;
    left = Math.floor(left / 128);
  }
  bytes[end] = left;
  return end + 1;
}

/** Small numbers of either sign take few bytes. */
export function writeZigzag(value: number, bytes: Uint8Array, at: number): End {
  return writeVarint(value < 0 ? -value * 2 - 1 : value * 2, bytes, at);
}
