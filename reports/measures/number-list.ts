/** Numbers that a measure must keep, in pieces: no memory is copied when there are more, nor kept ready for many. */

const PIECE = 16_384;

type Column = Int32Array | Float64Array;

export type NumberList<Piece extends Column> = {
  push(value: number): void;
  count(): number;
  /** All numbers in the order of their coming. */
  pieces(): Piece[];
};

export function createNumberList<Piece extends Column>(createPiece: (length: number) => Piece): NumberList<Piece> {
  const full: Piece[] = [];
  let piece = createPiece(PIECE);
  let used = 0;
  return {
    push(value) {
      if (used === PIECE) {
        full.push(piece);
        piece = createPiece(PIECE);
        used = 0;
      }
      piece[used] = value;
      used += 1;
    },
    count: () => full.length * PIECE + used,
    pieces: () => [...full, piece.subarray(0, used) as Piece],
  };
}
