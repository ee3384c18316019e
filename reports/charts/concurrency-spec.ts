/** The main chart as a vega-lite spec: rate over service time, both against concurrency on one axis. */

import type { TopLevelSpec } from 'vega-lite';
import type { TimeoutsMs } from '../report-facts.ts';
import type { ChartData, LinePoint, RunPoint } from './chart-data.ts';
import { type Layer, type Panel, type Variant, layOut, placeOn } from './chart-panel.ts';
import { type Scale, createConcurrencyScale } from './chart-scale.ts';
import { listFits, listIdeals, listKnees, listLimits } from './curve-marks.ts';
import { drawNames, drawRemarks } from './label-layers.ts';
import { type Leader, type NameLabel, placeNames } from './name-labels.ts';
import { listObstacles } from './panel-obstacles.ts';
import type { Box, Obstacle } from './place-labels.ts';
import { drawKnees, drawLimits } from './range-layers.ts';
import { createRatePanel, drawRates } from './rate-panel.ts';
import { type Remark, remarkOnRates, remarkOnTimes } from './remark-labels.ts';
import { estimateWidth } from './text-width.ts';
import { type TimeoutLine, createTimePanel, drawTimes, listTimeouts } from './time-panel.ts';

/** Between the panels, for the title of the lower one. */
const GAP = 34;

type Datasets = Record<string, readonly object[]>;

/** The axis that suits the levels. */
export function chooseConcurrencyAxis({ runs, levels }: ChartData): Scale['type'] {
  return createConcurrencyScale(
    runs.map(({ inFlight }) => inFlight),
    levels,
  ).type;
}

/** @param timeoutsMs null: the targets have different ones */
export function specifyConcurrencyChart(
  data: ChartData,
  variant: Variant,
  timeoutsMs: TimeoutsMs | null,
): TopLevelSpec {
  const layout = layOut(data, variant.size);
  const x = createConcurrencyScale(
    data.runs.map(({ inFlight }) => inFlight),
    data.levels,
    {
      type: variant.x,
      width: layout.width,
    },
  );
  const timeouts = listTimeouts(data, timeoutsMs);
  const marks = { fits: listFits(data), ideals: listIdeals(data), limits: listLimits(data), knees: listKnees(data) };
  const times = createTimePanel(data, { variant, layout, x, timeouts });
  const remarks = marks.limits.length + marks.knees.length;
  const rates = createRatePanel(data, { variant, layout, x, hasXLabels: times === null, remarks });
  const upper = labelRates(rates, marks);
  const lower = times === null ? null : labelTimes(times, timeouts);
  const panels = [
    {
      ...sizeOf(rates),
      layer: [drawLimits(rates), ...drawKnees(rates), ...drawRates(rates), ...wordsOf(rates, 'rate')],
    },
    ...(times === null
      ? []
      : [{ ...sizeOf(times), layer: [drawLimits(times), ...drawTimes(times), ...wordsOf(times, 'time')] }]),
  ];
  return {
    description: 'Effective processing rate above service time, both against clients in flight',
    datasets: {
      runs: data.runs,
      lines: data.lines,
      timeouts,
      ...marks,
      ...nameData(upper, 'rate'),
      ...(lower === null ? {} : nameData(lower, 'time')),
    },
    vconcat: panels,
    spacing: GAP,
    bounds: 'flush',
    resolve: { scale: { x: 'shared' } },
    // Written as plain data; vega-lite checks it when it compiles.
  } as unknown as TopLevelSpec;
}

type Words = { names: NameLabel[]; leaders: Leader[]; remarks: Remark[] };

const sizeOf = ({ layout, height }: Panel) => ({ width: layout.width, height });

function wordsOf(panel: Panel, kind: 'rate' | 'time'): Layer[] {
  return [
    drawRemarks(panel, `${kind}-remarks`),
    ...drawNames(panel, { names: `${kind}-names`, leaders: `${kind}-leaders` }),
  ];
}

function nameData({ names, leaders, remarks }: Words, kind: 'rate' | 'time'): Datasets {
  return { [`${kind}-names`]: names, [`${kind}-leaders`]: leaders, [`${kind}-remarks`]: remarks };
}

function labelRates(
  panel: Panel,
  marks: Pick<Parameters<typeof remarkOnRates>[1], 'limits' | 'knees' | 'ideals'> & {
    fits: ReturnType<typeof listFits>;
  },
): Words {
  const hzOf = ({ hz, inFlight }: RunPoint | LinePoint): number =>
    panel.variant.rate === 'total' ? hz : hz / inFlight;
  const obstacles = listObstacles(panel, hzOf, [marks.fits, marks.ideals]);
  const { names, leaders } = placeNames(panel, hzOf, obstacles);
  const around = { obstacles: [...obstacles, ...leaders.map(weigh)], taken: boxesOf(names, panel) };
  return { names, leaders, remarks: remarkOnRates(panel, marks, around) };
}

const timeOf = ({ p50 }: RunPoint | LinePoint): number | null => p50;

const p95Of = (point: RunPoint | LinePoint): number | null => ('p95' in point ? point.p95 : null);

/** The names again where they fit beside each other's lines; else those above say which line is whose. */
function labelTimes(panel: Panel, timeouts: readonly TimeoutLine[]): Words {
  const obstacles = [
    ...listObstacles(panel, timeOf),
    ...listObstacles(panel, p95Of),
    ...panel.data.lines.flatMap(({ inFlight, p99 }) => (p99 === null ? [] : boxAround(placeOn(panel, inFlight, p99)))),
    ...timeouts.map(({ time }) => crossPanel(panel, time)),
  ];
  const doFit = panel.data.curves.length * panel.layout.lineHeight <= panel.height;
  const { names, leaders } = doFit ? placeNames(panel, timeOf, obstacles) : { names: [], leaders: [] };
  const around = { obstacles: [...obstacles, ...leaders.map(weigh)], taken: boxesOf(names, panel) };
  return { names, leaders, remarks: remarkOnTimes(panel, timeouts, around) };
}

function boxAround({ x, y }: { x: number; y: number }): Obstacle[] {
  return [{ left: x - 5, right: x + 5, top: y - 2, bottom: y + 2, weight: 15 }];
}

function crossPanel(panel: Panel, time: number): Obstacle {
  const { y } = placeOn(panel, panel.x.domain[1], time);
  return { x1: 0, x2: panel.layout.width, y1: y, y2: y, weight: 8 };
}

const weigh = (leader: Leader): Obstacle => ({ ...leader, weight: 20 });

function boxesOf(names: readonly NameLabel[], { layout: { fontSize, lineHeight } }: Panel): Box[] {
  return names.map(({ text, symbol, left, middle }) => ({
    left: symbol - 5,
    right: left + estimateWidth(text, fontSize),
    top: middle - lineHeight / 2,
    bottom: middle + lineHeight / 2,
  }));
}
