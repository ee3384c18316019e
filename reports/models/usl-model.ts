/** The Universal Scalability Law of a series, with bootstrap intervals. */

import type { CurveLevel } from './curve-levels.ts';
import { rangeOf } from './curve-levels.ts';
import { type Goodness, measureGoodness } from './goodness.ts';
import { intervalOf, resample } from './resample.ts';
import type { Estimate, SeriesModel } from './series-model.ts';
import { type UslTerms, fitUslTerms, uslParameters, uslPeak, uslRate } from './usl-fit.ts';

export const USL_PARAMETERS = 3;
/** The weights follow the fitted rates, which hardly move after the second time. */
const REWEIGHTED = 2;
/** Of resamples nobody sees more digits than an interval has. */
const ROUGHLY = 1e-7;

export type UslFit = Goodness & {
  gamma: Estimate;
  sigma: Estimate;
  kappa: Estimate;
  peak: NonNullable<SeriesModel['usl']>['peak'];
  at: (inFlight: number) => Estimate;
};

/** Null when no such curve fits. Levels: at least four. */
export function fitUsl(levels: readonly CurveLevel[]): UslFit | null {
  const ratesHz = levels.map(({ ratePerS }) => ratePerS);
  const inFlight = Float64Array.from(levels, (level) => level.inFlight);
  const terms = fitReweighted(inFlight, Float64Array.from(ratesHz));
  if (terms === null) return null;
  const fittedHz = [...inFlight].map((clients) => uslRate(terms, clients));
  const weights = weightsOf(fittedHz);
  const again = resample({ ratesHz, fittedHz, parameters: USL_PARAMETERS }, (rates) =>
    fitUslTerms({ inFlight, ratesHz: rates, weights }, terms, ROUGHLY),
  );
  if (again.length === 0) return null;
  const parameters = uslParameters(terms);
  const drawn = again.map(uslParameters);
  return {
    gamma: intervalOf(
      parameters.gamma,
      drawn.map(({ gamma }) => gamma),
    ),
    sigma: intervalOf(
      parameters.sigma,
      drawn.map(({ sigma }) => sigma),
    ),
    kappa: intervalOf(
      parameters.kappa,
      drawn.map(({ kappa }) => kappa),
    ),
    peak: findPeak(terms, again, rangeOf(levels)),
    at: (clients) =>
      intervalOf(
        uslRate(terms, clients),
        again.map((each) => uslRate(each, clients)),
      ),
    ...measureGoodness(ratesHz, fittedHz),
  };
}

function fitReweighted(inFlight: Float64Array, ratesHz: Float64Array): UslTerms | null {
  let terms = fitUslTerms({ inFlight, ratesHz, weights: new Float64Array(ratesHz.length).fill(1) });
  for (let time = 0; time < REWEIGHTED && terms !== null; time += 1) {
    const current = terms;
    const weights = weightsOf([...inFlight].map((clients) => uslRate(current, clients)));
    terms = fitUslTerms({ inFlight, ratesHz, weights }, current);
  }
  return terms;
}

function weightsOf(fittedHz: readonly number[]): Float64Array {
  return Float64Array.from(fittedHz, (fitted) => 1 / fitted);
}

/** Only where levels were measured on both sides of it, and where its interval ends. */
function findPeak(
  terms: UslTerms,
  again: readonly UslTerms[],
  { from, to }: { from: number; to: number },
): UslFit['peak'] {
  const value = uslPeak(uslParameters(terms));
  if (!(value >= from && value <= to)) return null;
  const peaks = again.map((each) => uslPeak(uslParameters(each)));
  const inFlight = intervalOf(value, peaks);
  if (!Number.isFinite(inFlight.high)) return null;
  // Where a resample never falls it is highest at the end of what was measured.
  const highest = again.map((each, index) => uslRate(each, Math.min(to, Math.max(from, peaks[index] as number))));
  return { inFlight, hz: intervalOf(uslRate(terms, value), highest) };
}
