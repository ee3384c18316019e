/** The Parquet columns of an operation row: their schema, and how what a general reader makes of them comes into a block. */

import type { DecodedArray, SchemaElement } from 'hyparquet';
import { NOT_REACHED, type OperationBlock } from '../operation.ts';

export const PHASES = [
  ['connect_us', 'connectUs'],
  ['handshake_us', 'handshakeUs'],
  ['first_byte_us', 'firstByteUs'],
  ['rest_us', 'restUs'],
] as const;

/** Files from before follow-up requests were made have no such columns: a block's zeros are right for them. */
export const FOLLOW_UPS = ['polls', 'pages'] as const;

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

/** Puts a piece of a Parquet column that hyparquet has read into a block, from row `at`; a column of a later version is passed over. */
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
