/**
 * What a curve is, by the first rule that holds (docs/models.md has the table). The rules look at measured rates, the line through them
 * and the noise between runs; the other fits explain a verdict and do not make it.
 */

import { formatShare } from '../../foundation/quantity.ts';
import { formatNumber, formatQuantity } from '../format-number.ts';
import { type CurveLevel, peakOf } from './curve-levels.ts';
import type { LineFit } from './line-fit.ts';
import { findFlatEnd } from './plateau.ts';
import { PROBABILITY, compareRates } from './same-rates.ts';
import type { SeriesModel } from './series-model.ts';

export const LEAST_LINE_LEVELS = 5;
const LEAST_R2 = 0.99;
/** The line may miss the origin by this share of the highest rate. */
const MOST_INTERCEPT = 0.05;
/** Less than this share of the highest rate is a collapse. */
const COLLAPSED = 0.5;

export type Decision = {
  verdict: SeriesModel['verdict'];
  /** Number and name of the rule, with the figures that it looked at. */
  rule: string;
  /** The levels that have the same rate: all of a flat curve, the end of one that levels off. */
  flatEnd: readonly CurveLevel[];
};

export type Shape = {
  /** In their order. */
  levels: readonly CurveLevel[];
  /** Over the levels that the line is asked of: up to the last one that no run failed at. */
  line: { fit: LineFit | null; levels: readonly CurveLevel[] };
};

export function decideVerdict({ levels, line }: Shape): Decision {
  const [peak, last] = [peakOf(levels), levels.at(-1)];
  if (peak === null || last === undefined) return decide('none', '1 (none): no level has a run that is ok');
  if (levels.length === 1) return decide('one-level', '2 (one level): one level has a run that is ok');
  if (peak.ratePerS === 0) return decide('none', '1 (none): no operation succeeded');
  const lineFigures = describeLine(line);
  if (line.fit !== null && isLinear(line.levels, line.fit)) return decide('linear', `3 (linear): ${lineFigures}`);
  return decideBend({ levels, peak, last });
}

function decideBend({
  levels,
  peak,
  last,
}: {
  levels: readonly CurveLevel[];
  peak: CurveLevel;
  last: CurveLevel;
}): Decision {
  const flatEnd = findFlatEnd(levels);
  const flatFigures = flatEnd.length === 0 ? '' : describeFlat(flatEnd);
  if (flatEnd.length === levels.length)
    return decide('flat', `4 (flat): all levels have the same rate: ${flatFigures}`, flatEnd);
  // The highest of several is high by chance too: Bonferroni's bound over the levels that it was picked out of.
  const fall = compareRates([peak, last], PROBABILITY / (levels.length - 1));
  const share = last.ratePerS / peak.ratePerS;
  const fell = `the rate at the last level is ${formatShare(share)} of the highest (${fall.test}${withProbability(fall.p)})`;
  if (flatEnd.length > 0 && (fall.isSame || flatEnd.includes(peak))) {
    const number = `the last ${formatQuantity(flatEnd.length, 'level')} of ${levels.length} have the same rate`;
    return decide('plateau', `5 (plateau): ${number}: ${flatFigures}`, flatEnd);
  }
  if (share < COLLAPSED) return decide('collapse', `6 (collapse): ${fell}, less than ${formatShare(COLLAPSED)}`);
  if (!fall.isSame) return decide('retrograde', `7 (retrograde): ${fell}`);
  if (peak === last)
    return decide('rising', '8 (rising): the last level has the highest rate, and no end of the curve is flat');
  return decide('none', `9 (none): ${fell}, and no end of the curve is flat`);
}

function decide(verdict: Decision['verdict'], rule: string, flatEnd: readonly CurveLevel[] = []): Decision {
  return { verdict, rule: `Rule ${rule}.`, flatEnd };
}

/** Whether these levels lie on a line through (nearly) the origin, their number aside. */
export function liesOnLine(levels: readonly CurveLevel[], { hzPerClient, interceptHz, r2 }: LineFit): boolean {
  const highest = Math.max(...levels.map(({ ratePerS }) => ratePerS));
  return hzPerClient.value > 0 && r2 > LEAST_R2 && Math.abs(interceptHz.value) <= MOST_INTERCEPT * highest;
}

function isLinear(levels: readonly CurveLevel[], fit: LineFit): boolean {
  return levels.length >= LEAST_LINE_LEVELS && liesOnLine(levels, fit);
}

function describeLine({ fit, levels }: Shape['line']): string {
  if (fit === null) return '';
  const highest = Math.max(...levels.map(({ ratePerS }) => ratePerS));
  const intercept = `intercept ${formatShare(Math.abs(fit.interceptHz.value) / highest)} of the highest rate (at most ${formatShare(MOST_INTERCEPT)})`;
  return `R2 ${floorR2(fit.r2)} (above ${LEAST_R2}) over ${formatQuantity(levels.length, 'level')} (at least ${LEAST_LINE_LEVELS}), ${intercept}`;
}

function describeFlat(levels: readonly CurveLevel[]): string {
  const { test, p } = compareRates(levels);
  return `${test}${withProbability(p)}`;
}

function withProbability(p: number | null): string {
  if (p === null) return '';
  return p < 0.0001 ? ', p below 0.0001' : `, p = ${formatNumber(p)}`;
}

/** Rounded down: 1.000 would claim more than any measurement has. */
export function floorR2(r2: number): string {
  return (Math.floor(r2 * 1000) / 1000).toFixed(3);
}
