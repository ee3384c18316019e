/** Ranges of concurrency, shaded over the height of a panel: where the limit lies, and the knee. */

import { type Layer, type Panel, encodeX } from './chart-panel.ts';
import { encodeSeries } from './series-encoding.ts';

/** None of the series' colours. */
const LIMIT_COLOUR = '#b3003c';
/** Two that meet at a level are told apart by their edges. */
const LIMIT_LOOK = {
  fill: LIMIT_COLOUR,
  fillOpacity: 0.1,
  stroke: LIMIT_COLOUR,
  strokeOpacity: 0.4,
  strokeWidth: 1,
} as const;

/** Behind everything else. A limit without a good level begins where the axis does. */
export function drawLimits(panel: Panel): Layer {
  const [start] = panel.x.domain;
  return {
    data: { name: 'limits' },
    transform: [{ calculate: `datum.from === null ? ${start} : datum.from`, as: 'start' }],
    mark: { type: 'rect', ...LIMIT_LOOK, clip: true, aria: false },
    encoding: { x: { field: 'start', ...encodeX(panel) }, x2: { field: 'to' } },
  };
}

/** A rule with its interval. */
export function drawKnees(panel: Panel): Layer[] {
  const { color } = encodeSeries(panel.data.curves.length);
  const mark = { clip: true, aria: false };
  return [
    {
      data: { name: 'knees' },
      mark: { ...mark, type: 'rect', opacity: 0.1 },
      encoding: { x: { field: 'low', ...encodeX(panel) }, x2: { field: 'high' }, fill: color },
    },
    {
      data: { name: 'knees' },
      mark: { ...mark, type: 'rule', strokeWidth: 1.2, strokeDash: [2, 2] },
      encoding: { x: { field: 'inFlight', ...encodeX(panel) }, stroke: color },
    },
  ];
}
