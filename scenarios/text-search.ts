/**
 * Looks for a text in bodies while they come: nothing of them is kept. An answer that equals, byte for byte, one that was searched
 * before need not be searched again; comparing costs a tenth.
 */

/** A longer answer is searched each time: it is not worth its place in memory. */
const LONGEST_KNOWN_BYTES = 1024 * 1024;

/** Of all clients of a thread that expect the same text. */
export type TextSearch = { createBody(): SearchedBody };

/** Takes the bodies of one client's answers, one after the other. */
export type SearchedBody = {
  /** A new answer begins. */
  begin(): void;
  /** Bytes `start` to `end` (not included) of `chunk`, which may be overwritten afterwards. */
  write(chunk: Buffer, start: number, end: number): void;
  /** The answer is whole: whether it contains the text. */
  end(): boolean;
};

/** An answer that was searched. */
type Known = { bytes: Buffer; hasText: boolean };

type Shared = {
  needle: Needle;
  known: Known | null;
  /** Answers since the last one that was known. Where they all differ, less and less of them are learned. */
  unknownAnswers: number;
};

/** @param text not empty; its UTF-8 bytes are looked for */
export function createTextSearch(text: string): TextSearch {
  const shared: Shared = { needle: createNeedle(Buffer.from(text)), known: null, unknownAnswers: 0 };
  return { createBody: () => new Body(shared) };
}

class Body implements SearchedBody {
  readonly #shared: Shared;
  /** What this answer equals so far; null: nothing that is known. */
  #known: Known | null = null;
  /** So many bytes equal those that are known. */
  #equalBytes = 0;
  /** How much of the text the bytes so far end with. */
  #matched = 0;
  /** All of the answer, if it is to be known; null: it is not. */
  #pieces: Buffer[] | null = null;
  #keptBytes = 0;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  begin(): void {
    this.#known = this.#shared.known;
    this.#equalBytes = 0;
    this.#matched = 0;
    this.#pieces = null;
    if (this.#known === null) this.#beUnknown(null);
  }

  write(chunk: Buffer, start: number, end: number): void {
    const known = this.#known;
    if (known !== null) {
      const equalUntil = this.#equalBytes + end - start;
      if (
        equalUntil <= known.bytes.length &&
        known.bytes.compare(chunk, start, end, this.#equalBytes, equalUntil) === 0
      ) {
        this.#equalBytes = equalUntil;
        return;
      }
      this.#beUnknown(known);
    }
    if (this.#pieces !== null) this.#keep(Buffer.from(chunk.subarray(start, end)));
    this.#matched = this.#shared.needle.follow(this.#matched, chunk, start, end);
  }

  end(): boolean {
    const shared = this.#shared;
    const known = this.#known;
    if (known !== null && known.bytes.length === this.#equalBytes) {
      shared.unknownAnswers = 0;
      return known.hasText;
    }
    if (known !== null) this.#beUnknown(known);
    const hasText = this.#matched === shared.needle.length;
    const pieces = this.#pieces;
    this.#pieces = null;
    if (pieces === null) return hasText;
    shared.known = { bytes: Buffer.concat(pieces, this.#keptBytes), hasText };
    return hasText;
  }

  #keep(piece: Buffer): void {
    this.#keptBytes += piece.length;
    if (this.#keptBytes <= LONGEST_KNOWN_BYTES) this.#pieces?.push(piece);
    else this.#pieces = null;
  }

  /** It differs from what it equalled up to here. The 1st, 2nd, 4th, 8th … such answer in a row is learned. */
  #beUnknown(known: Known | null): void {
    const shared = this.#shared;
    this.#known = null;
    shared.unknownAnswers += 1;
    const isLearned = (shared.unknownAnswers & (shared.unknownAnswers - 1)) === 0;
    if (isLearned) this.#pieces = [];
    this.#keptBytes = 0;
    if (known === null) return;
    if (isLearned) this.#keep(known.bytes.subarray(0, this.#equalBytes));
    this.#matched = shared.needle.follow(0, known.bytes, 0, this.#equalBytes);
  }
}

type Needle = {
  length: number;
  /**
   * How much of the needle the bytes seen end with, after those from `start` to `end` of `chunk`; its whole length as soon as it
   * was found, from then on whatever follows.
   */
  follow(matched: number, chunk: Buffer, start: number, end: number): number;
};

/** Between chunks it goes on as Knuth, Morris and Pratt do (doi:10.1137/0206024); within one Node's own search is faster. */
function createNeedle(needle: Buffer): Needle {
  const { length } = needle;
  const borders = findBorders(needle);
  const step = (matched: number, byte: number): number => {
    let left = matched;
    while (left > 0 && needle[left] !== byte) left = borders[left - 1] as number;
    return needle[left] === byte ? left + 1 : 0;
  };
  return {
    length,
    follow(before, chunk, start, end) {
      let matched = before;
      let at = start;
      // While what has matched began before this chunk.
      while (matched < length && matched > at - start && at < end) matched = step(matched, chunk[at++] as number);
      if (matched === length || at === end) return matched;
      const from = at - matched;
      if (chunk.subarray(from, end).includes(needle)) return length;
      // Less than the whole of it may stand at the end.
      matched = 0;
      for (at = Math.max(from, end - length + 1); at < end; at += 1) matched = step(matched, chunk[at] as number);
      return matched;
    },
  };
}

/** For each beginning of the needle, the length of the longest shorter one that it ends with. */
function findBorders(needle: Buffer): Uint32Array {
  const borders = new Uint32Array(needle.length);
  for (let at = 1, border = 0; at < needle.length; at += 1) {
    while (border > 0 && needle[at] !== needle[border]) border = borders[border - 1] as number;
    if (needle[at] === needle[border]) border += 1;
    borders[at] = border;
  }
  return borders;
}
