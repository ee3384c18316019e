/** What a chart draws around the curves: the fitted models, ideal growth, the limit of each series, knees. */

import { formatEstimate } from '../format-estimate.ts';
import { formatNumber } from '../format-number.ts';
import type { ChartData, Curve } from './chart-data.ts';

export type FitPoint = { series: number; inFlight: number; hz: number; low: number; high: number };
export type IdealPoint = { series: number; inFlight: number; hz: number };
/** Between the last good level and the first bad one; null: the lowest level is bad. */
export type Limit = { from: number | null; to: number; series: number[] };
export type Knee = { series: number; inFlight: number; low: number; high: number };

/** Of more series than this ideal growth is a thicket. */
const IDEALS_AT_MOST = 4;
const IDEAL_POINTS = 24;

/** Only what a model says may be drawn. */
export function listFits({ curves }: ChartData): FitPoint[] {
  return curves.flatMap(({ model }, series) =>
    (model?.drawn?.curve ?? []).map(({ inFlight, hz, low, high }) => ({
      series,
      inFlight,
      hz,
      low: Math.max(0, low),
      high,
    })),
  );
}

/** The rate of the lowest level times the clients, from that level to the highest; several points, as it is a curve on a log scale. */
export function listIdeals(data: ChartData): IdealPoint[] {
  if (data.curves.length > IDEALS_AT_MOST) return [];
  const highest = Math.max(...data.runs.map(({ inFlight }) => inFlight));
  return data.curves.flatMap(({ lowest }, series) => {
    if (lowest === null || lowest.inFlight >= highest) return [];
    const hzPerClient = lowest.hz / lowest.inFlight;
    return Array.from({ length: IDEAL_POINTS }, (_, index) => {
      const inFlight = lowest.inFlight * (highest / lowest.inFlight) ** (index / (IDEAL_POINTS - 1));
      return { series, inFlight, hz: hzPerClient * inFlight };
    });
  });
}

/** Each bracket once, with the series that have it. */
export function listLimits({ curves }: ChartData): Limit[] {
  const limits: Limit[] = [];
  for (const [series, { model }] of curves.entries()) {
    const { lastGood: from, firstBad: to } = model?.limit ?? { lastGood: null, firstBad: null };
    if (to === null) continue;
    const same = limits.find((limit) => limit.from === from && limit.to === to);
    if (same === undefined) limits.push({ from, to, series: [series] });
    else same.series.push(series);
  }
  return limits;
}

export function listKnees({ curves }: ChartData): Knee[] {
  return curves.flatMap(({ model }, series) => {
    if (model === null || model.knee === null) return [];
    const { value, low, high } = model.knee;
    return [{ series, inFlight: value, low, high }];
  });
}

/** 'limit between 2,000 and 2,500', with the series that have it when not all do. */
export function describeLimit(limit: Limit, curves: readonly Curve[]): string {
  const { from, to } = limit;
  const where =
    from === null ? `limit below ${formatNumber(to)}` : `limit between ${formatNumber(from)} and ${formatNumber(to)}`;
  return whoseLimit(limit, curves) + where;
}

/** The same for where there is little room: 'limit 2,000 – 2,500'. */
export function nameLimit(limit: Limit, curves: readonly Curve[]): string {
  const { from, to } = limit;
  const where = from === null ? `limit < ${formatNumber(to)}` : `limit ${formatNumber(from)} – ${formatNumber(to)}`;
  return whoseLimit(limit, curves) + where;
}

function whoseLimit({ series }: Limit, curves: readonly Curve[]): string {
  return series.length === curves.length ? '' : `${nameSome(series, curves)}: `;
}

export function nameKnee({ series, inFlight, low, high }: Knee, curves: readonly Curve[]): string {
  const where = `knee ${formatEstimate({ value: inFlight, low, high })}`;
  return curves.length === 1 ? where : `${(curves[series] as Curve).label}: ${where}`;
}

/** At most two by name. */
function nameSome(series: readonly number[], curves: readonly Curve[]): string {
  if (series.length > 2) return `${series.length} series`;
  return series.map((place) => (curves[place] as Curve).label).join(', ');
}
