/** From a block of rows to the columns of a row group, without garbage. */

import { NOT_REACHED, type OperationBlock } from '../operation.ts';
import { FOLLOW_UPS, PHASES } from './columns.ts';
import { LARGEST_INT64, createDeltaEncoder, encodeRuns, largestEncodedBytes } from './encoding.ts';
import type { EncodedColumn } from './pages.ts';

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
