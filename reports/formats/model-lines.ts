/** The models of a series in words: what was fitted, with its interval, and what the data did not support. */

import { formatEstimate } from '../format-estimate.ts';
import { formatNumber, formatQuantity } from '../format-number.ts';
import type { SeriesModel } from '../models/series-model.ts';

/** A sentence a model; intervals are of 95 %. Plain text. */
export function describeModels(model: SeriesModel): string[] {
  const { slope, plateau, usl, knee, withheld } = model;
  return [
    ...(slope === null ? [] : [describeSlope(slope)]),
    ...(plateau === null ? [] : [describePlateau(plateau)]),
    ...(knee === null ? [] : [`Knee at ${formatEstimate(knee, 'clients in flight')} (R2 ${goodness(knee.r2)}).`]),
    ...(usl === null ? [] : [describeUsl(usl)]),
    ...describeLimit(model),
    ...withheld.map(({ why }) => why),
  ];
}

function describeSlope({ hzPerClient, interceptHz, from, to, r2 }: NonNullable<SeriesModel['slope']>): string {
  const where = `from ${formatNumber(from)} to ${formatNumber(to)} clients in flight`;
  return `Slope: ${formatEstimate(hzPerClient, 'Hz per client')}, intercept ${formatEstimate(interceptHz, 'Hz')}, ${where} (R2 ${goodness(r2)}).`;
}

function describePlateau({ hz, from, to, levels, test, p }: NonNullable<SeriesModel['plateau']>): string {
  const where = `${formatQuantity(levels, 'level')} from ${formatNumber(from)} to ${formatNumber(to)} clients in flight`;
  return `Plateau: ${formatEstimate(hz, 'Hz')} over ${where} (${test}${p === null ? '' : `, p = ${formatNumber(p)}`}).`;
}

function describeUsl({ gamma, sigma, kappa, peak, r2 }: NonNullable<SeriesModel['usl']>): string {
  const parameters = `${formatEstimate(gamma, 'Hz')} for one client, contention ${formatEstimate(sigma)}, coherency ${formatEstimate(kappa)}`;
  const highest =
    peak === null
      ? ''
      : `, highest at ${formatEstimate(peak.inFlight, 'clients in flight')} with ${formatEstimate(peak.hz, 'Hz')}`;
  return `Universal Scalability Law: ${parameters}${highest} (R2 ${goodness(r2)}).`;
}

function describeLimit({ limit: { lastGood, firstBad } }: SeriesModel): string[] {
  if (firstBad === null) return [];
  const first = formatNumber(firstBad);
  return [
    lastGood === null ? `Limit below level ${first}.` : `Limit between levels ${formatNumber(lastGood)} and ${first}.`,
  ];
}

/** Rounded down: 1.000 would claim more than any measurement has. */
function goodness(r2: number): string {
  return (Math.floor(r2 * 1000) / 1000).toFixed(3);
}
