/** Normal equations of few parameters, some of which are held. */

/** Of a pivot this small beside its diagonal nothing but rounding is left. */
const SINGULAR = 1e-13;

/**
 * Solves (A + damping x diagonal of A) step = gradient for the parameters that are free, by Cholesky's decomposition; the others get 0.
 *
 * @param matrix symmetric, row by row; its size is that of `gradient` squared
 * @returns null when the equations do not tell the parameters apart
 */
export function solveNormal(
  matrix: Float64Array,
  gradient: Float64Array,
  { isFree, damping }: { isFree: readonly boolean[]; damping: number },
): Float64Array | null {
  const size = gradient.length;
  const free = isFree.flatMap((is, index) => (is ? [index] : []));
  const lower = new Float64Array(size * size);
  const step = new Float64Array(size);
  for (const [row, i] of free.entries()) {
    for (let column = 0; column <= row; column += 1) {
      const j = free[column] as number;
      let rest = at(matrix, i * size + j) * (i === j ? 1 + damping : 1);
      for (let k = 0; k < column; k += 1) rest -= at(lower, row * size + k) * at(lower, column * size + k);
      if (row !== column) lower[row * size + column] = rest / at(lower, column * size + column);
      else if (rest > SINGULAR * at(matrix, i * size + i)) lower[row * size + row] = Math.sqrt(rest);
      else return null;
    }
    let value = at(gradient, i);
    for (let k = 0; k < row; k += 1) value -= at(lower, row * size + k) * at(step, free[k] as number);
    step[i] = value / at(lower, row * size + row);
  }
  for (let row = free.length - 1; row >= 0; row -= 1) {
    let value = at(step, free[row] as number);
    for (let k = row + 1; k < free.length; k += 1) value -= at(lower, k * size + row) * at(step, free[k] as number);
    step[free[row] as number] = value / at(lower, row * size + row);
  }
  return step;
}

function at(values: Float64Array, index: number): number {
  return values[index] as number;
}
