/** Whether a curve has three parts: it grows with its clients, bends, and is flat from there. */

import { describeSlope } from './finding-line.ts';
import { formatNumber } from './format-number.ts';
import type { TypicalRun } from './series.ts';

/** Within this of each other, rates are the same, and so are rates per client. */
const SAME_WITHIN = 0.1;
/** So many levels make a part. */
const LEAST_LEVELS = 2;

/** One sentence; null when one of the two straight parts is missing. @param runs in the order of their levels */
export function describeKnee(runs: readonly TypicalRun[]): string | null {
  const perClient = runs.map(({ ratePerS, inFlight }) => ratePerS / inFlight);
  const highestPerS = Math.max(...runs.map(({ ratePerS }) => ratePerS));
  const bends = perClient.findIndex((each) => each < (1 - SAME_WITHIN) * (perClient[0] as number));
  const isFlat = ({ ratePerS }: TypicalRun): boolean => ratePerS >= (1 - SAME_WITHIN) * highestPerS;
  const flatFrom = runs.findLastIndex((run) => !isFlat(run)) + 1;
  const [lastGrowing, firstFlat] = [runs[bends - 1], runs[flatFrom]];
  if (bends < LEAST_LEVELS || runs.length - flatFrom < LEAST_LEVELS) return null;
  if (lastGrowing === undefined || firstFlat === undefined) return null;
  const flat = runs.slice(flatFrom).map(({ ratePerS }) => ratePerS);
  const slope = lastGrowing.ratePerS / lastGrowing.inFlight;
  return (
    `Grows with its clients to ${formatNumber(lastGrowing.inFlight)} in flight, ${describeSlope(slope)}; ` +
    `flat at ${describeRange(flat)} Hz from ${formatNumber(firstFlat.inFlight)} on.`
  );
}

function describeRange(ratesPerS: readonly number[]): string {
  const [lowest, highest] = [Math.min(...ratesPerS), Math.max(...ratesPerS)].map(formatNumber);
  return lowest === highest ? String(lowest) : `${lowest} to ${highest}`;
}
