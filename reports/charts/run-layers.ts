/** Layers that both panels draw in the same way: runs as points, series as lines through the medians of their levels. */

import { type Layer, type Panel, encodePosition } from './chart-panel.ts';
import { FAILED_SHAPE } from './chart-style.ts';
import { encodeSeries } from './series-encoding.ts';

/** Which field of the data stands on y, and what must be done to the data before it does. */
export type OnY = { field: string; transform: readonly Layer[] };

/** A field as it is. Without a value there is nothing to draw. */
export function showField(field: string): OnY {
  return { field, transform: [{ filter: `isValid(datum.${field})` }] };
}

/** Of more runs than this the points are smaller, so that they don't hide each other. */
const CROWD = 60;

/** Every run: filled when it can be believed, hollow when degraded or unsteady, crossed when failed, ringed when generator-bound. */
export function drawRuns(panel: Panel, { field, transform }: OnY): Layer[] {
  const { color, shape } = encodeSeries(panel.data.curves.length);
  const isCrowded = panel.data.runs.length > CROWD;
  const isNarrow = panel.variant.size === 'narrow';
  const size = (isCrowded ? 26 : 50) * (isNarrow ? 0.7 : 1);
  const position = encodePosition(panel, { y: field });
  const runs = (filter: string): Layer => ({ data: { name: 'runs' }, transform: [{ filter }, ...transform] });
  // Heard once: the rates' panel tells of each run all that a line can.
  const told = field === 'p50' || isNarrow ? {} : { description: { field: 'description', type: 'nominal' } };
  const pointed = {
    href: { field: 'href', type: 'nominal' },
    tooltip: { field: 'tip', type: 'nominal' },
    ...told,
  };
  const aria = 'description' in told ? {} : { aria: false };
  return [
    {
      ...runs('datum.isGeneratorBound'),
      mark: { type: 'point', size: size * 3.6, strokeWidth: 1.5, stroke: '#888888', filled: false, aria: false },
      encoding: position,
    },
    {
      ...runs('!datum.isFailed'),
      mark: { type: 'point', size, strokeWidth: isCrowded ? 1.2 : 1.5, cursor: 'pointer', ...aria },
      encoding: {
        ...position,
        ...pointed,
        stroke: color,
        fill: color,
        shape,
        fillOpacity: { condition: { test: 'datum.isSolid', value: 0.9 }, value: 0 },
      },
    },
    {
      ...runs('datum.isFailed'),
      mark: {
        type: 'point',
        size: size * 2,
        strokeWidth: 2.5,
        shape: FAILED_SHAPE,
        filled: false,
        cursor: 'pointer',
        ...aria,
      },
      encoding: { ...position, ...pointed, stroke: color },
    },
  ];
}

/** A line a series, broken where a level has no ok run. */
export function drawLines(panel: Panel, { field, transform }: OnY, strokeWidth: number): Layer {
  const { color } = encodeSeries(panel.data.curves.length);
  return {
    data: { name: 'lines' },
    transform,
    mark: { type: 'line', strokeWidth, aria: false },
    encoding: {
      ...encodePosition(panel, { y: field }),
      stroke: color,
      detail: { field: 'stretch', type: 'nominal' },
    },
  };
}
