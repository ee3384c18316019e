/** Which known word was meant by a mistyped one. */

/** The candidate with the fewest edits, ignoring case, if they are few against the length; undefined when none is near. */
export function findNearest(word: string, candidates: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(word.length / 3));
  return candidates
    .map((candidate) => ({ candidate, edits: countEdits(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= most)
    .toSorted((a, b) => a.edits - b.edits)[0]?.candidate;
}

/** The fewest insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
export function countEdits(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 0; row < from.length; row += 1) {
    const current = [row + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (last[column - 1] as number) + (to[column - 1] === from[row] ? 0 : 1);
      const isSwap = row > 0 && column > 1 && to[column - 1] === from[row - 1] && to[column - 2] === from[row];
      const swapped = isSwap ? (beforeLast[column - 2] as number) + 1 : Infinity;
      current.push(Math.min(replaced, swapped, (last[column] as number) + 1, (current[column - 1] as number) + 1));
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length] as number;
}
