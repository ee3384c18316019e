/**
 * The straight line of a curve's growth: least squares, weighted by 1 / clients in flight since counts vary as their mean does, with
 * intervals that hold when they vary otherwise.
 */

import { criticalT } from '../statistics/student-t.ts';
import type { CurveLevel } from './curve-levels.ts';
import { type Goodness, measureGoodness } from './goodness.ts';
import type { Estimate } from './series-model.ts';

const TAILS = 0.05;
/** With two points there is nothing left to judge the line by. */
const LEAST_POINTS = 3;

export type LineFit = Goodness & {
  hzPerClient: Estimate;
  interceptHz: Estimate;
  /** Height of the line in Hz with the 95 % interval of the mean. */
  at: (inFlight: number) => Estimate;
};

/** Null with fewer than three levels, or when all felt the same load. */
export function fitLine(levels: readonly CurveLevel[]): LineFit | null {
  if (levels.length < LEAST_POINTS) return null;
  const design = createDesign(levels);
  if (design === null) return null;
  const { middle, spread, influences } = design;
  const estimate = (constant: number, slope: number): Estimate => {
    // Estimate = sum of shares x rates: what a level's rate adds to constant x height in the middle + slope x slope.
    const shares = influences.map(
      ({ centred, weight }) => weight * (constant / design.weights + (slope * centred) / spread),
    );
    const value = sum(shares.map((share, index) => share * (levels[index] as CurveLevel).ratePerS));
    return { value, ...design.interval(value, shares) };
  };
  const at = (inFlight: number): Estimate => estimate(1, inFlight - middle);
  return {
    hzPerClient: estimate(0, 1),
    interceptHz: at(0),
    at,
    ...measureGoodness(
      levels.map(({ ratePerS }) => ratePerS),
      design.fitted,
    ),
  };
}

type Influence = { centred: number; weight: number };

type Design = {
  middle: number;
  spread: number;
  weights: number;
  influences: Influence[];
  fitted: number[];
  interval: (value: number, shares: readonly number[]) => { low: number; high: number };
};

function createDesign(levels: readonly CurveLevel[]): Design | null {
  const weighted = levels.map(({ inFlight, ratePerS }) => ({ inFlight, ratePerS, weight: 1 / inFlight }));
  const weights = sum(weighted.map(({ weight }) => weight));
  const middle = sum(weighted.map(({ inFlight, weight }) => weight * inFlight)) / weights;
  const height = sum(weighted.map(({ ratePerS, weight }) => weight * ratePerS)) / weights;
  const influences = weighted.map(({ inFlight, weight }) => ({ centred: inFlight - middle, weight }));
  const spread = sum(influences.map(({ centred, weight }) => weight * centred ** 2));
  // Relative to the middle: rounding alone leaves this much.
  if (!(spread > 1e-12 * weights * middle ** 2)) return null;
  const slope =
    sum(weighted.map(({ ratePerS, weight }, i) => weight * (influences[i] as Influence).centred * ratePerS)) / spread;
  const fitted = influences.map(({ centred }) => height + slope * centred);
  const hat = (a: Influence, b: Influence): number =>
    Math.sqrt(a.weight * b.weight) * (1 / weights + (a.centred * b.centred) / spread);
  const residuals = weighted.map(({ ratePerS }, index) => ratePerS - (fitted[index] as number));
  const freedoms = influences.map((each) => 1 - hat(each, each));
  const interval = (value: number, shares: readonly number[]): { low: number; high: number } => {
    const { variance, degrees } = robustVariance({ shares, residuals, freedoms, influences, hat });
    const half = variance > 0 ? criticalT(TAILS, degrees) * Math.sqrt(variance) : 0;
    return { low: value - half, high: value + half };
  };
  return { middle, spread, weights, influences, fitted, interval };
}

type RobustInput = {
  shares: readonly number[];
  residuals: readonly number[];
  /** 1 - leverage of each level. */
  freedoms: readonly number[];
  influences: readonly Influence[];
  hat: (a: Influence, b: Influence) => number;
};

/**
 * HC2: sum of (share x residual)² / (1 - leverage), whatever the variance of each level, with the degrees of freedom of R. M. Bell and
 * D. F. McCaffrey, Survey Methodology 28 (2002) 169-181, as G. W. Imbens and M. Kolesár give them for single observations, Review of
 * Economics and Statistics 98 (2016) 701-712: (trace)² / trace of the square of the matrix that makes the variance of the errors.
 */
function robustVariance({ shares, residuals, freedoms, influences, hat }: RobustInput): {
  variance: number;
  degrees: number;
} {
  const terms = shares.map((share, index) => share ** 2 / (freedoms[index] as number));
  const variance = sum(terms.map((term, index) => term * (residuals[index] as number) ** 2));
  // In units of the weights: an error of variance 1 / weight counts as one.
  const scaled = terms.map((term, index) => term / (influences[index] as Influence).weight);
  const trace = sum(scaled.map((term, index) => term * (freedoms[index] as number)));
  let square = 0;
  for (const [i, a] of influences.entries()) {
    for (const [j, b] of influences.entries()) {
      const left = (i === j ? 1 : 0) - hat(a, b);
      square += (scaled[i] as number) * (scaled[j] as number) * left * left;
    }
  }
  return { variance, degrees: Math.max(1, trace ** 2 / square) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
