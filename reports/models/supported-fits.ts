/** Which fits the levels support, which of them is drawn, and why the others are withheld. */

import { type CurveLevel, countLoads, rangeOf } from './curve-levels.ts';
import type { Decision } from './decide-verdict.ts';
import { type DrawnFit, drawFit } from './draw-fit.ts';
import { judgeNumber, judgeResiduals, scatterOf } from './goodness.ts';
import type { Growth } from './growth.ts';
import { KNEE_PARAMETERS, type KneeFit, fitKnee } from './knee-fit.ts';
import { measurePlateau } from './plateau.ts';
import type { SeriesModel } from './series-model.ts';
import { USL_PARAMETERS, type UslFit, fitUsl } from './usl-model.ts';

type Withheld = SeriesModel['withheld'];
type Model = Withheld[number]['model'];

type Bend<Fit, Described> = Fit & {
  model: Described;
  /** Null: its residuals speak against it. */
  scatter: number | null;
};

export type Bends = {
  usl: Bend<UslFit, NonNullable<SeriesModel['usl']>> | null;
  knee: Bend<KneeFit, NonNullable<SeriesModel['knee']>> | null;
  withheld: Withheld;
};

const LINE_PARAMETERS = 2;
const NAMES: Record<Model, string> = {
  slope: 'The line',
  plateau: 'The plateau',
  usl: 'The Universal Scalability Law',
  knee: 'The knee',
};

/** The law of every curve with enough levels, the knee of one that levels off; a knee whose residuals speak against it is none. */
export function fitBends(levels: readonly CurveLevel[], verdict: Decision['verdict']): Bends {
  const withheld: Withheld = [];
  const usl = fitUslOf(levels, withheld);
  const knee = verdict === 'plateau' ? fitKneeOf(levels, withheld) : null;
  return { usl, knee, withheld };
}

function fitUslOf(levels: readonly CurveLevel[], withheld: Withheld): Bends['usl'] {
  const few = judgeNumber(countLoads(levels), USL_PARAMETERS);
  const fit = few === null ? fitUsl(levels) : null;
  if (fit === null) {
    withheld.push(withhold('usl', few ?? 'no such curve comes near these rates'));
    return null;
  }
  const why = judge(levels, fit.residualsHz, USL_PARAMETERS);
  if (why !== null) withheld.push(withhold('usl', why));
  const { gamma, sigma, kappa, peak, r2, residualsHz } = fit;
  const scatter = why === null ? scatterOf(residualsHz, ratesOf(levels), USL_PARAMETERS) : null;
  return { ...fit, model: { gamma, sigma, kappa, peak, r2, residualsHz }, scatter };
}

function fitKneeOf(levels: readonly CurveLevel[], withheld: Withheld): Bends['knee'] {
  const few = judgeNumber(countLoads(levels), KNEE_PARAMETERS);
  const fit = few === null ? fitKnee(levels) : null;
  const why =
    fit === null
      ? (few ?? 'no bend with two levels on each side and an interval that ends between them')
      : judge(levels, fit.residualsHz, KNEE_PARAMETERS);
  if (fit === null || why !== null) {
    withheld.push(withhold('knee', why ?? ''));
    return null;
  }
  const { inFlight, hzPerClient, hz, r2, residualsHz } = fit;
  const scatter = scatterOf(residualsHz, ratesOf(levels), KNEE_PARAMETERS);
  return { ...fit, model: { ...inFlight, hzPerClient, hz, r2, residualsHz }, scatter };
}

type Choice = {
  levels: readonly CurveLevel[];
  verdict: Decision['verdict'];
  growth: Growth;
  flatEnd: readonly CurveLevel[];
  bends: Bends;
};

/** The fit that the verdict speaks of: line, plateau or, of a bent curve, the one of knee and law with the smaller residuals. */
export function chooseDrawn(choice: Choice): Pick<SeriesModel, 'drawn' | 'withheld'> {
  const { levels, verdict, growth, flatEnd, bends } = choice;
  if (verdict === 'linear' && growth.fit !== null) {
    const why =
      judgeNumber(countLoads(growth.levels), LINE_PARAMETERS) ??
      judge(growth.levels, growth.fit.residualsHz, LINE_PARAMETERS);
    return drawIf(why, { model: 'slope', at: growth.fit.at, ...rangeOf(growth.levels) });
  }
  if (verdict === 'flat') {
    const { hz, from, to } = measurePlateau(flatEnd);
    return drawIf(judgeNumber(countLoads(flatEnd), 1), { model: 'plateau', at: () => hz, from, to });
  }
  if (verdict === 'one-level' || verdict === 'none') return { drawn: null, withheld: [] };
  const fit = chooseBend(bends);
  if (fit === null) return { drawn: null, withheld: [] };
  return { drawn: drawFit({ ...fit, ...rangeOf(levels) }), withheld: [] };
}

function chooseBend({ usl, knee }: Bends): Pick<DrawnFit, 'model' | 'at' | 'corners'> | null {
  const scatters = [usl, knee].map((bend) => bend?.scatter ?? Infinity) as [number, number];
  if (knee !== null && scatters[1] <= scatters[0])
    return { model: 'knee', at: knee.at, corners: [knee.inFlight.value] };
  return usl === null || usl.scatter === null ? null : { model: 'usl', at: usl.at };
}

function drawIf(why: string | null, fit: DrawnFit): Pick<SeriesModel, 'drawn' | 'withheld'> {
  if (why === null) return { drawn: drawFit(fit), withheld: [] };
  return { drawn: null, withheld: [withhold(fit.model, why)] };
}

function withhold(model: Model, why: string): Withheld[number] {
  return { model, why: `${NAMES[model]} is not drawn: ${why}.` };
}

/** In the order of the load, whatever the order of the levels. */
function judge(levels: readonly CurveLevel[], residualsHz: readonly number[], parameters: number): string | null {
  const order = [...levels.keys()].toSorted(
    (a, b) => (levels[a] as CurveLevel).inFlight - (levels[b] as CurveLevel).inFlight,
  );
  const residuals = order.map((index) => residualsHz[index] as number);
  return judgeResiduals(residuals, ratesOf(levels), parameters);
}

function ratesOf(levels: readonly CurveLevel[]): number[] {
  return levels.map(({ ratePerS }) => ratePerS);
}
