/**
 * Where an answer ends in the bytes of a connection: by its length, its chunks, or the connection's end.
 *
 * | state | bytes | next |
 * | --- | --- | --- |
 * | head | a head of 1xx | head |
 * | head | a head without a body | whole |
 * | head | any other head | length, chunkSize or untilClose |
 * | length | the last byte of the body | whole |
 * | chunkSize | the size of a chunk | chunk |
 * | chunkSize | the last chunk and its trailers | whole |
 * | chunk | its last byte | chunkEnd |
 * | chunkEnd | CRLF | chunkSize |
 * | head, chunkSize | anything unusual | unusual: a full parser has to read on |
 * | chunkEnd | anything else | malformed |
 */

import { type AnswerHead, arePlainTrailers, mayBecomeFields, mayBecomeHead, parseAnswerHead } from './answer-head.ts';

/** Longer heads, chunk sizes and trailers are left to the full parser, which refuses them. */
const LONGEST_LINES_BYTES = 16 * 1024;
const CR = 13;
const LF = 10;
const HEAD_END = '\r\n\r\n';
const LINE_END = '\r\n';
const CHUNK_SIZE = /^[\dA-Fa-f]{1,7}$/;
const CHUNK_SIZE_SO_FAR = /^(?:[\dA-Fa-f]{1,7}\r?)?$/;

/** What becomes of an answer's bytes. */
export type AnswerSink = {
  /** The head of the answer, not of those of 1xx before it. */
  head(status: number): void;
  body(chunk: Buffer, start: number, end: number): void;
};

/**
 * The head that was read last, for all the clients of a thread: a service repeats itself, to within the second that its Date
 * tells, and comparing costs a twentieth of parsing.
 */
export type HeadMemory = { bytes: Buffer; head: AnswerHead | null };

export function createHeadMemory(): HeadMemory {
  return { bytes: Buffer.alloc(0), head: null };
}

/** `more`: the answer goes on; `whole`: it has ended; `unusual` and `malformed`: its bytes can't be followed any further. */
export type FramingResult = 'more' | 'whole' | 'unusual' | 'malformed';

type State = 'head' | 'length' | 'chunkSize' | 'chunk' | 'chunkEnd' | 'untilClose';

export class AnswerFraming {
  readonly #memory: HeadMemory;
  readonly #isHeadRequest: boolean;
  readonly #sink: AnswerSink;
  #state: State = 'head';
  /** Of the body, or of the chunk, that are still to come; of `chunkEnd`, 2 or 1. */
  #leftBytes = 0;
  /** The beginning of lines that had not come whole. */
  #partial: Buffer | null = null;
  /** Of the answer that is being read; null: it has not come. */
  #head: AnswerHead | null = null;
  #headBytes: Buffer | null = null;
  /** So many bytes of what was fed last follow the answer, empty lines apart. */
  leftoverBytes = 0;
  /** With `unusual`: everything from the head on that the full parser must read, but for chunks that were read already. */
  unread: Buffer | null = null;

  constructor(memory: HeadMemory, isHeadRequest: boolean, sink: AnswerSink) {
    this.#memory = memory;
    this.#isHeadRequest = isHeadRequest;
    this.#sink = sink;
  }

  /** Of the answer that came last; null before the first. */
  get head(): AnswerHead | null {
    return this.#head;
  }

  /** The next answer begins. */
  begin(): void {
    this.#state = 'head';
    this.#partial = null;
    this.#head = null;
    this.leftoverBytes = 0;
  }

