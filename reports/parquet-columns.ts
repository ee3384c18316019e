/** The Parquet columns of an operation row: their schema, and the way from a block to columns and back. */

import type { DecodedArray, SchemaElement } from 'hyparquet';
import type { ColumnSource } from 'hyparquet-writer';
import { NOT_REACHED, type OperationBlock } from './operation.ts';

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

/**
 * The filled part of a block as Parquet columns; a phase that was not reached is null. The columns may share memory with the
 * block: it must not change until they are encoded.
 */
export function columnsOf(block: OperationBlock): ColumnSource[] {
  const { rows } = block;
  const encoding = 'DELTA_BINARY_PACKED' as const;
  return [
    { name: 'client', data: asSigned(block.client, rows), encoding },
    { name: 'sequence', data: asSigned(block.sequence, rows), encoding },
    // Numbers, not bigints: these would take three times as long, and 2^53 us are 285 years.
    { name: 'start_us', data: wholeMicroseconds(block.startUs, rows), encoding },
    { name: 'duration_us', data: block.durationUs.subarray(0, rows), encoding },
    ...PHASES.map(([name, phase]) => ({ name, data: nullWhereNotReached(block[phase], rows), encoding })),
    { name: 'answer_bytes', data: asSigned(block.answerBytes, rows), encoding },
    ...FOLLOW_UPS.map((name) => ({ name, data: new Int32Array(block[name].subarray(0, rows)), encoding })),
    { name: 'outcome', data: outcomesOf(block), encoding: 'RLE_DICTIONARY' },
  ];
}

/** The same bits: the schema says that they are unsigned, and the encoder is quick with int32 only. */
function asSigned(column: Uint32Array, rows: number): Int32Array {
  return new Int32Array(column.buffer, column.byteOffset, rows);
}

function wholeMicroseconds(startUs: Float64Array, rows: number): Float64Array {
  const whole = startUs.slice(0, rows);
  for (let row = 0; row < rows; row += 1) whole[row] = Math.round(whole[row] as number);
  return whole;
}

function nullWhereNotReached(phaseUs: Int32Array, rows: number): Int32Array | (number | null)[] {
  const reached = phaseUs.subarray(0, rows);
  // Without any null the encoder takes half the time.
  if (!reached.includes(NOT_REACHED)) return reached;
  const values: (number | null)[] = [];
  for (let row = 0; row < rows; row += 1) {
    const us = reached[row] as number;
    values.push(us === NOT_REACHED ? null : us);
  }
  return values;
}

function outcomesOf({ rows, outcome, outcomes }: OperationBlock): string[] {
  const values: string[] = [];
  for (let row = 0; row < rows; row += 1) values.push(outcomes[outcome[row] as number] as string);
  return values;
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
