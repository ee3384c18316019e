/** Turns an unknown key into advice: the key that was meant, the place where it belongs, or what is known here. */

import { findNearest } from '../../foundation/nearest-word.ts';
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
