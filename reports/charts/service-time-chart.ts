/** Service time against concurrency: p50 as a line, p95 as a thin one, the timeouts of the config where they are in range. */

import { formatNumber } from '../format-number.ts';
import type { TimeoutsMs } from '../report-facts.ts';
import type { TimeUnit } from '../series.ts';
import type { ChartData } from './chart-data.ts';
import { createTimeScale, isInScale } from './chart-scale.ts';
import { CHART, renderSvg } from './chart-style.ts';
import { type Layer, type Panel, drawLabels, drawLines, drawRuns } from './run-layers.ts';

/** The chart as an SVG element; null when no level has a percentile. */
export async function drawServiceTimeChart(
  data: ChartData,
  unit: TimeUnit,
  timeoutsMs: TimeoutsMs | null,
): Promise<string | null> {
  const inUnit = (ms: number | null): number | null => (ms === null || ms <= 0 ? null : ms / unit.ms);
  const times = [...data.runs.map(({ p50Ms }) => p50Ms), ...data.lines.map(({ p95Ms }) => p95Ms)]
    .map(inUnit)
    .filter((time) => time !== null);
  if (times.length === 0) return null;
  const panel: Panel = { data, y: createTimeScale(times), yTitle: `service time (${unit.name}): p50, thin line p95` };
  return renderSvg({
    ...CHART,
    description: `Service time in ${unit.name} against clients in flight, log scale, a line per series through p50`,
    layer: [
      ...drawTimeouts(panel, unit, timeoutsMs),
      drawLines(panel, ({ p95Ms }) => inUnit(p95Ms), 0.8),
      drawLines(panel, ({ p50Ms }) => inUnit(p50Ms), 1.8),
      ...drawRuns(panel, ({ p50Ms }) => inUnit(p50Ms)),
      drawLabels(panel, ({ p50Ms }) => inUnit(p50Ms)),
    ],
  });
}

function drawTimeouts({ y }: Panel, unit: TimeUnit, timeoutsMs: TimeoutsMs | null): Layer[] {
  const values = Object.entries(timeoutsMs ?? {})
    .map(([phase, ms]) => ({ y: ms / unit.ms, text: `${phase} timeout ${formatNumber(ms / unit.ms)} ${unit.name}` }))
    .filter((timeout) => isInScale(y, timeout.y));
  const encoding = { y: { field: 'y', type: 'quantitative' as const } };
  return [
    {
      data: { values },
      mark: { type: 'rule', aria: false, strokeWidth: 0.8, stroke: '#888888', strokeDash: [2, 2] },
      encoding,
    },
    {
      data: { values },
      mark: {
        type: 'text',
        aria: false,
        align: 'left',
        baseline: 'bottom',
        dx: 4,
        dy: -2,
        fill: '#888888',
        fontSize: 11,
      },
      encoding: { ...encoding, x: { value: 0 }, text: { field: 'text', type: 'nominal' } },
    },
  ];
}
