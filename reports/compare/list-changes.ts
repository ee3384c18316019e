/** Where two JSON values differ: the paths of the leaves, with both texts. */

import { NO_NUMBER } from '../format-number.ts';
import type { Change } from './comparison.ts';

/** In the order of the baseline, then what the other has alone. A list of plain values is one leaf. */
export function listChanges(baseline: unknown, other: unknown, ignored: readonly string[] = []): Change[] {
  const [own, others] = [leavesOf(baseline), leavesOf(other)];
  return [...new Set([...own.keys(), ...others.keys()])]
    .filter((path) => own.get(path) !== others.get(path) && !ignored.includes(path.split('.')[0] as string))
    .map((path) => ({
      path,
      baseline: own.get(path) ?? NO_NUMBER,
      other: others.get(path) ?? NO_NUMBER,
    }));
}

/** Text of each leaf by its path. */
function leavesOf(root: unknown): Map<string, string> {
  const leaves = new Map<string, string>();
  const waiting: { path: string; value: unknown }[] = [{ path: '', value: root }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path, value } = next;
    const entries = entriesOf(value);
    if (entries === null) leaves.set(path, typeof value === 'string' ? value : JSON.stringify(value));
    else {
      const below = entries.map(([key, inner]) => ({ path: path === '' ? key : `${path}.${key}`, value: inner }));
      waiting.push(...below.toReversed());
    }
  }
  return leaves;
}

/** Null: a leaf. */
function entriesOf(value: unknown): [string, unknown][] | null {
  if (typeof value !== 'object' || value === null) return null;
  const entries = Object.entries(value);
  const isPlain = entries.every(([, inner]) => typeof inner !== 'object' || inner === null);
  return entries.length === 0 || (Array.isArray(value) && isPlain) ? null : entries;
}
