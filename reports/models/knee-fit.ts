/**
 * Growth in proportion to the clients up to a knee, the same rate from there on: X(N) = slope x min(N, knee), the bounds of a closed loop
 * (P. J. Denning, J. P. Buzen, The operational analysis of queueing network models, Computing Surveys 10 (1978) 225-261). For a knee
 * between two given levels least squares are two sums; the best of all gaps is the fit (D. J. Hudson, Fitting segmented curves whose
 * join points have to be estimated, Journal of the American Statistical Association 61 (1966) 1097-1129).
 */

import { type CurveLevel, rangeOf } from './curve-levels.ts';
import { type Goodness, measureGoodness } from './goodness.ts';
import { intervalOf, resample } from './resample.ts';
import type { Estimate } from './series-model.ts';

export const KNEE_PARAMETERS = 2;
const REWEIGHTED = 2;
/** On each side of the knee. */
const LEAST_LEVELS = 2;

export type KneeFit = Goodness & {
  inFlight: Estimate;
  hzPerClient: Estimate;
  /** Rate from the knee on. */
  hz: Estimate;
  at: (inFlight: number) => Estimate;
};

type Bend = { hzPerClient: number; knee: number };
type Points = { inFlight: Float64Array; ratesHz: Float64Array; weights: Float64Array };

/** Null when there are not two levels on each side of the knee, or its interval reaches beyond the levels. Levels: at least three. */
export function fitKnee(levels: readonly CurveLevel[]): KneeFit | null {
  const ordered = levels.toSorted((a, b) => a.inFlight - b.inFlight);
  const inFlight = Float64Array.from(ordered, (level) => level.inFlight);
  const bend = fitReweighted(
    inFlight,
    Float64Array.from(ordered, ({ ratePerS }) => ratePerS),
  );
  if (bend === null || !hasTwoParts(inFlight, bend)) return null;
  const fittedHz = levels.map((level) => bendRate(bend, level.inFlight));
  const ratesHz = levels.map(({ ratePerS }) => ratePerS);
  const weights = weightsOf(bend, inFlight);
  const sorted = {
    ratesHz: ordered.map(({ ratePerS }) => ratePerS),
    fittedHz: [...inFlight].map((x) => bendRate(bend, x)),
  };
  const again = resample({ ...sorted, parameters: KNEE_PARAMETERS }, (rates) =>
    fitBend({ inFlight, ratesHz: rates, weights }),
  );
  if (again.length === 0) return null;
  const knee = intervalOf(
    bend.knee,
    again.map((each) => each.knee),
  );
  const { from, to } = rangeOf(levels);
  if (!(knee.low > from && knee.high < to)) return null;
  return {
    inFlight: knee,
    hzPerClient: intervalOf(
      bend.hzPerClient,
      again.map((each) => each.hzPerClient),
    ),
    hz: intervalOf(
      bend.hzPerClient * bend.knee,
      again.map((each) => each.hzPerClient * each.knee),
    ),
    at: (clients) =>
      intervalOf(
        bendRate(bend, clients),
        again.map((each) => bendRate(each, clients)),
      ),
    ...measureGoodness(ratesHz, fittedHz),
  };
}

function bendRate({ hzPerClient, knee }: Bend, inFlight: number): number {
  return hzPerClient * Math.min(inFlight, knee);
}

function weightsOf(bend: Bend, inFlight: Float64Array): Float64Array {
  return inFlight.map((clients) => 1 / bendRate(bend, clients));
}

function hasTwoParts(inFlight: Float64Array, { knee }: Bend): boolean {
  const before = inFlight.filter((clients) => clients <= knee).length;
  return before >= LEAST_LEVELS && inFlight.filter((clients) => clients >= knee).length >= LEAST_LEVELS;
}

function fitReweighted(inFlight: Float64Array, ratesHz: Float64Array): Bend | null {
  let bend = fitBend({ inFlight, ratesHz, weights: new Float64Array(ratesHz.length).fill(1) });
  for (let time = 0; time < REWEIGHTED && bend !== null; time += 1)
    bend = fitBend({ inFlight, ratesHz, weights: weightsOf(bend, inFlight) });
  return bend;
}

/** @param points by their clients in flight */
function fitBend({ inFlight, ratesHz, weights }: Points): Bend | null {
  const sums = createSums({ inFlight, ratesHz, weights });
  let best: Bend | null = null;
  let mostExplained = -Infinity;
  for (let grown = 1; grown < inFlight.length; grown += 1) {
    const [first, last] = [inFlight[grown - 1] as number, inFlight[grown] as number];
    const slope = sums.slopeOf(grown);
    const knee = Math.min(last, Math.max(first, sums.flatOf(grown) / slope));
    const { hzPerClient, explained } = sums.fit(grown, Number.isNaN(knee) ? last : knee);
    if (!(explained > mostExplained) || !(hzPerClient > 0)) continue;
    mostExplained = explained;
    best = { hzPerClient, knee };
  }
  return best;
}

type Sums = {
  /** Hz per client of the first levels alone. */
  slopeOf: (grown: number) => number;
  /** Mean rate of the others alone. */
  flatOf: (grown: number) => number;
  /** The best slope with this knee, and the sum of squares that it explains. */
  fit: (grown: number, knee: number) => { hzPerClient: number; explained: number };
};

/** Weighted sums over the first levels and over the others, for every number of first levels. */
function createSums({ inFlight, ratesHz, weights }: Points): Sums {
  const length = inFlight.length + 1;
  const [xx, xy, w, wy] = Array.from({ length: 4 }, () => new Float64Array(length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let index = 0; index < inFlight.length; index += 1) {
    const [x, y, weight] = [inFlight[index] as number, ratesHz[index] as number, weights[index] as number];
    xx[index + 1] = (xx[index] as number) + weight * x * x;
    xy[index + 1] = (xy[index] as number) + weight * x * y;
    w[index + 1] = (w[index] as number) + weight;
    wy[index + 1] = (wy[index] as number) + weight * y;
  }
  return {
    slopeOf: (grown) => upTo(xy, grown) / upTo(xx, grown),
    flatOf: (grown) => after(wy, grown) / after(w, grown),
    fit: (grown, knee) => {
      const together = upTo(xy, grown) + knee * after(wy, grown);
      const square = upTo(xx, grown) + knee * knee * after(w, grown);
      return { hzPerClient: together / square, explained: together ** 2 / square };
    },
  };
}

function upTo(sums: Float64Array, count: number): number {
  return sums[count] as number;
}

function after(sums: Float64Array, count: number): number {
  return (sums.at(-1) as number) - (sums[count] as number);
}
