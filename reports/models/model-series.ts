/** The models of a campaign: one a series, in the order of the series. */

import { findLimit } from '../expectations/curve-measures.ts';
import { describeFailures } from '../finding.ts';
import { type Level, type Series, groupSeries } from '../series.ts';
import type { CellSummary } from '../summary.ts';
import { type CurveLevel, curveLevelsOf, peakOf } from './curve-levels.ts';
import { decideVerdict } from './decide-verdict.ts';
import { fitGrowth } from './growth.ts';
import { fitLine } from './line-fit.ts';
import { measurePlateau } from './plateau.ts';
import { sayVerdict } from './say-verdict.ts';
import type { SeriesModel } from './series-model.ts';
import { chooseDrawn, fitBends } from './supported-fits.ts';

export function modelCampaign(cells: readonly CellSummary[]): SeriesModel[] {
  return groupSeries(cells).map(modelSeries);
}

/** Depends on the runs that are ok alone, and not on their order; `says` has the failures too. */
export function modelSeries({ directorySize, levels: planned }: Series): SeriesModel {
  const { target, scenario } = (planned[0] as Level).cells[0] as CellSummary;
  const levels = curveLevelsOf(planned);
  const limit = findLimit(planned);
  const good = levels.filter(({ level }) => limit.lastGood !== null && level <= limit.lastGood);
  const line = { fit: fitLine(good), levels: good };
  const { verdict, rule, flatEnd } = decideVerdict({ levels, line });
  const bends = fitBends(levels, verdict);
  const growth = fitGrowth({ levels, line, verdict, knee: bends.knee?.inFlight.value ?? null });
  const drawn = chooseDrawn({ levels, verdict, growth, flatEnd, bends });
  const found = {
    verdict,
    slope: growth.slope,
    plateau: flatEnd.length === 0 ? null : measurePlateau(flatEnd),
    usl: bends.usl?.model ?? null,
    knee: bends.knee?.model ?? null,
    drawn: drawn.drawn,
  };
  const measured = { levels, planned: planned.length, line: line.fit, growth: growth.levels, flatEnd };
  return {
    target,
    scenario,
    directorySize,
    levels: levels.length,
    says: [sayVerdict(found, measured), ...describeFailures(planned)].join(' '),
    rule,
    ...found,
    peak: describePeak(levels),
    limit,
    withheld: [...growth.withheld, ...bends.withheld, ...drawn.withheld],
  };
}

function describePeak(levels: readonly CurveLevel[]): SeriesModel['peak'] {
  const peak = peakOf(levels);
  return peak === null ? null : { level: peak.level, inFlight: peak.inFlight, hz: peak.ratePerS };
}
