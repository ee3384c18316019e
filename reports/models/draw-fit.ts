/** The curve of a fit as the charts draw it: between the levels that it was fitted to, never beyond. */

import type { Estimate, SeriesModel } from './series-model.ts';

/** Significant ones. */
const DIGITS = 6;

type Drawn = NonNullable<SeriesModel['drawn']>;

const POSITIONS = 60;
/** Over more than this factor of clients the positions are a constant factor apart, else a constant distance. */
const WIDE = 10;

export type DrawnFit = {
  model: Drawn['model'];
  /** Height in Hz with the 95 % interval of the fitted mean. */
  at: (inFlight: number) => Estimate;
  from: number;
  to: number;
  /** Where the curve has a corner. */
  corners?: readonly number[];
};

export function drawFit({ model, at, from, to, corners = [] }: DrawnFit): Drawn {
  const even = Array.from({ length: POSITIONS }, (_, step) => placeBetween(from, to, step / (POSITIONS - 1)));
  const positions = [...even, ...corners].toSorted((a, b) => a - b);
  const curve = positions.map((inFlight) => {
    const { value, low, high } = at(inFlight);
    return { inFlight, hz: shorten(value), low: shorten(low), high: shorten(high) };
  });
  return { model, curve };
}

function placeBetween(from: number, to: number, share: number): number {
  // Exactly at the ends, whatever the rounding.
  if (share === 0) return from;
  if (share === 1) return to;
  return shorten(to > WIDE * from ? from * (to / from) ** share : from + (to - from) * share);
}

/** As many digits as any drawing shows. */
function shorten(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
