/**
 * JSON in little room: what stands in it several times is kept once. The variants of a chart differ in little, and share their data.
 */

/** `whole` with `{ "$": n }` where part n belongs; parts refer to parts in the same way. */
export type Folded = { whole: unknown; parts: unknown[] };

/** Shorter texts are not worth a reference. */
const LEAST_CHARACTERS = 48;

/** @param value JSON, without an object whose only key is `$` */
export function foldParts(value: unknown): Folded {
  const counts = new Map<string, number>();
  countParts(value, counts);
  const parts: unknown[] = [];
  const places = new Map<string, number>();
  const fold = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    const text = JSON.stringify(part);
    if ((counts.get(text) ?? 0) < 2) return foldChildren(part, fold);
    let place = places.get(text);
    if (place === undefined) {
      place = parts.length;
      places.set(text, place);
      parts.push(null);
      parts[place] = foldChildren(part, fold);
    }
    return { $: place };
  };
  return { whole: fold(value), parts };
}

/** A part is looked into once: what is in it again stands there again with it. */
function countParts(value: unknown, counts: Map<string, number>): void {
  if (typeof value !== 'object' || value === null) return;
  const text = JSON.stringify(value);
  if (text.length < LEAST_CHARACTERS) return;
  const before = counts.get(text) ?? 0;
  counts.set(text, before + 1);
  if (before > 0) return;
  for (const child of Object.values(value)) countParts(child, counts);
}

function foldChildren(part: object, fold: (child: unknown) => unknown): unknown {
  if (Array.isArray(part)) return part.map(fold);
  return Object.fromEntries(Object.entries(part).map(([key, child]) => [key, fold(child)]));
}
