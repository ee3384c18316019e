/** A: effective processing rate against concurrency, the curve that a campaign is made for. */

import { type ChartData } from './chart-data.ts';
import { type Layer, type Layout, type Panel, type Variant, encodePosition } from './chart-panel.ts';
import { type Scale, createRateScale } from './chart-scale.ts';
import { listFits } from './curve-marks.ts';
import { type OnY, drawLines, drawRuns, showField } from './run-layers.ts';
import { encodeSeries } from './series-encoding.ts';

/** Above the highest value, for what is written there: a line for each limit and knee, up to three. */
const ROOM = { plain: 1.05, line: 0.09, lines: 3 } as const;

export function createRatePanel(
  data: ChartData,
  frame: { variant: Variant; layout: Layout; x: Scale; hasXLabels: boolean; remarks: number },
): Panel {
  const { variant, layout, remarks } = frame;
  const isPerClient = variant.rate === 'per-client';
  const share = ({ inFlight, hz }: { inFlight: number; hz: number }): number => (isPerClient ? hz / inFlight : hz);
  const drawn = [
    ...data.runs.map(share),
    ...data.lines.map(({ inFlight, high }) => share({ inFlight, hz: high })),
    ...listFits(data).map(share),
  ];
  return {
    ...frame,
    data,
    y: createRateScale(drawn, ROOM.plain + Math.min(remarks, ROOM.lines) * ROOM.line),
    height: layout.rateHeight,
    yTitle: isPerClient ? 'operations per second and client in flight (Hz)' : 'operations per second (Hz)',
  };
}

/** From back to front. */
export function drawRates(panel: Panel): Layer[] {
  const rate = rateOf(panel, 'hz');
  return [
    drawIdeals(panel),
    ...drawFits(panel),
    drawSpread(panel),
    drawLines(panel, rate, 1.8),
    ...drawRuns(panel, rate),
  ];
}

/** A rate of the data as this variant shows it, in a field of its own. */
function rateOf({ variant }: Panel, field: 'hz' | 'low' | 'high'): OnY {
  if (variant.rate === 'total') return showField(field);
  const name = `${field}PerClient`;
  return { field: name, transform: [{ calculate: `datum.${field} / datum.inFlight`, as: name }] };
}

/** The rate of each series at its lowest level times the clients: behind all, and cut off at the top. */
function drawIdeals(panel: Panel): Layer {
  const { field, transform } = rateOf(panel, 'hz');
  return {
    data: { name: 'ideals' },
    transform,
    mark: { type: 'line', strokeWidth: 1, stroke: '#888888', opacity: 0.55, clip: true, aria: false },
    encoding: { ...encodePosition(panel, { y: field }), detail: { field: 'series', type: 'nominal' } },
  };
}

function drawFits(panel: Panel): Layer[] {
  const { color } = encodeSeries(panel.data.curves.length);
  const [rate, low, high] = [rateOf(panel, 'hz'), rateOf(panel, 'low'), rateOf(panel, 'high')];
  const mark = { clip: true, aria: false };
  return [
    {
      data: { name: 'fits' },
      transform: [...low.transform, ...high.transform],
      mark: { ...mark, type: 'area', opacity: 0.15 },
      encoding: { ...encodePosition(panel, { y: low.field }), y2: { field: high.field }, fill: color },
    },
    {
      data: { name: 'fits' },
      transform: rate.transform,
      mark: { ...mark, type: 'line', strokeWidth: 1.3, strokeDash: [6, 4] },
      encoding: { ...encodePosition(panel, { y: rate.field }), stroke: color },
    },
  ];
}

/** Lowest to highest ok run of each level, or the interval of their mean. */
function drawSpread(panel: Panel): Layer {
  const [low, high] = [rateOf(panel, 'low'), rateOf(panel, 'high')];
  return {
    data: { name: 'lines' },
    transform: [...low.transform, ...high.transform],
    mark: { type: 'rule', aria: false, strokeWidth: 1.2, opacity: 0.7 },
    encoding: {
      ...encodePosition(panel, { y: low.field }),
      y2: { field: high.field },
      stroke: encodeSeries(panel.data.curves.length).color,
    },
  };
}
