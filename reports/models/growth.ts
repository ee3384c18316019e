/** The part of a curve that grows in proportion to its clients, and the line through it. */

import { formatQuantity } from '../format-number.ts';
import { type CurveLevel, rangeOf } from './curve-levels.ts';
import type { Decision } from './decide-verdict.ts';
import { type LineFit, fitLine } from './line-fit.ts';
import { SAME_WITHIN } from './same-rates.ts';
import type { SeriesModel } from './series-model.ts';

const LEAST_LEVELS = 3;

export type Growth = {
  levels: readonly CurveLevel[];
  fit: LineFit | null;
  slope: SeriesModel['slope'];
  withheld: SeriesModel['withheld'];
};

type Curve = {
  levels: readonly CurveLevel[];
  /** The line that the verdict was asked of, with its levels. */
  line: { fit: LineFit | null; levels: readonly CurveLevel[] };
  verdict: Decision['verdict'];
  /** Clients in flight; null: no knee was found. */
  knee: number | null;
};

/** All of a straight curve, the levels up to the bend of another; nothing of one that does not grow. */
export function fitGrowth({ levels, line, verdict, knee }: Curve): Growth {
  if (verdict === 'flat' || verdict === 'one-level' || verdict === 'none')
    return { levels: [], fit: null, slope: null, withheld: [] };
  if (verdict === 'linear') return { ...line, slope: describeSlope(line.levels, line.fit), withheld: [] };
  const growth = knee === null ? levels.slice(0, findBend(levels)) : levels.filter(({ inFlight }) => inFlight <= knee);
  const fit = growth.length < LEAST_LEVELS ? null : fitLine(growth);
  const why = `No line: ${formatQuantity(growth.length, 'level')} of ${levels.length} in proportion to the clients, ${LEAST_LEVELS} are needed.`;
  return {
    levels: growth,
    fit,
    slope: describeSlope(growth, fit),
    withheld: fit === null ? [{ model: 'slope', why }] : [],
  };
}

/** Index of the first level whose rate per client differs by more than a tenth from that of the first level. */
function findBend(levels: readonly CurveLevel[]): number {
  const perClient = levels.map(({ ratePerS, inFlight }) => ratePerS / inFlight);
  const bend = perClient.findIndex((each) => !(Math.abs(each / (perClient[0] as number) - 1) <= SAME_WITHIN));
  return bend === -1 ? levels.length : bend;
}

function describeSlope(levels: readonly CurveLevel[], fit: LineFit | null): SeriesModel['slope'] {
  if (fit === null) return null;
  const { hzPerClient, interceptHz, r2, residualsHz } = fit;
  return { hzPerClient, interceptHz, ...rangeOf(levels), r2, residualsHz };
}
