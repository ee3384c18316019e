/** Words on a chart, where they were placed: names with their symbols and the lines to them, and remarks. */

import type { Layer, Panel } from './chart-panel.ts';
import { encodeSeries } from './series-encoding.ts';

const onPixel = (field: string) => ({ field, type: 'quantitative', scale: null, axis: null }) as const;

/** @param names data with fields as in NameLabel; @param leaders as in Leader */
export function drawNames(
  { data, layout: { fontSize, width } }: Panel,
  { names, leaders }: { names: string; leaders: string },
): Layer[] {
  const { color, shape } = encodeSeries(data.curves.length);
  const text = { text: { field: 'text', type: 'nominal' } };
  return [
    {
      data: { name: leaders },
      mark: { type: 'rule', strokeWidth: 0.8, opacity: 0.6, aria: false },
      encoding: { x: onPixel('x1'), y: onPixel('y1'), x2: { field: 'x2' }, y2: { field: 'y2' }, stroke: color },
    },
    {
      data: { name: names },
      transform: [{ filter: `datum.symbol > ${width}` }],
      mark: { type: 'point', size: 45, strokeWidth: 1.5, aria: false },
      encoding: { x: onPixel('symbol'), y: onPixel('middle'), stroke: color, fill: color, shape },
    },
    {
      // Among the points of the runs a symbol would be taken for one more.
      data: { name: names },
      transform: [{ filter: `datum.symbol <= ${width}` }, { calculate: 'datum.symbol + 5', as: 'end' }],
      mark: { type: 'rule', strokeWidth: 3, xOffset: -3, aria: false },
      encoding: { x: onPixel('symbol'), x2: { field: 'end' }, y: onPixel('middle'), stroke: color },
    },
    {
      data: { name: names },
      mark: {
        type: 'text',
        align: 'left',
        baseline: 'middle',
        fontSize,
        fontWeight: 600,
        fill: 'currentColor',
        aria: false,
      },
      encoding: { x: onPixel('left'), y: onPixel('middle'), ...text },
    },
  ];
}

/** @param name of data with fields as in Remark */
export function drawRemarks({ layout: { fontSize } }: Panel, name: string): Layer {
  return {
    data: { name },
    mark: {
      type: 'text',
      align: 'left',
      baseline: 'middle',
      fontSize,
      fill: 'currentColor',
      opacity: 0.8,
      aria: false,
    },
    encoding: { x: onPixel('left'), y: onPixel('middle'), text: { field: 'text', type: 'nominal' } },
  };
}
