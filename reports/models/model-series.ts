/** The models of a campaign: one a series, in the order of the series. */

import { describeSeries } from '../finding.ts';
import { findLimit } from '../expectations/curve-measures.ts';
import { type Series, groupSeries } from '../series.ts';
import type { CellSummary } from '../summary.ts';
import type { SeriesModel } from './series-model.ts';

export function modelCampaign(cells: readonly CellSummary[]): SeriesModel[] {
  return groupSeries(cells).map(modelSeries);
}

function modelSeries(series: Series): SeriesModel {
  const first = series.levels[0]?.cells[0] as CellSummary;
  return {
    target: first.target,
    scenario: first.scenario,
    directorySize: series.directorySize,
    levels: series.levels.filter(({ typical }) => typical !== null).length,
    verdict: 'none',
    says: describeSeries(series),
    rule: '',
    slope: null,
    plateau: null,
    usl: null,
    knee: null,
    peak: null,
    limit: findLimit(series.levels),
    drawn: null,
    withheld: [],
  };
}
