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

/** The filled part of a block as Parquet columns; a phase that was not reached is null. */
export function columnsOf(block: OperationBlock): ColumnSource[] {
  const { rows } = block;
  const encoding = 'DELTA_BINARY_PACKED' as const;
  return [
    { name: 'client', data: block.client.subarray(0, rows), encoding },
    { name: 'sequence', data: block.sequence.subarray(0, rows), encoding },
    { name: 'start_us', data: BigInt64Array.from(block.startUs.subarray(0, rows), wholeMicroseconds), encoding },
    { name: 'duration_us', data: block.durationUs.subarray(0, rows), encoding },
    ...PHASES.map(([name, phase]) => ({
      name,
      data: Array.from(block[phase].subarray(0, rows), (us) => (us === NOT_REACHED ? null : us)),
      encoding,
    })),
    { name: 'answer_bytes', data: block.answerBytes.subarray(0, rows), encoding },
    ...FOLLOW_UPS.map((name) => ({ name, data: Int32Array.from(block[name].subarray(0, rows)), encoding })),
    {
      name: 'outcome',
      data: Array.from(block.outcome.subarray(0, rows), (index) => block.outcomes[index]),
      encoding: 'RLE_DICTIONARY',
    },
  ];
}

function wholeMicroseconds(us: number): bigint {
  return BigInt(Math.round(us));
}

/** Puts a piece of a Parquet column into a block, from row `at`; a column of a later version is passed over. */
export function fillColumn(block: OperationBlock, name: string, data: DecodedArray, at: number): void {
  const phase = PHASE_OF_COLUMN.get(name);
  if (phase !== undefined) {
    block[phase].set(
      Array.from(data as (number | null)[], (us) => us ?? NOT_REACHED),
      at,
    );
    return;
  }
  switch (name) {
    case 'client':
      return block.client.set(data as Uint32Array, at);
    case 'sequence':
      return block.sequence.set(data as Uint32Array, at);
    case 'start_us':
      return block.startUs.set(Float64Array.from(data as BigInt64Array, Number), at);
    case 'duration_us':
      return block.durationUs.set(data as Int32Array, at);
    case 'answer_bytes':
      return block.answerBytes.set(data as Uint32Array, at);
    case 'polls':
    case 'pages':
      return block[name].set(data as Int32Array, at);
    case 'outcome':
      return block.outcome.set(
        Array.from(data as string[], (outcome) => indexOfOutcome(block.outcomes, outcome)),
        at,
      );
    default:
  }
}
