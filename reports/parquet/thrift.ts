/**
 * Headers of Parquet pages in Thrift's compact protocol: numbers, truth values and structs of them.
 * See https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md.
 */

import { type ByteSource, readByte, readZigzag } from './decoding.ts';
import { writeVarint, writeZigzag } from './encoding.ts';

/** Fields by their number. */
export type Struct = { readonly [field: number]: number | boolean | Struct };

/** Larger than any header of ours: some twelve numbers of up to five bytes. */
const LARGEST_HEADER_BYTES = 128;
const TYPE = { true: 1, false: 2, int32: 5, struct: 12 } as const;

/** The bytes of a struct. */
export function encodeStruct(struct: Struct): Uint8Array {
  const bytes = new Uint8Array(LARGEST_HEADER_BYTES);
  return bytes.subarray(0, writeStruct(struct, bytes, 0));
}

function writeStruct(struct: Struct, bytes: Uint8Array, at: number): number {
  let end = at;
  let before = 0;
  for (const [key, value] of Object.entries(struct)) {
    const field = Number(key);
    end = writeVarint((field - before) * 16 + typeOf(value), bytes, end);
    if (typeof value === 'number') end = writeZigzag(value, bytes, end);
    else if (typeof value === 'object') end = writeStruct(value, bytes, end);
    before = field;
  }
  bytes[end] = 0; // the end of the fields
  return end + 1;
}

/** A boolean is its type. */
function typeOf(value: Struct[number]): number {
  if (typeof value === 'number') return TYPE.int32;
  return typeof value === 'object' ? TYPE.struct : TYPE[`${value}`];
}

/** @throws RangeError when it holds what no header of ours has */
export function readStruct(source: ByteSource): Struct {
  const fields: Record<number, Struct[number]> = {};
  let before = 0;
  for (let head = readByte(source); head !== 0; head = readByte(source)) {
    const step = Math.floor(head / 16);
    const field = step === 0 ? readZigzag(source) : before + step;
    fields[field] = readField(head % 16, source);
    before = field;
  }
  return fields;
}

function readField(type: number, source: ByteSource): Struct[number] {
  switch (type) {
    case TYPE.int32:
      return readZigzag(source);
    case TYPE.struct:
      return readStruct(source);
    case TYPE.true:
    case TYPE.false:
      return type === TYPE.true;
    default:
      throw new RangeError(`a header has a field of type ${type}`);
  }
}

/** @throws RangeError when there is no such number */
export function numberOf(struct: Struct, field: number): number {
  const value = struct[field];
  if (typeof value !== 'number') throw new RangeError(`a header has no number ${field}`);
  return value;
}

/** @throws RangeError when there is no such struct */
export function structOf(struct: Struct, field: number): Struct {
  const value = struct[field];
  if (typeof value !== 'object') throw new RangeError(`a header has no part ${field}`);
  return value;
}
