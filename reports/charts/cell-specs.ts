/** The two charts of one cell as vega-lite specs, without its data: they are drawn anew for each cell that is chosen. */

import type { TopLevelSpec } from 'vega-lite';
import { KINDS } from './cell-rows.ts';

/** What succeeded, failed, and ended first. */
const COLOURS = ['#0072b2', '#d55e00', '#888888'];

const SIZE = { width: 480, histogram: 96, rate: 130, inFlight: 56 } as const;

const TITLE_ON_TOP = { titleAngle: 0, titleAlign: 'left', titleBaseline: 'bottom', titleX: -30, titleY: -6 } as const;

const KIND_COLOUR = {
  field: 'kind',
  type: 'nominal',
  scale: { domain: [...KINDS], range: COLOURS },
  legend: null,
} as const;

const WORDS = { fontSize: 12, fill: 'currentColor', baseline: 'middle', aria: false } as const;

const onPixel = (field: string) => ({ field, type: 'quantitative', scale: null, axis: null }) as const;

const TIME_AXIS = {
  type: 'quantitative',
  scale: { type: 'log', nice: false, zero: false, padding: 8 },
  axis: {
    title: 'service time',
    labelExpr: `datum.value >= 1000 ? format(datum.value / 1000, '~g') + ' s' : format(datum.value, '~g') + ' ms'`,
    tickCount: 8,
    labelOverlap: 'greedy',
  },
};

/** A row for each kind of operation that there was, on one logarithmic axis. */
export function specifyServiceTimes(): TopLevelSpec {
  return {
    description: 'How the service times of the cell are spread',
    datasets: { times: [] },
    data: { name: 'times' },
    facet: { row: { field: 'kind', type: 'nominal', sort: [...KINDS], title: null, header: { labels: false } } },
    spacing: 26,
    bounds: 'flush',
    spec: { width: SIZE.width, height: SIZE.histogram, layer: [drawBins(), ...drawMarks(), drawHeads()] },
    resolve: { scale: { y: 'independent' } },
    // Written as plain data; vega-lite checks it when it compiles.
  } as unknown as TopLevelSpec;
}

function drawBins() {
  return {
    transform: [{ filter: 'isValid(datum.count)' }],
    mark: { type: 'rect', opacity: 0.75, aria: false },
    encoding: {
      x: { field: 'from', ...TIME_AXIS },
      x2: { field: 'to' },
      y: { field: 'count', type: 'quantitative', axis: { title: null, tickCount: 3, tickMinStep: 1, format: ',~r' } },
      y2: { datum: 0 },
      fill: KIND_COLOUR,
    },
  };
}

/** Their words above the plot: the first to the left of its rule, the others to the right, a line each. */
function drawMarks() {
  const words = (isFirst: boolean) => ({
    transform: [
      { filter: `isValid(datum.at) && ${isFirst ? 'datum.place === 0' : 'datum.place > 0'}` },
      { calculate: '-9 - 14 * (datum.place === 2 ? 1 : 0)', as: 'line' },
    ],
    mark: { type: 'text', ...WORDS, align: isFirst ? 'right' : 'left', dx: isFirst ? -3 : 3 },
    encoding: {
      x: { field: 'at', ...TIME_AXIS },
      y: onPixel('line'),
      text: { field: 'text', type: 'nominal' },
    },
  });
  return [
    {
      transform: [{ filter: 'isValid(datum.at)' }],
      mark: { type: 'rule', stroke: 'currentColor', strokeDash: [3, 2], aria: false },
      encoding: { x: { field: 'at', ...TIME_AXIS } },
    },
    words(true),
    words(false),
  ];
}

function drawHeads() {
  return {
    transform: [{ filter: 'isValid(datum.head)' }],
    mark: { type: 'text', ...WORDS, align: 'left' },
    encoding: { x: { value: 0 }, y: onPixel('line'), text: { field: 'head', type: 'nominal' } },
  };
}

/** Without a title it is that of a panel above the one that has it. */
const secondsAxis = (title: string | null) => ({
  type: 'quantitative',
  scale: { nice: false, zero: true },
  axis: { title, grid: false, tickCount: 8, ...(title === null ? { labels: false, ticks: false } : {}) },
});

const countAxis = (title: string, tickCount: number) => ({
  type: 'quantitative',
  axis: { title, ...TITLE_ON_TOP, tickCount, format: ',~r' },
});

/** Operations that ended in each step over the clients in flight, the window shaded. */
export function specifyCourse(): TopLevelSpec {
  const last = 's since T0; the window is shaded';
  return {
    description: 'How the cell went over time',
    datasets: { rates: [], inFlight: [], window: [] },
    vconcat: [
      { width: SIZE.width, height: SIZE.rate, layer: [shadeWindow(null), drawRates()] },
      { width: SIZE.width, height: SIZE.inFlight, layer: [shadeWindow(last), drawInFlight(last)] },
    ],
    spacing: 30,
    bounds: 'flush',
    resolve: { scale: { x: 'shared' } },
    // Written as plain data; vega-lite checks it when it compiles.
  } as unknown as TopLevelSpec;
}

function shadeWindow(title: string | null) {
  return {
    data: { name: 'window' },
    mark: { type: 'rect', fill: '#888888', opacity: 0.13, aria: false },
    encoding: { x: { field: 'from', ...secondsAxis(title) }, x2: { field: 'to' } },
  };
}

function drawRates() {
  const legend = { orient: 'top', title: null, labelColor: 'currentColor', symbolType: 'square', offset: 20 };
  return {
    data: { name: 'rates' },
    mark: { type: 'rect', opacity: 0.75, aria: false },
    encoding: {
      x: { field: 'from', ...secondsAxis(null) },
      x2: { field: 'to' },
      y: { field: 'low', ...countAxis('operations ended per second (Hz)', 4) },
      y2: { field: 'high' },
      fill: { ...KIND_COLOUR, legend },
    },
  };
}

function drawInFlight(title: string) {
  return {
    data: { name: 'inFlight' },
    mark: { type: 'area', interpolate: 'step-after', fill: '#888888', opacity: 0.6, aria: false },
    encoding: {
      x: { field: 'at', ...secondsAxis(title) },
      y: { field: 'clients', ...countAxis('clients in flight', 3), stack: null },
      detail: { field: 'stretch', type: 'nominal' },
    },
  };
}
