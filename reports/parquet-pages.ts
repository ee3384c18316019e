/** Pages and row groups of our Parquet files: each column one page of version 2, not compressed, since deltas leave nothing to compress. */

import type { ColumnChunk, Encoding, ParquetType, RowGroup } from 'hyparquet';
import { writeVarint, writeZigzag } from './parquet-encoding.ts';

/** What a column chunk is written to: hyparquet-writer's ByteWriter. */
export type PageSink = {
  /** Bytes of the file so far. */
  readonly offset: number;
  appendBytes(bytes: Uint8Array): void;
};

/** An encoded column of a row group; its bytes are the definition levels first, then the values. */
export type EncodedColumn = {
  name: string;
  type: ParquetType;
  encoding: Extract<Encoding, 'DELTA_BINARY_PACKED' | 'RLE_DICTIONARY'>;
  bytes: Uint8Array;
  levelBytes: number;
  nulls: number;
  /** The values that the indexes stand for. */
  dictionary: readonly string[] | null;
};

/** Numbers of the format: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift. */
const PAGE_TYPE = { dictionary: 2, dataV2: 3 } as const;
const ENCODING = { PLAIN: 0, DELTA_BINARY_PACKED: 5, RLE_DICTIONARY: 8 } as const;

/** Writes the pages of a column. */
export function writeColumnChunk(column: EncodedColumn, rows: number, sink: PageSink): ColumnChunk {
  const { name, type, encoding, bytes, levelBytes, nulls, dictionary } = column;
  const fileOffset = sink.offset;
  if (dictionary !== null) writeDictionaryPage(dictionary, sink);
  const dataOffset = sink.offset;
  const header = { 1: rows, 2: nulls, 3: rows, 4: ENCODING[encoding], 5: levelBytes, 6: 0, 7: false };
  sink.appendBytes(encodeStruct({ 1: PAGE_TYPE.dataV2, 2: bytes.length, 3: bytes.length, 8: header }));
  sink.appendBytes(bytes);
  const size = BigInt(sink.offset - fileOffset);
  return {
    file_offset: BigInt(fileOffset),
    meta_data: {
      type,
      encodings: dictionary === null ? [encoding] : ['PLAIN', encoding],
      path_in_schema: [name],
      codec: 'UNCOMPRESSED',
      num_values: BigInt(rows),
      total_uncompressed_size: size,
      total_compressed_size: size,
      data_page_offset: BigInt(dataOffset),
      ...(dictionary === null ? {} : { dictionary_page_offset: BigInt(fileOffset) }),
    },
  };
}

/** The entry of a row group in the footer. */
export function describeRowGroup(columns: ColumnChunk[], rows: number): RowGroup {
  const size = columns.reduce((sum, { meta_data: meta }) => sum + (meta?.total_compressed_size ?? 0n), 0n);
  return { columns, total_byte_size: size, total_compressed_size: size, num_rows: BigInt(rows) };
}

function writeDictionaryPage(values: readonly string[], sink: PageSink): void {
  const encoded = values.map((value) => Buffer.from(value, 'utf8'));
  const page = Buffer.concat(encoded.flatMap((value) => [lengthPrefix(value.length), value]));
  const header = { 1: values.length, 2: ENCODING.PLAIN };
  sink.appendBytes(encodeStruct({ 1: PAGE_TYPE.dictionary, 2: page.length, 3: page.length, 7: header }));
  sink.appendBytes(page);
}

function lengthPrefix(length: number): Buffer {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32LE(length);
  return prefix;
}

/** Fields by their number. */
type Struct = { readonly [field: number]: number | boolean | Struct };

/** Larger than any header of ours: some twelve numbers of up to five bytes. */
const LARGEST_HEADER_BYTES = 128;
const TYPE = { true: 1, false: 2, int32: 5, struct: 12 } as const;

/** A header in Thrift's compact protocol: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md. */
function encodeStruct(struct: Struct): Uint8Array {
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
