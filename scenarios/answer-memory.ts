/**
 * Reads an answer once: one that equals the last one that was read has the same reading. Comparing costs a hundredth of reading, and
 * what is equal need not be kept, so a thousand clients that wait for the rest of the same listing hold it once.
 *
 * Equal means byte for byte, but for texts that no reading depends on (the size of a file): a service whose answers differ in
 * those alone, as real ones do, costs little more.
 *
 * | state | bytes | next |
 * | --- | --- | --- |
 * | following | equal to what is known | following |
 * | following | other ones, in an indifferent text | varying: that text may be any |
 * | following | other ones elsewhere, or more than is known | lost: everything is kept, to be read |
 * | varying | plain characters | varying |
 * | varying | the `<` that ends the text | following, behind the known text |
 * | varying | anything that is no plain character | lost |
 */

/** A longer answer is read each time: it is not worth its place in memory. */
const LONGEST_KNOWN_BYTES = 16 * 1024 * 1024;
/** A longer text in the place of an indifferent one is something else. */
const LONGEST_VARIED_BYTES = 256;
const FIRST_WINDOW_BYTES = 64;
const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;
const AMPERSAND = 0x26;

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

export type AnswerReading<Reading> = {
  /** Reads a whole body, given in pieces; what it throws is not remembered. */
  read(pieces: readonly Buffer[]): Reading;
  /**
   * Where the texts are in a body that was read, start and end by turns and ascending, in whose place any plain ASCII text up to
   * the next `<` would give the same reading. Left out: nowhere.
   */
  findIndifferent?(body: Buffer): Int32Array;
};

type Known<Reading> = { bytes: Buffer; reading: Reading; indifferent: Int32Array };
type Shared<Reading> = AnswerReading<Reading> & { known: Known<Reading> | null };

export function createAnswerMemory<Reading>(reading: AnswerReading<Reading>): AnswerMemory<Reading> {
  const shared: Shared<Reading> = { ...reading, known: null };
  return { createBody: () => new RememberedBody(shared) };
}

class RememberedBody<Reading> implements AnswerBody<Reading> {
  readonly #shared: Shared<Reading>;
  /** What was known when this answer began; null: nothing, or the answer is another one. */
  #known: Known<Reading> | null = null;
  /** As far as this the answer means what the known bytes do. */
  #followed = 0;
  #isVarying = false;
  /** What has come so far is these and the known bytes from `#keptFrom` to `#followed`; null: those alone. */
  #pieces: Buffer[] | null = null;
  #keptFrom = 0;

  constructor(shared: Shared<Reading>) {
    this.#shared = shared;
  }

  begin(): void {
    this.#known = this.#shared.known;
    this.#followed = 0;
    this.#isVarying = false;
    this.#pieces = null;
    this.#keptFrom = 0;
  }

  write(chunk: Buffer, start: number, end: number): void {
    let at = start;
    while (at < end && this.#known !== null) {
      at = this.#isVarying ? this.#vary(chunk, at, end) : this.#follow(this.#known, chunk, at, end);
    }
    if (at < end) this.#keep(Buffer.from(chunk.subarray(at, end)));
  }

  end(): Reading {
    const known = this.#known;
    if (known !== null && !this.#isVarying && this.#followed === known.bytes.length) {
      this.begin();
      return known.reading;
    }
    this.#lose();
    const pieces = this.#pieces ?? [];
    this.begin();
    const reading = this.#shared.read(pieces);
    this.#remember(pieces, reading);
    return reading;
  }

  /** Returns as far as the bytes are followed. */
  #follow({ bytes, indifferent }: Known<Reading>, chunk: Buffer, start: number, end: number): number {
    const length = Math.min(end - start, bytes.length - this.#followed);
    const equal = countEqual(bytes, this.#followed, { chunk, start, length });
    this.#followed += equal;
    if (start + equal === end) return end;
    const textEnd = length === 0 || equal === length ? -1 : findTextEnd(indifferent, this.#followed);
    if (textEnd < 0) this.#lose();
    else {
      this.#keep(bytes.subarray(this.#keptFrom, this.#followed));
      this.#followed = textEnd;
      this.#keptFrom = textEnd;
      this.#isVarying = true;
    }
    return start + equal;
  }

  #vary(chunk: Buffer, start: number, end: number): number {
    const found = chunk.indexOf(LESS_THAN, start);
    const stop = found < 0 || found > end ? end : found;
    if (!isPlain(chunk, start, stop)) {
      this.#lose();
      return start;
    }
    if (stop > start) this.#keep(Buffer.from(chunk.subarray(start, stop)));
    this.#isVarying = stop === end;
    return stop;
  }

  /** It is another answer. */
  #lose(): void {
    const known = this.#known;
    if (known === null) return;
    this.#known = null;
    if (this.#followed > this.#keptFrom) this.#keep(known.bytes.subarray(this.#keptFrom, this.#followed));
  }

  #keep(piece: Buffer): void {
    if (this.#pieces === null) this.#pieces = [piece];
    else this.#pieces.push(piece);
  }

  #remember(pieces: readonly Buffer[], reading: Reading): void {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (length > LONGEST_KNOWN_BYTES) return;
    const bytes = Buffer.concat(pieces, length);
    this.#shared.known = { bytes, reading, indifferent: this.#shared.findIndifferent?.(bytes) ?? new Int32Array(0) };
  }
}

/** How many bytes are equal from here on, `length` at most: narrowed down by comparisons, since those tell no place. */
function countEqual(
  bytes: Buffer,
  from: number,
  { chunk, start, length }: { chunk: Buffer; start: number; length: number },
): number {
  const areEqual = (at: number, count: number): boolean =>
    bytes.compare(chunk, start + at, start + at + count, from + at, from + at + count) === 0;
  if (areEqual(0, length)) return length;
  let equal = 0;
  let window = Math.min(FIRST_WINDOW_BYTES, length);
  while (areEqual(equal, window)) {
    equal += window;
    window = Math.min(2 * window, length - equal);
  }
  while (window > FIRST_WINDOW_BYTES) {
    const half = window >> 1;
    if (areEqual(equal, half)) equal += half;
    window = half + (window & 1);
  }
  while (bytes[from + equal] === chunk[start + equal]) equal += 1;
  return equal;
}

/** The end of the text that this place is in, or right behind; -1: it is in none. */
function findTextEnd(indifferent: Int32Array, place: number): number {
  let low = 0;
  let high = indifferent.length / 2;
  // The first text that ends at the place or behind it.
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((indifferent[2 * middle + 1] as number) < place) low = middle + 1;
    else high = middle;
  }
  const start = indifferent[2 * low];
  return start !== undefined && start <= place ? (indifferent[2 * low + 1] as number) : -1;
}

/** Printable ASCII that XML gives no meaning to. */
function isPlain(chunk: Buffer, start: number, end: number): boolean {
  if (end - start > LONGEST_VARIED_BYTES) return false;
  for (let at = start; at < end; at += 1) {
    const byte = chunk[at] as number;
    if (byte < 0x20 || byte > 0x7e || byte === GREATER_THAN || byte === AMPERSAND) return false;
  }
  return true;
}
