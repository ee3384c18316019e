/** Whether levels have the same rate: a test over their runs where every level has several, else how far they spread. */

import { mean } from 'simple-statistics';
import { formatShare } from '../../foundation/quantity.ts';
import { formatQuantity } from '../format-number.ts';
import { tailOfF } from '../statistics/fisher-f.ts';
import type { CurveLevel } from './curve-levels.ts';

/** Rates that spread by more are different whatever the noise. */
export const SAME_WITHIN = 0.1;
/** Rates that spread by less are the same for all that anyone would do about it, however small the noise. */
export const ALIKE_WITHIN = 0.02;
export const PROBABILITY = 0.05;

export type SameRates = {
  isSame: boolean;
  /** What was asked, and what was found beside `p`. */
  test: string;
  /** Of such a spread by chance; null with a level of one run, where no noise is known. */
  p: number | null;
  /** Whether the runs of all levels can be taken as one sample. */
  isOneSample: boolean;
};

/**
 * @param levels at least one
 * @param probability below which chance is no explanation; smaller where the levels were picked out of several
 */
export function compareRates(levels: readonly CurveLevel[], probability: number = PROBABILITY): SameRates {
  const rates = levels.map(({ ratePerS }) => ratePerS);
  const highest = Math.max(...rates);
  const spread = highest > 0 ? 1 - Math.min(...rates) / highest : 0;
  if (levels.some(({ runsPerS }) => runsPerS.length < 2)) {
    const test = `spread of ${formatShare(spread)}, at most ${formatShare(SAME_WITHIN)}; a level has one run, so no test`;
    return { isSame: spread <= SAME_WITHIN, test, p: null, isOneSample: false };
  }
  const runs = levels.reduce((sum, { runsPerS }) => sum + runsPerS.length, 0);
  const test = `one-way analysis of variance of ${formatQuantity(runs, 'run')} at ${formatQuantity(levels.length, 'level')}, spread of ${formatShare(spread)}`;
  const p = varianceProbability(levels.map(({ runsPerS }) => runsPerS));
  const isOneSample = p >= probability;
  return { isSame: spread <= (isOneSample ? SAME_WITHIN : ALIKE_WITHIN), test, p, isOneSample };
}

/**
 * One-way analysis of variance (R. A. Fisher, Statistical Methods for Research Workers, 1925): F = (squares between the groups / (groups -
 * 1)) / (squares within them / (values - groups)).
 */
function varianceProbability(groups: readonly (readonly number[])[]): number {
  const values = groups.flat();
  if (groups.length < 2) return 1;
  const centre = mean(values);
  const centres = groups.map((group) => mean([...group]));
  const between = groups.reduce((sum, group, i) => sum + group.length * ((centres[i] as number) - centre) ** 2, 0);
  const within = groups.reduce((sum, group, i) => sum + squaresAround(centres[i] as number, group), 0);
  if (between === 0) return 1;
  const [above, below] = [groups.length - 1, values.length - groups.length];
  return tailOfF(between / above / (within / below), above, below);
}

function squaresAround(centre: number, values: readonly number[]): number {
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
}
