/**
 * Reads an answer once: one that equals, byte for byte, the last one that was read has the same reading. Comparing costs a
 * hundredth of reading, and what is equal so far need not be kept, so a thousand clients that wait for the rest of the same
 * listing hold it once.
 */

/** A longer answer is read each time: it is not worth its place in memory. */
const LONGEST_KNOWN_BYTES = 16 * 1024 * 1024;

/** Of all clients of a thread that ask for the same; what it reads must not be changed by anybody. */
export type AnswerMemory<Reading> = { createBody(): AnswerBody<Reading> };

/** Takes the bodies of one client's answers, one after the other. */
export type AnswerBody<Reading> = {
  /** A new answer begins. */
  begin(): void;
  /** Bytes `start` to `end` (not included) of `chunk`, which may be overwritten afterwards. */
  write(chunk: Buffer, start: number, end: number): void;
  /** The answer is whole. @throws what `read` throws */
  end(): Reading;
};

type Known<Reading> = { bytes: Buffer; reading: Reading };

/** @param read reads a whole body, given in pieces; what it throws is not remembered */
export function createAnswerMemory<Reading>(read: (pieces: readonly Buffer[]) => Reading): AnswerMemory<Reading> {
  const shared: { known: Known<Reading> | null } = { known: null };
  return { createBody: () => new RememberedBody(shared, read) };
}

class RememberedBody<Reading> implements AnswerBody<Reading> {
  readonly #shared: { known: Known<Reading> | null };
  readonly #read: (pieces: readonly Buffer[]) => Reading;
  /** What was known when this answer began. */
  #known: Known<Reading> | null = null;
  /** So many bytes equal those that are known; what follows them is in `pieces`. */
  #equalBytes = 0;
  #pieces: Buffer[] | null = null;

  constructor(shared: { known: Known<Reading> | null }, read: (pieces: readonly Buffer[]) => Reading) {
    this.#shared = shared;
    this.#read = read;
  }

  begin(): void {
    this.#known = this.#shared.known;
    this.#equalBytes = 0;
    this.#pieces = null;
  }

  write(chunk: Buffer, start: number, end: number): void {
    if (this.#pieces === null) {
      const equalUntil = this.#equalBytes + end - start;
      const bytes = this.#known?.bytes;
      if (
        bytes !== undefined &&
        equalUntil <= bytes.length &&
        bytes.compare(chunk, start, end, this.#equalBytes, equalUntil) === 0
      ) {
        this.#equalBytes = equalUntil;
        return;
      }
      this.#pieces = bytes === undefined ? [] : [bytes.subarray(0, this.#equalBytes)];
    }
    this.#pieces.push(Buffer.from(chunk.subarray(start, end)));
  }

  end(): Reading {
    const known = this.#known;
    const pieces = this.#pieces;
    this.#known = null;
    this.#pieces = null;
    if (pieces === null && known !== null && known.bytes.length === this.#equalBytes) return known.reading;
    const whole = pieces ?? (known === null ? [] : [known.bytes.subarray(0, this.#equalBytes)]);
    const reading = this.#read(whole);
    const length = whole.reduce((sum, piece) => sum + piece.length, 0);
    if (length <= LONGEST_KNOWN_BYTES) this.#shared.known = { bytes: Buffer.concat(whole, length), reading };
    return reading;
  }
}
