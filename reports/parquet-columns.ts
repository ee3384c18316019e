/** The Parquet columns of an operation row: their schema, and the way from a block to columns and back. */

import type { DecodedArray, SchemaElement } from 'hyparquet';
import { NOT_REACHED, type OperationBlock } from './operation.ts';
import { LARGEST_INT64, createDeltaEncoder, encodeRuns, largestEncodedBytes } from './parquet-encoding.ts';
import type { EncodedColumn } from './parquet-pages.ts';

const PHASES = [
  ['connect_us', 'connectUs'],
  ['handshake_us', 'handshakeUs'],
  ['first_byte_us', 'firstByteUs'],
  ['rest_us', 'restUs'],
] as const;

/** Files from before follow-up requests were made have no such columns: a block's zeros are right for them. */
const FOLLOW_UPS = ['polls', 'pages'] as const;

const PHASE_OF_COLUMN = new Map<string, (typeof PHASES)[number][1]>(PHASES);

const required = { repetition_type: 'REQUIRED' } as const;

const COLUMN_SCHEMAS: SchemaElement[] = [
  { name: 'client', type: 'INT32', converted_type: 'UINT_32', ...required },
  { name: 'sequence', type: 'INT32', converted_type: 'UINT_32', ...required },
  { name: 'start_us', type: 'INT64', ...required },
  { name: 'duration_us', type: 'INT32', ...required },
  ...PHASES.map(([name]): SchemaElement => ({ name, type: 'INT32', repetition_type: 'OPTIONAL' })),
  { name: 'answer_bytes', type: 'INT32', converted_type: 'UINT_32', ...required },
  ...FOLLOW_UPS.map((name): SchemaElement => ({ name, type: 'INT32', converted_type: 'UINT_16', ...required })),
  { name: 'outcome', type: 'BYTE_ARRAY', converted_type: 'UTF8', ...required },
];

export const PARQUET_SCHEMA: SchemaElement[] = [
  { name: 'operations', num_children: COLUMN_SCHEMAS.length },
  ...COLUMN_SCHEMAS,
];

/** The names of our columns that a file lacks and that no version did without. */
export function findMissingColumns(schema: readonly SchemaElement[]): string[] {
  const present = new Set<string>([...schema.map(({ name }) => name), ...FOLLOW_UPS]);
  return COLUMN_SCHEMAS.map(({ name }) => name).filter((name) => !present.has(name));
}

/** Appends `count` rows of a block, from row `first`, to another block that has room for them. */
export function copyRows(from: OperationBlock, first: number, count: number, to: OperationBlock): void {
  const at = to.rows;
  const end = first + count;
  to.client.set(from.client.subarray(first, end), at);
  to.sequence.set(from.sequence.subarray(first, end), at);
  to.startUs.set(from.startUs.subarray(first, end), at);
  to.durationUs.set(from.durationUs.subarray(first, end), at);
  for (const [, phase] of PHASES) to[phase].set(from[phase].subarray(first, end), at);
  to.answerBytes.set(from.answerBytes.subarray(first, end), at);
  for (const name of FOLLOW_UPS) to[name].set(from[name].subarray(first, end), at);
  const indexes = from.outcomes.map((outcome) => indexOfOutcome(to.outcomes, outcome));
  for (let row = 0; row < count; row += 1) {
    to.outcome[at + row] = indexes[from.outcome[first + row] as number] as number;
  }
  to.rows += count;
}

/** Index of an outcome in a list of distinct outcomes, which grows when it is new. */
export function indexOfOutcome(outcomes: string[], outcome: string): number {
  const index = outcomes.indexOf(outcome);
  return index === -1 ? outcomes.push(outcome) - 1 : index;
}

/** Encodes the filled part of a block, column by column; a phase that was not reached is null. */
export type ColumnEncoder = {
  /** Each column is valid until the next is asked for. */
  columnsOf(block: OperationBlock): Generator<EncodedColumn>;
};

