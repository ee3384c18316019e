/** Turns an unknown key into advice: the key that was meant, the place where it belongs, or what is known here. */

import { keysAt, listKeyPaths } from './schema-keys.ts';

/**
 * What to do about a key that the schema does not know at this place.
 *
 * @param parent path of the object that holds the key
 */
export function suggestKey(parent: readonly string[], unknownKey: string, config: unknown): string {
  const known = keysAt(parent, config);
  const nearest = findNearest(unknownKey, known);
  if (nearest !== undefined) return `did you mean ${[...parent, nearest].join('.')}?`;
  const advice = known.length === 0 ? 'remove it' : `remove it, or use one of: ${known.join(', ')}`;
  const own = [...parent, unknownKey].join('.');
  const elsewhere = listKeyPaths()
    .filter((path) => path.at(-1)?.toLowerCase() === unknownKey.toLowerCase())
    .map((path) => path.join('.'));
  if (elsewhere.length === 0) return advice;
  return elsewhere.includes(own)
    ? `it belongs to another kind: ${advice}`
    : `did you mean ${elsewhere[0]}? Else ${advice}`;
}

/** The candidate with the fewest edits, ignoring case, if they are few against the length; undefined when none is near. */
export function findNearest(word: string, candidates: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(word.length / 3));
  return candidates
    .map((candidate) => ({ candidate, edits: countEdits(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= most)
    .toSorted((a, b) => a.edits - b.edits)[0]?.candidate;
}

/** Levenshtein distance: the fewest insertions, deletions and replacements that turn one word into the other. */
export function countEdits(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 0; row < from.length; row += 1) {
    const current = [row + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] as number) + (to[column - 1] === from[row] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] as number) + 1, (current[column - 1] as number) + 1));
    }
    previous = current;
  }
  return previous[to.length] as number;
}
