/** Pages and row groups of our Parquet files: each column one page of version 2, not compressed, since deltas leave nothing to compress. */

import type { ColumnChunk, Encoding, ParquetType, RowGroup } from 'hyparquet';
import { type ByteSource, readBytes } from './decoding.ts';
import { encodeStruct, numberOf, readStruct, structOf } from './thrift.ts';

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

/** The page of a column as {@link writeColumnChunk} wrote it; `values` are the levels and then the values. */
export type ReadPage = { nulls: number; levelBytes: number; values: ByteSource; dictionary: string[] | null };

/** @throws RangeError when it is not a page of ours */
export function readColumnChunk(source: ByteSource, rows: number): ReadPage {
  let header = readStruct(source);
  let dictionary: string[] | null = null;
  if (numberOf(header, 1) === PAGE_TYPE.dictionary) {
    dictionary = readDictionary(readBytes(source, numberOf(header, 3)), numberOf(structOf(header, 7), 1));
    header = readStruct(source);
  }
  const data = structOf(header, 8);
  const encoding = dictionary === null ? ENCODING.DELTA_BINARY_PACKED : ENCODING.RLE_DICTIONARY;
  if (numberOf(header, 1) !== PAGE_TYPE.dataV2 || numberOf(data, 4) !== encoding || numberOf(data, 1) !== rows)
    throw new RangeError('a page is not as it was written');
  const values = { bytes: readBytes(source, numberOf(header, 3)), at: 0 };
  return { nulls: numberOf(data, 2), levelBytes: numberOf(data, 5), values, dictionary };
}

function readDictionary(page: Uint8Array, count: number): string[] {
  const source = { bytes: page, at: 0 };
  const decoder = new TextDecoder();
  return Array.from({ length: count }, () => {
    const length = readBytes(source, 4);
    return decoder.decode(readBytes(source, new DataView(length.buffer, length.byteOffset).getUint32(0, true)));
  });
}