  /** Bytes `start` to `end` (not included) of `chunk` have come. */
  feed(chunk: Buffer, start: number, end: number): FramingResult {
    if (this.#partial === null) return this.#follow(chunk, start, end);
    const joined = Buffer.concat([this.#partial, chunk.subarray(start, end)]);
    this.#partial = null;
    return this.#follow(joined, 0, joined.length);
  }

  /** The connection has ended: whether the answer has, too. */
  endsWithConnection(): boolean {
    return this.#state === 'untilClose';
  }

  #follow(chunk: Buffer, start: number, end: number): FramingResult {
    let at = start;
    while (at < end) {
      switch (this.#state) {
        case 'head': {
          const next = this.#readHead(chunk, at, end);
          if (next < 0) return this.#stopAt(next, chunk, at, end);
          at = next;
          if (this.#head?.framing === 'none' || (this.#head?.framing === 'length' && this.#leftBytes === 0))
            return this.#finishAt(chunk, at, end);
          break;
        }
        case 'length':
        case 'chunk': {
          const until = Math.min(end, at + this.#leftBytes);
          this.#sink.body(chunk, at, until);
          this.#leftBytes -= until - at;
          at = until;
          if (this.#leftBytes > 0) return 'more';
          if (this.#state === 'length') return this.#finishAt(chunk, at, end);
          this.#state = 'chunkEnd';
          this.#leftBytes = LINE_END.length;
          break;
        }
        case 'chunkEnd':
          if (chunk[at] !== (this.#leftBytes === 2 ? CR : LF)) return 'malformed';
          at += 1;
          this.#leftBytes -= 1;
          if (this.#leftBytes === 0) this.#state = 'chunkSize';
          break;
        case 'chunkSize': {
          const next = this.#readChunkSize(chunk, at, end);
          if (next < 0) return this.#stopAt(next, chunk, at, end);
          at = next;
          if (this.#leftBytes === 0) return this.#finishAt(chunk, at, end);
          break;
        }
        case 'untilClose':
          this.#sink.body(chunk, at, end);
          return 'more';
      }
    }
    return 'more';
  }

  #finishAt(chunk: Buffer, at: number, end: number): FramingResult {
    this.leftoverBytes = end - skipEmptyLines(chunk, at, end);
    return 'whole';
  }

  #stopAt(reason: number, chunk: Buffer, at: number, end: number): FramingResult {
    const rest = Buffer.from(chunk.subarray(at, end));
    if (reason === INCOMPLETE && rest.length < LONGEST_LINES_BYTES) {
      this.#partial = rest;
      return 'more';
    }
    this.unread = this.#head === null ? rest : Buffer.concat([this.#headBytes as Buffer, rest]);
    return 'unusual';
  }

  /** Returns where the head has ended, or why not. */
  #readHead(chunk: Buffer, at: number, end: number): number {
    const memory = this.#memory;
    const known = memory.bytes;
    const knownEnd = at + known.length;
    if (memory.head !== null && knownEnd <= end && known.compare(chunk, at, knownEnd) === 0) {
      return this.#takeHead(memory.head, known, knownEnd);
    }
    const found = chunk.indexOf(HEAD_END, at, 'latin1');
    if (found < 0 || found + HEAD_END.length > end)
      return mayBecomeHead(chunk.toString('latin1', at, end)) ? INCOMPLETE : UNUSUAL;
    const next = found + HEAD_END.length;
    if (next - at > LONGEST_LINES_BYTES) return UNUSUAL;
    const head = parseAnswerHead(chunk.toString('latin1', at, next), this.#isHeadRequest);
    if (head === null) return UNUSUAL;
    if (head.status < 200) return next;
    memory.bytes = Buffer.from(chunk.subarray(at, next));
    memory.head = head;
    return this.#takeHead(head, memory.bytes, next);
  }

  #takeHead(head: AnswerHead, bytes: Buffer, next: number): number {
    this.#head = head;
    this.#headBytes = bytes;
    this.#leftBytes = head.bodyBytes;
    this.#state = head.framing === 'length' ? 'length' : head.framing === 'chunked' ? 'chunkSize' : 'untilClose';
    this.#sink.head(head.status);
    return next;
  }

  /** Returns where the data of the chunk begin (the answer has ended, when it is the last), or why not. */
  #readChunkSize(chunk: Buffer, at: number, end: number): number {
    const lineEnd = chunk.indexOf(LINE_END, at, 'latin1');
    if (lineEnd < 0 || lineEnd + LINE_END.length > end)
      return CHUNK_SIZE_SO_FAR.test(chunk.toString('latin1', at, end)) ? INCOMPLETE : UNUSUAL;
    const size = chunk.toString('latin1', at, lineEnd);
    if (!CHUNK_SIZE.test(size)) return UNUSUAL;
    this.#leftBytes = Number.parseInt(size, 16);
    if (this.#leftBytes > 0) {
      this.#state = 'chunk';
      return lineEnd + LINE_END.length;
    }
    // The empty line after the trailers; without trailers it follows the size at once.
    const found = chunk.indexOf(HEAD_END, lineEnd, 'latin1');
    if (found < 0 || found + HEAD_END.length > end)
      return mayBecomeFields(chunk.toString('latin1', lineEnd + LINE_END.length, end)) ? INCOMPLETE : UNUSUAL;
    if (found - at > LONGEST_LINES_BYTES) return UNUSUAL;
    const trailers = chunk.toString('latin1', lineEnd + LINE_END.length, found + LINE_END.length);
    return arePlainTrailers(trailers) ? found + HEAD_END.length : UNUSUAL;
  }
}

/** Returns where anything but empty lines begins: before an answer they mean nothing (RFC 9112, 2.2). */
export function skipEmptyLines(chunk: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && (chunk[at] === CR || chunk[at] === LF)) at += 1;
  return at;
}

const INCOMPLETE = -1;
const UNUSUAL = -2;
