/** Whether 95 % intervals contain what the data were made of in 90 to 98 % of 200 simulations; the seed is fixed, so is the outcome. */

import test from 'ava';
import { type CurveLevel, curveLevelsOf } from '../../../reports/models/curve-levels.ts';
import { type LineFit, fitLine } from '../../../reports/models/line-fit.ts';
import { modelCampaign } from '../../../reports/models/model-series.ts';
import type { SeriesModel } from '../../../reports/models/series-model.ts';
import { type UslFit, fitUsl } from '../../../reports/models/usl-model.ts';
import { groupSeries } from '../../../reports/series.ts';
import type { CellSummary } from '../../../reports/summary.ts';
import {
  type NoiseKind,
  type SimulatedCurve,
  type Truth,
  countCoverage,
  lawOf,
} from '../../support/simulated-curve.ts';

const TRIALS = 200;
/** Standard deviation of a run at the mean rate. */
const SHARE = 0.03;

type Case<Fit> = Omit<SimulatedCurve, 'share'> & {
  fit: (cells: CellSummary[]) => Fit;
  truths: Readonly<Record<string, Truth<Fit>>>;
};

function contains<Fit>(name: string, { truths, fit, ...curve }: Case<Fit>): void {
  const { levels, runs, noise } = curve;
  test(`${name}: ${levels.length} levels, ${runs} runs each, noise ${noise}`, (t) => {
    const counts = countCoverage({ ...curve, share: SHARE }, truths, { trials: TRIALS, fit });
    for (const [figure, { given, share }] of Object.entries(counts)) {
      t.true(given >= 0.85 * TRIALS, `${figure} is given in ${given} of ${TRIALS} simulations`);
      t.true(share >= 0.9 && share <= 0.98, `${figure}: ${share} of ${given} intervals contain the truth`);
    }
  });
}

const EVEN = [10, 20, 30, 40, 50, 60, 70, 80];
const DOUBLING = [1, 2, 4, 8, 16, 32, 64];
const AROUND_KNEE = [4, 8, 12, 16, 24, 32, 48, 64, 80, 96];

const HZ_PER_CLIENT = 1 / 40;

/** Line and law alone: a whole model has both, and takes its time. */
function line(levels: readonly number[], noise: NoiseKind): Case<LineFit | null> {
  return {
    levels,
    noise,
    runs: 1,
    rateAt: (clients) => HZ_PER_CLIENT * clients,
    fit: (cells) => fitLine(levelsOf(cells)),
    truths: {
      slope: { of: (fit) => fit?.hzPerClient, is: HZ_PER_CLIENT },
      'height in the middle': { of: (fit) => fit?.at(30), is: 30 * HZ_PER_CLIENT },
    },
  };
}

function levelsOf(cells: CellSummary[]): CurveLevel[] {
  return curveLevelsOf(groupSeries(cells)[0]?.levels ?? []);
}

function modelOf(cells: CellSummary[]): SeriesModel {
  return modelCampaign(cells)[0] as SeriesModel;
}

contains('a line’s slope', line([250, 500, 750, 1000, 1250, 1500, 1750, 2000], 'counts'));
contains('a line’s slope', line(DOUBLING, 'share'));

const KNEE = { hzPerClient: 3, inFlight: 22 };

function knee(runs: number, noise: NoiseKind): Case<SeriesModel> {
  const { hzPerClient, inFlight } = KNEE;
  return {
    levels: AROUND_KNEE,
    runs,
    noise,
    fit: modelOf,
    rateAt: (clients) => hzPerClient * Math.min(clients, inFlight),
    truths: {
      plateau: { of: (model) => model.plateau?.hz, is: hzPerClient * inFlight },
      knee: { of: (model) => model.knee, is: inFlight },
      growth: { of: (model) => model.knee?.hzPerClient, is: hzPerClient },
    },
  };
}

contains('plateau, knee and the growth before it', knee(1, 'counts'));
contains('plateau, knee and the growth before it', knee(3, 'counts'));

function law(levels: readonly number[], noise: NoiseKind): Case<UslFit | null> {
  const [gamma, sigma, kappa] = [10, 0.02, 0.0005];
  const peak = Math.sqrt((1 - sigma) / kappa);
  const rateAt = lawOf(gamma, sigma, kappa);
  return {
    levels,
    noise,
    runs: 1,
    fit: (cells) => fitUsl(levelsOf(cells)),
    rateAt,
    truths: {
      gamma: { of: (usl) => usl?.gamma, is: gamma },
      sigma: { of: (usl) => usl?.sigma, is: sigma },
      kappa: { of: (usl) => usl?.kappa, is: kappa },
      'clients at the peak': { of: (usl) => usl?.peak?.inFlight, is: peak },
      'rate at the peak': { of: (usl) => usl?.peak?.hz, is: rateAt(peak) },
    },
  };
}

contains('the law and its peak', law(EVEN, 'counts'));
contains('the law and its peak', law(EVEN, 'share'));
