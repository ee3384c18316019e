/** JSON that was folded for the page (`reports/charts/fold-parts.ts`), as it was. */

export type Folded = { whole: unknown; parts: unknown[] };

/** Every part is new, so that nobody who changes one changes another. */
export function unfoldParts({ whole, parts }: Folded): unknown {
  const unfold = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(unfold);
    const entries = Object.entries(value);
    const [first] = entries;
    if (entries.length === 1 && first?.[0] === '$') return unfold(parts[first[1] as number]);
    return Object.fromEntries(entries.map(([key, child]) => [key, unfold(child)]));
  };
  return unfold(whole);
}