/** @param rowsAtMost of any block that is to be encoded: memory for them is kept */
export function createColumnEncoder(rowsAtMost: number): ColumnEncoder {
  const deltas = createDeltaEncoder();
  const bytes = new Uint8Array(2 * largestEncodedBytes(rowsAtMost));
  const levels = new Uint8Array(rowsAtMost);
  const reached = new Int32Array(rowsAtMost);
  const whole = new Float64Array(rowsAtMost);

  const plain = (name: string, type: 'INT32' | 'INT64', end: number): EncodedColumn => ({
    name,
    type,
    encoding: 'DELTA_BINARY_PACKED',
    bytes: bytes.subarray(0, end),
    levelBytes: 0,
    nulls: 0,
    dictionary: null,
  });
  const int32 = (name: string, values: Int32Array): EncodedColumn =>
    plain(name, 'INT32', deltas.int32(values, bytes, 0));

  function start(startUs: Float64Array, rows: number): EncodedColumn {
    for (let row = 0; row < rows; row += 1) {
      const us = Math.round(startUs[row] as number);
      // Not a number would compare as false.
      if (!(Math.abs(us) <= LARGEST_INT64)) throw new RangeError(`a row starts ${us} us after T0`);
      whole[row] = us;
    }
    return plain('start_us', 'INT64', deltas.int64(whole.subarray(0, rows), bytes, 0));
  }

  function phase(name: string, phaseUs: Int32Array, rows: number): EncodedColumn {
    let count = 0;
    for (let row = 0; row < rows; row += 1) {
      const us = phaseUs[row] as number;
      const isReached = us !== NOT_REACHED;
      levels[row] = isReached ? 1 : 0;
      reached[count] = us;
      if (isReached) count += 1;
    }
    const levelBytes = encodeRuns(levels.subarray(0, rows), 1, bytes, 0);
    const column = plain(name, 'INT32', deltas.int32(reached.subarray(0, count), bytes, levelBytes));
    return { ...column, levelBytes, nulls: rows - count };
  }

  function outcome({ outcome: indexes, outcomes, rows }: OperationBlock): EncodedColumn {
    bytes[0] = INDEX_BITS;
    const end = encodeRuns(indexes.subarray(0, rows), 2, bytes, 1);
    const column = plain('outcome', 'INT32', end);
    return { ...column, type: 'BYTE_ARRAY', encoding: 'RLE_DICTIONARY', dictionary: outcomes };
  }

  return {
    *columnsOf(block) {
      const { rows } = block;
      yield int32('client', asSigned(block.client, rows));
      yield int32('sequence', asSigned(block.sequence, rows));
      yield start(block.startUs, rows);
      yield int32('duration_us', block.durationUs.subarray(0, rows));
      for (const [name, column] of PHASES) yield phase(name, block[column], rows);
      yield int32('answer_bytes', asSigned(block.answerBytes, rows));
      for (const name of FOLLOW_UPS) {
        reached.set(block[name].subarray(0, rows));
        yield int32(name, reached.subarray(0, rows));
      }
      yield outcome(block);
    },
  };
}

/** Of an index into the outcomes. */
const INDEX_BITS = 16;

/** The same bits: the schema says that they are unsigned. */
function asSigned(column: Uint32Array, rows: number): Int32Array {
  return new Int32Array(column.buffer, column.byteOffset, rows);
}

/** Puts a piece of a Parquet column into a block, from row `at`; a column of a later version is passed over. */
export function fillColumn(block: OperationBlock, name: string, data: DecodedArray, at: number): void {
  const phase = PHASE_OF_COLUMN.get(name);
  if (phase !== undefined) return fillPhase(block[phase], data as ArrayLike<number | null>, at);
  switch (name) {
    case 'client':
      return block.client.set(data as Uint32Array, at);
    case 'sequence':
      return block.sequence.set(data as Uint32Array, at);
    case 'start_us':
      return fillStart(block.startUs, data as BigInt64Array, at);
    case 'duration_us':
      return block.durationUs.set(data as Int32Array, at);
    case 'answer_bytes':
      return block.answerBytes.set(data as Uint32Array, at);
    case 'polls':
    case 'pages':
      return block[name].set(data as Int32Array, at);
    case 'outcome':
      return fillOutcome(block, data as string[], at);
    default:
  }
}

function fillPhase(phaseUs: Int32Array, data: ArrayLike<number | null>, at: number): void {
  for (let index = 0; index < data.length; index += 1) phaseUs[at + index] = data[index] ?? NOT_REACHED;
}

function fillStart(startUs: Float64Array, data: BigInt64Array, at: number): void {
  for (let index = 0; index < data.length; index += 1) startUs[at + index] = Number(data[index]);
}

/** Most rows have the outcome of the row before. */
function fillOutcome(block: OperationBlock, data: readonly string[], at: number): void {
  let last: string | undefined;
  let known = 0;
  for (let index = 0; index < data.length; index += 1) {
    const outcome = data[index] as string;
    if (outcome !== last) known = indexOfOutcome(block.outcomes, outcome);
    last = outcome;
    block.outcome[at + index] = known;
  }
}
