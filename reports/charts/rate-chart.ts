/** Effective processing rate against concurrency: the curve that a campaign is made for. */

import type { ChartData } from './chart-data.ts';
import { createRateScale } from './chart-scale.ts';
import { CHART, renderSvg } from './chart-style.ts';
import {
  type Layer,
  type Panel,
  drawLabels,
  drawLines,
  drawRuns,
  encodePosition,
  encodeSeries,
  withY,
} from './run-layers.ts';

/** The chart as an SVG element. */
export function drawRateChart(data: ChartData): Promise<string> {
  const panel: Panel = {
    data,
    y: createRateScale(data.runs.map(({ ratePerS }) => ratePerS)),
    yTitle: 'operations per second (Hz)',
  };
  return renderSvg({
    ...CHART,
    description: 'Effective processing rate in Hz against clients in flight, a line per series, a point per run',
    layer: [
      drawSpread(panel),
      drawLines(panel, ({ ratePerS }) => ratePerS, 1.8),
      ...drawRuns(panel, ({ ratePerS }) => ratePerS),
      drawLabels(panel, ({ ratePerS }) => ratePerS),
    ],
  });
}

/** Lowest to highest ok run of each level. */
function drawSpread(panel: Panel): Layer {
  const lines = withY(panel.data.lines, ({ lowestPerS }) => lowestPerS);
  return {
    data: { values: lines },
    mark: { type: 'rule', aria: false, strokeWidth: 1, opacity: 0.6 },
    encoding: { ...encodePosition(panel), y2: { field: 'highestPerS' }, stroke: encodeSeries(panel.data).color },
  };
}
