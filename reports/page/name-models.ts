/** The models of a campaign with the series that they are of, under the label that people know it by. */

import { type Series, groupSeries } from '../series.ts';
import type { Summary } from '../summary.ts';
import type { SeriesModel } from '../models/series-model.ts';

export type NamedModel = { label: string; series: Series; model: SeriesModel };

/** In the order of the series; one without a model is left out. */
export function nameModels({ cells, models }: Pick<Summary, 'cells' | 'models'>): NamedModel[] {
  const byKey = new Map(models.map((model) => [keyOf(model), model]));
  return groupSeries(cells).flatMap((series) => {
    const first = series.levels[0]?.cells[0];
    const model = first === undefined ? undefined : byKey.get(keyOf(first));
    return model === undefined ? [] : [{ label: series.label, series, model }];
  });
}

function keyOf({
  target,
  scenario,
  directorySize,
}: Pick<SeriesModel, 'target' | 'scenario' | 'directorySize'>): string {
  return JSON.stringify([target, scenario, directorySize]);
}
