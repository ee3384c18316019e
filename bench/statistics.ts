/** What is made of the figures of several rounds. */

export type Spread = { median: number; least: number; most: number };

/** @throws RangeError without values */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) throw new RangeError('expected at least one value');
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
  return { median, least, most };
}

/**
 * The ratio of two that ran in turn: of each round its own ratio, so that what a round's neighbours did to the machine falls on
 * both. Rounds that one of them did not end are left out.
 */
export function ratioOf(numerators: readonly number[], denominators: readonly number[]): Spread {
  const rounds = Math.min(numerators.length, denominators.length);
  const ratios = Array.from(
    { length: rounds },
    (_, round) => (numerators[round] as number) / (denominators[round] as number),
  );
  return spreadOf(ratios);
}
