/** The verdict of a series as a sentence, with its numbers. */

import { formatShare } from '../../foundation/quantity.ts';
import { formatEstimate } from '../format-estimate.ts';
import { formatCount, formatNumber, formatQuantity } from '../format-number.ts';
import { type CurveLevel, peakOf, rangeOf } from './curve-levels.ts';
import { LEAST_LINE_LEVELS, floorR2, liesOnLine } from './decide-verdict.ts';
import type { LineFit } from './line-fit.ts';
import { SAME_WITHIN } from './same-rates.ts';
import type { Estimate, SeriesModel } from './series-model.ts';

type Said = Pick<SeriesModel, 'verdict' | 'slope' | 'plateau' | 'usl' | 'knee' | 'drawn'>;
type Measured = {
  levels: readonly CurveLevel[];
  /** Of the series, measured or not. */
  planned: number;
  line: LineFit | null;
  /** The first levels, which grow with their clients. */
  growth: readonly CurveLevel[];
  flatEnd: readonly CurveLevel[];
};

export function sayVerdict(model: Said, { levels, planned, line, growth, flatEnd }: Measured): string {
  const [peak, last] = [peakOf(levels), levels.at(-1)];
  if (peak === null || last === undefined)
    return `No verdict: none of ${formatQuantity(planned, 'level')} has a run that is ok.`;
  switch (model.verdict) {
    case 'one-level':
      return `One level only: ${describePoint(last)}.`;
    case 'linear':
      return sayLinear(model);
    case 'flat':
      return `Flat: ${sayFlatRate(model, flatEnd)} ${describeRange(flatEnd)}.`;
    case 'plateau':
      return sayPlateau(model, growth, flatEnd);
    case 'collapse':
    case 'retrograde':
      return `${model.verdict === 'collapse' ? 'Collapses: highest' : 'Highest'} rate ${sayFall(model, peak, last)}`;
    case 'rising':
      return `Still rising at the highest level: ${describePoint(last)}${hintAtLine(levels, line)}.`;
    case 'none':
      return sayNone(peak, levels);
    default:
      return model.verdict satisfies never;
  }
}

function sayLinear({ slope }: Said): string {
  if (slope === null) return '';
  const range = `from ${formatNumber(slope.from)} to ${formatNumber(slope.to)} clients in flight`;
  return `Linear: ${saySlope(slope.hzPerClient)}, ${range} (R2 ${floorR2(slope.r2)}).`;
}

/** As the paper says it where a client adds less than 1 Hz. */
export function saySlope(hzPerClient: Estimate): string {
  const { value, low, high } = hzPerClient;
  if (value >= 1) return `${formatEstimate(hzPerClient, 'Hz')} for every client`;
  if (low <= 0) return `1 Hz for every ${formatNumber(1 / value)} clients`;
  return `1 Hz for every ${formatEstimate({ value: 1 / value, low: 1 / high, high: 1 / low }, 'clients')}`;
}

/** In three parts, growth, bend and plateau, where the growth is straight. */
function sayPlateau(model: Said, growth: readonly CurveLevel[], flatEnd: readonly CurveLevel[]): string {
  const rate = sayFlatRate(model, flatEnd);
  const flat = `flat at ${rate} from ${formatNumber(rangeOf(flatEnd).from)} on`;
  if (model.knee !== null) {
    const knee = formatEstimate(model.knee, 'clients in flight');
    return `Grows with its clients, ${saySlope(model.knee.hzPerClient)}, to the knee at ${knee}; ${flat}.`;
  }
  const last = growth.at(-1);
  if (growth.length < 2 || last === undefined) return `Levels off: ${rate} ${describeRange(flatEnd)}.`;
  const slope = last.ratePerS / last.inFlight;
  const each = saySlope({ value: slope, low: slope, high: slope });
  return `Grows with its clients to ${formatNumber(last.inFlight)} in flight, ${each}; ${flat}.`;
}

/** The estimate where its interval is narrower than what is called the same, else what was measured. */
function sayFlatRate({ plateau }: Said, flatEnd: readonly CurveLevel[]): string {
  if (plateau !== null && plateau.hz.high - plateau.hz.low <= SAME_WITHIN * plateau.hz.value)
    return formatEstimate(plateau.hz, 'Hz');
  const rates = flatEnd.map(({ ratePerS }) => ratePerS);
  const [lowest, highest] = [Math.min(...rates), Math.max(...rates)].map(formatNumber);
  return lowest === highest ? `${lowest} Hz` : `${lowest} to ${highest} Hz`;
}

function sayFall({ usl, drawn }: Said, peak: CurveLevel, last: CurveLevel): string {
  const loss = formatShare(1 - last.ratePerS / peak.ratePerS);
  const atLast = `${formatNumber(last.ratePerS)} Hz at the highest level, ${formatNumber(last.inFlight)} in flight`;
  const fall = `${describePoint(peak)}; falls by ${loss} to ${atLast}.`;
  if (drawn?.model !== 'usl' || usl === null || usl.peak === null) return fall;
  return `${fall} The fitted curve is highest at ${formatEstimate(usl.peak.inFlight, 'clients')}.`;
}

/** Of a curve that would be called linear if it had more levels. */
function hintAtLine(levels: readonly CurveLevel[], line: LineFit | null): string {
  if (line === null || levels.length >= LEAST_LINE_LEVELS || !liesOnLine(levels, line)) return '';
  return ` (${levels.length} of the ${LEAST_LINE_LEVELS} levels that a line needs)`;
}

function sayNone(peak: CurveLevel, levels: readonly CurveLevel[]): string {
  if (peak.ratePerS === 0) return `No verdict: no operation succeeded at ${formatQuantity(levels.length, 'level')}.`;
  const number = `${formatCount(levels.length)} levels`;
  return `No verdict: ${number} do not tell growth from a plateau; highest rate ${describePoint(peak)}.`;
}

function describePoint({ inFlight, ratePerS }: CurveLevel): string {
  return `${formatNumber(ratePerS)} Hz at ${formatNumber(inFlight)} clients in flight`;
}

function describeRange(levels: readonly CurveLevel[]): string {
  const { from, to } = rangeOf(levels);
  return `from ${formatNumber(from)} to ${formatNumber(to)} clients in flight`;
}
