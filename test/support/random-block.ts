/** Any block of rows, for property tests. */

import * as fc from 'fast-check';
import { NOT_REACHED, type OperationBlock, createOperationBlock } from '../../reports/operation.ts';

const whole = (max: number) => fc.integer({ min: 0, max });
const phase = fc.integer({ min: NOT_REACHED, max: 2 ** 31 - 1 });
const outcome = fc.oneof(fc.constantFrom('ok', 'cut', 'refused', 'status/SRM_FAILURE', 'local/no-port'), fc.string());

const row = fc.record({
  client: whole(2 ** 32 - 1),
  sequence: whole(2 ** 32 - 1),
  startUs: fc.integer({ min: -(10 ** 9), max: 10 ** 12 }),
  durationUs: whole(2 ** 31 - 1),
  connectUs: phase,
  handshakeUs: phase,
  firstByteUs: phase,
  restUs: phase,
  answerBytes: whole(2 ** 32 - 1),
  polls: whole(2 ** 16 - 1),
  pages: whole(2 ** 16 - 1),
  outcome,
});

export type AnyRow = typeof row extends fc.Arbitrary<infer Row> ? Row : never;

/** A filled block, some of it with room to spare. */
export function makeBlock(rows: readonly AnyRow[], spare = 0): OperationBlock {
  const block = createOperationBlock(rows.length + spare);
  block.rows = rows.length;
  block.outcomes = [...new Set(rows.map((each) => each.outcome))];
  for (const [index, each] of rows.entries()) {
    for (const [name, value] of Object.entries(each)) {
      if (typeof value === 'number') block[name as 'client'][index] = value;
    }
    block.outcome[index] = block.outcomes.indexOf(each.outcome);
  }
  return block;
}

export const anyBlock: fc.Arbitrary<OperationBlock> = fc
  .tuple(fc.array(row, { maxLength: 30 }), whole(5))
  .map(([rows, spare]) => makeBlock(rows, spare));

const COLUMNS = [
  'client',
  'sequence',
  'startUs',
  'durationUs',
  'connectUs',
  'handshakeUs',
  'firstByteUs',
  'restUs',
  'answerBytes',
  'polls',
  'pages',
  'outcome',
] as const;

/** What a block says, without the room that it has to spare. */
export function contentOf(block: OperationBlock): Record<string, unknown> {
  const columns = COLUMNS.map((name) => [name, [...block[name].subarray(0, block.rows)]]);
  return { rows: block.rows, outcomes: block.outcomes, ...Object.fromEntries(columns) };
}
