/** From the columns of a row group that we wrote back to a block of rows, without garbage: a general reader makes an object of every null. */

import { NOT_REACHED, type OperationBlock } from '../operation.ts';
import { FOLLOW_UPS, PHASES } from './columns.ts';
import { decodeDeltas, decodeRuns } from './decoding.ts';
import { type ReadPage, readColumnChunk } from './pages.ts';
import type { ByteSource } from './decoding.ts';

export type ColumnDecoder = {
  /**
   * Fills the block with the rows of a row group, whose columns stand one after the other in `source`.
   * @throws RangeError when it is not as encode-columns.ts made it
   */
  fill(block: OperationBlock, source: ByteSource): void;
};

/** @param rowsAtMost of any row group */
export function createColumnDecoder(rowsAtMost: number): ColumnDecoder {
  const numbers = new Int32Array(rowsAtMost);

  function fillPhase(phaseUs: Int32Array, { nulls, values }: ReadPage, rows: number): void {
    const reached = numbers.subarray(0, rows - nulls);
    const levels = { bytes: values.bytes, at: 0 };
    let taken = 0;
    // The levels stand before the values: they are looked at twice.
    decodeRuns(values, { count: rows, valueBytes: 1 }, () => {});
    decodeDeltas(values, reached);
    decodeRuns(levels, { count: rows, valueBytes: 1 }, (isReached, from, until) => {
      if (isReached === 0) {
        phaseUs.fill(NOT_REACHED, from, until);
        return;
      }
      phaseUs.set(reached.subarray(taken, taken + until - from), from);
      taken += until - from;
    });
    if (taken !== reached.length) throw new RangeError('a page has other nulls than its header says');
  }

  return {
    fill(block, source) {
      const { rows } = block;
      const signed = (column: Uint32Array | Int32Array): Int32Array =>
        new Int32Array(column.buffer, column.byteOffset, rows);
      const next = (): ReadPage => readColumnChunk(source, rows);
      decodeDeltas(next().values, signed(block.client));
      decodeDeltas(next().values, signed(block.sequence));
      decodeDeltas(next().values, block.startUs.subarray(0, rows));
      decodeDeltas(next().values, signed(block.durationUs));
      for (const [, phase] of PHASES) fillPhase(block[phase], next(), rows);
      decodeDeltas(next().values, signed(block.answerBytes));
      for (const name of FOLLOW_UPS) {
        decodeDeltas(next().values, numbers.subarray(0, rows));
        block[name].set(numbers.subarray(0, rows));
      }
      fillOutcome(block, next());
    },
  };
}

function fillOutcome(block: OperationBlock, { values, dictionary }: ReadPage): void {
  if (dictionary === null) throw new RangeError('the outcomes have no dictionary');
  block.outcomes = dictionary;
  values.at += 1; // how many bits an index has
  decodeRuns(values, { count: block.rows, valueBytes: 2 }, (index, from, until) => {
    if (index >= dictionary.length) throw new RangeError(`outcome ${index} in a list of ${dictionary.length}`);
    block.outcome.fill(index, from, until);
  });
}
