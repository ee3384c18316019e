/** The row format: what is kept of every operation, in columns, and how a block of rows travels as bytes. */

import type { Outcome } from '../foundation/outcome.ts';

/** A phase that an operation did not reach (or, on a kept connection, did not need). */
export const NOT_REACHED = -1;

/**
 * A block of operation rows, a typed array a column. Times are whole microseconds. `startUs` counts from T0 as the pilot's
 * clock saw it; a phase is {@link NOT_REACHED} when the operation did not get that far.
 */
export type OperationBlock = {
  /** How many rows of each column are filled. */
  rows: number;
  /** The outcomes that occur; `outcome` holds indexes into this list. */
  outcomes: Outcome[];
  /** Number of the client within the cell, 0 … level-1. */
  client: Uint32Array;
  /** Number of the operation within its client, from 0. */
  sequence: Uint32Array;
  /** connect() for a connection per operation, first request byte on a kept connection; relative to T0, may be negative. */
  startUs: Float64Array;
  /** Service time: start to the last byte of the answer (or to the failure). */
  durationUs: Int32Array;
  connectUs: Int32Array;
  handshakeUs: Int32Array;
  firstByteUs: Int32Array;
  restUs: Int32Array;
  /** Bytes of the answers' bodies that came. */
  answerBytes: Uint32Array;
  /** Times that the service was asked whether it had done what it had queued. */
  polls: Uint16Array;
  /** Further pages of the answer that were asked for. */
  pages: Uint16Array;
  outcome: Uint16Array;
};

const COLUMNS = [
  ['client', Uint32Array],
  ['sequence', Uint32Array],
  ['startUs', Float64Array],
  ['durationUs', Int32Array],
  ['connectUs', Int32Array],
  ['handshakeUs', Int32Array],
  ['firstByteUs', Int32Array],
  ['restUs', Int32Array],
  ['answerBytes', Uint32Array],
  ['polls', Uint16Array],
  ['pages', Uint16Array],
  ['outcome', Uint16Array],
] as const;

/** An empty block with room for `capacity` rows. */
export function createOperationBlock(capacity: number): OperationBlock {
  return {
    rows: 0,
    outcomes: [],
    client: new Uint32Array(capacity),
    sequence: new Uint32Array(capacity),
    startUs: new Float64Array(capacity),
    durationUs: new Int32Array(capacity),
    connectUs: new Int32Array(capacity),
    handshakeUs: new Int32Array(capacity),
    firstByteUs: new Int32Array(capacity),
    restUs: new Int32Array(capacity),
    answerBytes: new Uint32Array(capacity),
    polls: new Uint16Array(capacity),
    pages: new Uint16Array(capacity),
    outcome: new Uint16Array(capacity),
  };
}

const HEADER_BYTES = 8;

/** The filled part of a block as bytes: rows, length of the outcome list, the list as JSON, then the columns, little-endian. */
export function encodeOperationBlock(block: OperationBlock): Uint8Array {
  const outcomes = new TextEncoder().encode(JSON.stringify(block.outcomes));
  const columnBytes = COLUMNS.reduce((sum, [, type]) => sum + type.BYTES_PER_ELEMENT * block.rows, 0);
  const bytes = new Uint8Array(HEADER_BYTES + outcomes.length + columnBytes);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, block.rows, true);
  header.setUint32(4, outcomes.length, true);
  bytes.set(outcomes, HEADER_BYTES);
  let offset = HEADER_BYTES + outcomes.length;
  for (const [name, type] of COLUMNS) {
    const column = block[name];
    const length = type.BYTES_PER_ELEMENT * block.rows;
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, length), offset);
    offset += length;
  }
  return bytes;
}

/**
 * The block that {@link encodeOperationBlock} wrote. The columns are copies, so the bytes may be reused.
 *
 * @throws RangeError when the bytes are not as many as their header says, or a row has an outcome that is not in the list
 * @throws SyntaxError or TypeError when the outcomes are no JSON list of strings
 */
export function decodeOperationBlock(bytes: Uint8Array): OperationBlock {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows = header.getUint32(0, true);
  const outcomesLength = header.getUint32(4, true);
  const columnBytes = COLUMNS.reduce((sum, [, type]) => sum + type.BYTES_PER_ELEMENT * rows, 0);
  const expected = HEADER_BYTES + outcomesLength + columnBytes;
  if (bytes.length !== expected)
    throw new RangeError(`a block of ${rows} rows has ${expected} bytes, got ${bytes.length}`);
  const block = createOperationBlock(rows);
  block.rows = rows;
  block.outcomes = parseOutcomes(bytes.subarray(HEADER_BYTES, HEADER_BYTES + outcomesLength));
  let offset = HEADER_BYTES + outcomesLength;
  for (const [name, type] of COLUMNS) {
    const length = type.BYTES_PER_ELEMENT * rows;
    const column = block[name];
    new Uint8Array(column.buffer).set(bytes.subarray(offset, offset + length));
    offset += length;
  }
  const unknown = block.outcome.find((index) => index >= block.outcomes.length);
  if (unknown !== undefined) throw new RangeError(`outcome ${unknown} in a list of ${block.outcomes.length}`);
  return block;
}

function parseOutcomes(json: Uint8Array): Outcome[] {
  const outcomes: unknown = JSON.parse(new TextDecoder().decode(json));
  if (!Array.isArray(outcomes) || !outcomes.every((outcome) => typeof outcome === 'string'))
    throw new TypeError('the outcomes of a block are no list of strings');
  return outcomes;
}
