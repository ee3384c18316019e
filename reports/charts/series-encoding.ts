/** Colour and shape of each series, the same in every figure of a page: by its place in `groupSeries`. */

import { SERIES_COLOURS, SERIES_SHAPES } from './chart-style.ts';

/**
 * vega-lite encodings for data whose `field` holds the place of a series, 0 … count - 1 (or, with `names`, its name). Both say
 * the same, so that neither is needed alone; neither has a legend: lines carry their names.
 */
export function encodeSeries(count: number, { field = 'series', names }: { field?: string; names?: string[] } = {}) {
  const places = Array.from({ length: count }, (_, index) => index);
  const domain = names ?? places;
  return {
    color: {
      field,
      type: 'nominal' as const,
      scale: { domain, range: places.map(colourOfSeries) },
      legend: null,
    },
    shape: {
      field,
      type: 'nominal' as const,
      scale: { domain, range: places.map(shapeOfSeries) },
      legend: null,
    },
  };
}

export function colourOfSeries(index: number): string {
  return SERIES_COLOURS[index % SERIES_COLOURS.length] as string;
}

export function shapeOfSeries(index: number): string {
  return SERIES_SHAPES[index % SERIES_SHAPES.length] as string;
}
