import test from 'ava';
import * as fc from 'fast-check';
import { type ChartData, collectChartData } from '../../reports/charts/chart-data.ts';
import {
  createConcurrencyScale,
  createRateScale,
  createTimeScale,
  positionOf,
} from '../../reports/charts/chart-scale.ts';
import { placeLabels } from '../../reports/charts/place-labels.ts';
import { drawServiceTimeChart } from '../../reports/charts/service-time-chart.ts';
import { skippedCell } from '../../reports/measure.ts';
import { chooseTimeUnit } from '../../reports/series.ts';
import type { CellSummary } from '../../reports/summary.ts';
import { cellAt } from '../support/summary-cells.ts';

const labels = fc.array(fc.record({ text: fc.constant('1000 files'), x: fc.nat(480), y: fc.nat(270) }), {
  maxLength: 12,
});

test('labels that lie side by side end up at least a line apart and on the chart', (t) => {
  fc.assert(
    fc.property(labels, (ends) => {
      const placed = placeLabels(ends, 270);
      t.is(placed.length, ends.length);
      for (const [index, label] of placed.entries()) {
        t.true(label.y >= 0 && label.y <= 270, `${label.y}`);
        for (const other of placed.slice(index + 1)) {
          if (Math.abs(label.x - other.x) < 70) t.true(Math.abs(label.y - other.y) > 14.99);
        }
      }
    }),
  );
});

test('a label that is in nobody’s way stays at the end of its line', (t) => {
  const ends = [
    { text: '20 files', x: 480, y: 30 },
    { text: '100 files', x: 480, y: 200 },
    { text: '1000 files', x: 100, y: 31 },
  ];
  t.deepEqual(
    placeLabels(ends, 270).toSorted((a, b) => b.x - a.x || a.y - b.y),
    ends,
  );
  const [upper, lower] = placeLabels([ends[0]!, { ...ends[0]!, y: 34 }], 270);
  t.deepEqual([upper?.y, lower?.y], [24.5, 39.5]);
});

test('concurrency is linear over a factor of 16 and in powers of two above', (t) => {
  t.like(createConcurrencyScale([9.5, 158], [10, 160]), { type: 'linear', ticks: null });
  const scale = createConcurrencyScale([0.9, 4, 120], [1, 4, 100, 128]);
  t.like(scale, { type: 'log', base: 2, ticks: [1, 4, 128] });
  t.true(scale.domain[0] < 0.9 && scale.domain[1] > 128);
});

test('scales hold every value, end on round numbers and tick where people look', (t) => {
  t.deepEqual(createRateScale([3.1, 49.9]).domain, [0, 55]);
  t.deepEqual(createRateScale([0]).domain, [0, 1]);
  t.deepEqual(createTimeScale([3, 400]).ticks, [5, 10, 20, 50, 100, 200]);
  t.deepEqual(createTimeScale([7]).ticks, [5, 10]);
  fc.assert(
    fc.property(fc.array(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
      for (const scale of [createTimeScale(values), createRateScale(values)]) {
        for (const value of values) {
          const position = positionOf(scale, value, 100);
          t.true(position >= -1e-9 && position <= 100 + 1e-9);
        }
      }
    }),
  );
});

test('a line breaks where a level has no run that is ok', (t) => {
  const cells = [cellAt(1, 10), cellAt(2, 20), cellAt(4, 0, { state: 'failed' }), cellAt(8, 40)];
  const data = collectChartData(cells);
  t.deepEqual(
    data?.lines.map(({ inFlight, stretch }) => [inFlight, stretch]),
    [
      [1, 0],
      [2, 0],
      [8, 1],
    ],
  );
  t.is(data?.runs.length, 4);
});

test('without a rate there is nothing to draw, and a cell with nothing in flight is only counted', (t) => {
  t.is(collectChartData([skippedCell(cellAt(1, 1), 'stopped')]), null);
  t.like(collectChartData([cellAt(1, 10), cellAt(2, 0, { inFlight: 0, state: 'failed' })]), { undrawn: 1 });
});

function dataOf(cells: CellSummary[]): ChartData {
  const data = collectChartData(cells);
  if (data === null) throw new Error('these cells have a rate');
  return data;
}

test('a timeout is a hairline only where it is in range, in the unit of the chart', async (t) => {
  const cells = [cellAt(1, 1, { p50: 1000, p95: 3000 }), cellAt(8, 1, { p50: 2000, p95: 9000 })];
  const data = dataOf(cells);
  const svg = await drawServiceTimeChart(data, chooseTimeUnit(cells), {
    connect: 5000,
    handshake: 60_000,
    answer: 600_000,
  });
  t.regex(svg ?? '', /service time \(s\): p50, thin line p95/);
  t.regex(svg ?? '', />connect timeout 5 s</);
  t.notRegex(svg ?? '', /handshake timeout|answer timeout/);
});

test('a chart of service times needs a percentile', async (t) => {
  const data = dataOf([cellAt(1, 10, { p50: null, p95: null })]);
  t.is(await drawServiceTimeChart(data, { name: 'ms', ms: 1 }, null), null);
});
