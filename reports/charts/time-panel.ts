/** B: service time against concurrency: p50 as a line, p95 as a thin one, p99 as ticks, the timeouts of the config. */

import { formatNumber } from '../format-number.ts';
import type { TimeoutsMs } from '../report-facts.ts';
import type { ChartData } from './chart-data.ts';
import { type Layer, type Layout, type Panel, type Variant, encodePosition, encodeY } from './chart-panel.ts';
import { type Scale, createTimeScale } from './chart-scale.ts';
import { drawLines, drawRuns, showField } from './run-layers.ts';
import { encodeSeries } from './series-encoding.ts';

/** A timeout is drawn up to this factor above what was measured: beyond, the curves would be squeezed for it. */
const TIMEOUT_WITHIN = 4;

/** In the unit of the chart, on its y. */
export type TimeoutLine = { time: number; text: string };

/** Null when no run and no level has a percentile. */
export function createTimePanel(
  data: ChartData,
  frame: { variant: Variant; layout: Layout; x: Scale; timeouts: readonly TimeoutLine[] },
): Panel | null {
  const { variant, layout, x } = frame;
  const times = [
    ...data.runs.map(({ p50 }) => p50),
    ...data.lines.flatMap(({ p95, p99 }) => [p95, p99]),
    ...frame.timeouts.map(({ time }) => time),
  ].filter((time) => time !== null);
  if (times.length === 0) return null;
  return {
    data,
    variant,
    layout,
    x,
    hasXLabels: true,
    y: createTimeScale(times, Math.floor(layout.timeHeight / 16)),
    height: layout.timeHeight,
    yTitle: `service time (${data.unit.name}): line p50, thin line p95, tick p99`,
  };
}

/** The timeouts that are near enough to what was measured to be drawn. */
export function listTimeouts({ unit, runs, lines }: ChartData, timeoutsMs: TimeoutsMs | null): TimeoutLine[] {
  const measured = [...runs.map(({ p50 }) => p50), ...lines.flatMap(({ p50, p95, p99 }) => [p50, p95, p99])];
  const times = measured.filter((time) => time !== null);
  const [lowest, highest] = [Math.min(...times), Math.max(...times)];
  const byMs = Map.groupBy(Object.entries(timeoutsMs ?? {}), ([, ms]) => ms);
  return [...byMs]
    .map(([ms, phases]) => ({
      time: ms / unit.ms,
      text: `${phases.map(([phase]) => phase).join(', ')} timeout ${formatNumber(ms / unit.ms)} ${unit.name}`,
    }))
    .filter(({ time }) => time >= lowest && time <= highest * TIMEOUT_WITHIN);
}

export function drawTimes(panel: Panel): Layer[] {
  return [
    drawTimeouts(panel),
    drawLines(panel, showField('p95'), 0.8),
    drawTicks(panel),
    drawLines(panel, showField('p50'), 1.8),
    ...drawRuns(panel, showField('p50')),
  ];
}

function drawTimeouts(panel: Panel): Layer {
  return {
    data: { name: 'timeouts' },
    mark: { type: 'rule', aria: false, strokeWidth: 1, stroke: '#888888', strokeDash: [2, 2] },
    encoding: { y: { field: 'time', ...encodeY(panel) } },
  };
}

function drawTicks(panel: Panel): Layer {
  return {
    data: { name: 'lines' },
    transform: showField('p99').transform,
    mark: { type: 'tick', orient: 'horizontal', aria: false, thickness: 1.5, size: 9, opacity: 0.85 },
    encoding: { ...encodePosition(panel, { y: 'p99' }), fill: encodeSeries(panel.data.curves.length).color },
  };
}
