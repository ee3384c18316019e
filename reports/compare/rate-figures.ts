/** The rate of each result over concurrency, a figure a series: what a comparison is seen at. */

import type { TopLevelSpec } from 'vega-lite';
import { createConcurrencyScale, createRateScale, positionOf } from '../charts/chart-scale.ts';
import { CHART } from '../charts/chart-style.ts';
import { spreadApart } from '../charts/place-labels.ts';
import { encodeSeries } from '../charts/series-encoding.ts';
import type { Figure } from '../figures/figure.ts';
import { encodeAxis } from '../figures/panels.ts';
import { formatNumber } from '../format-number.ts';
import { putOnOneLine } from '../plain-text.ts';
import type { CellPlace, Comparison, SideFigure } from './comparison.ts';
import { keyOf, listPlaces, tabulateFigure } from './figure-rows.ts';
import { figureOf } from './figures.ts';
import { nameSeriesOf } from './name-places.ts';

/** The rates of one result at one level. */
type Point = { result: string; level: number; side: SideFigure };

const LABEL_HEIGHT = 15;

/** Of the series that the baseline shares with another result and that have a rate. */
export function drawRateFigures(comparison: Comparison): Figure[] {
  const table = tabulateFigure(figureOf('rate'), comparison);
  return [...Map.groupBy(listPlaces(comparison), nameSeriesOf)].flatMap(([series, places], index): Figure[] => {
    const points = places.flatMap((place) => pointsAt(place, comparison)).filter(({ side }) => side.value !== null);
    if (points.length === 0) return [];
    const keys = new Set(places.map(keyOf));
    return [
      {
        id: `rate-${index + 1}`,
        title: putOnOneLine(`Rate: ${series}`),
        sentence: describe(points, comparison),
        caption: 'A point is a run, a line goes through the geometric means over the runs.',
        table: {
          columns: table.head,
          rows: table.rows.filter(({ place }) => keys.has(keyOf(place))).map(({ cells }) => cells),
        },
        spec: specOf(points, labelsOf(comparison)),
        isInteractive: false,
      },
    ];
  });
}

function labelsOf({ baseline, pairings }: Comparison): string[] {
  return [baseline.label, ...pairings.map(({ other }) => other.label)];
}

/** The baseline's once, whichever pairing has it. */
function pointsAt(place: CellPlace, { baseline, pairings }: Comparison): Point[] {
  const { level } = place;
  const own = pairings.flatMap(({ other, cells }) => {
    const cell = cells.find((each) => keyOf(each) === keyOf(place));
    return cell === undefined ? [] : [{ other, rate: cell.figures.rate }];
  });
  return [
    ...own.slice(0, 1).map(({ rate }) => ({ result: baseline.label, level, side: rate.baseline })),
    ...own.map(({ other, rate }) => ({ result: other.label, level, side: rate.other })),
  ];
}

function describe(points: readonly Point[], comparison: Comparison): string {
  const parts = labelsOf(comparison).flatMap((label) => {
    const own = points.filter(({ result }) => result === label);
    const highest = own.toSorted((a, b) => (b.side.value ?? 0) - (a.side.value ?? 0))[0];
    if (highest === undefined) return [];
    return [`${label} has at most ${formatNumber(highest.side.value)} Hz, at ${highest.level} clients`];
  });
  return `${parts.join('; ')}.`;
}

function specOf(points: readonly Point[], labels: string[]): TopLevelSpec {
  const levels = points.map(({ level }) => level);
  const rates = points.flatMap(({ side }) => side.values);
  const scales = { x: createConcurrencyScale(levels, levels), y: createRateScale(rates) };
  const means = points.map(({ result, level, side }) => ({ result, level, rate: side.value as number }));
  const runs = points.flatMap(({ result, level, side }) => side.values.map((rate) => ({ result, level, rate })));
  const { color, shape } = encodeSeries(labels.length, { field: 'result', names: labels });
  const position = {
    x: { ...encodeAxis('x', scales.x, 'clients asked for'), field: 'level' },
    y: { ...encodeAxis('y', scales.y, 'operations per second (Hz)'), field: 'rate' },
  };
  const ends = labels.flatMap((result) => {
    const last = means.findLast((mean) => mean.result === result);
    return last === undefined ? [] : [last];
  });
  const middles = ends.map(({ rate }) => CHART.height - positionOf(scales.y, rate, CHART.height));
  const spread = spreadApart(middles, LABEL_HEIGHT, CHART.height);
  return {
    ...CHART,
    layer: [
      {
        data: { values: means },
        mark: { type: 'line', strokeWidth: 1.8, aria: false },
        encoding: { ...position, stroke: color },
      },
      {
        data: { values: runs },
        mark: { type: 'point', size: 34, strokeWidth: 1.2, aria: false },
        encoding: { ...position, stroke: color, shape },
      },
      {
        data: {
          values: ends.map(({ result, level }, index) => ({
            result,
            x: positionOf(scales.x, level, CHART.width),
            y: spread[index],
          })),
        },
        mark: { type: 'text', align: 'left', baseline: 'middle', dx: 9, fontWeight: 600, aria: false },
        encoding: {
          x: { field: 'x', type: 'quantitative', scale: null },
          y: { field: 'y', type: 'quantitative', scale: null },
          text: { field: 'result', type: 'nominal' },
          fill: color,
        },
      },
    ],
  };
}
