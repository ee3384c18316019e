/** What the labels of a panel should not cover, in pixels: points most, then lines, then what is drawn thin or dashed. */

import type { LinePoint, RunPoint } from './chart-data.ts';
import { type Panel, placeOn } from './chart-panel.ts';
import type { FitPoint, IdealPoint } from './curve-marks.ts';
import type { Obstacle } from './place-labels.ts';

const WEIGHTS = { point: 26, line: 26, faint: 7 } as const;
/** Half the side of a point with a little air. */
const POINT = 6;

/** @param yOf what stands on y; null: not on this panel */
export function listObstacles(
  panel: Panel,
  yOf: (point: RunPoint | LinePoint) => number | null,
  faint: readonly (readonly (FitPoint | IdealPoint)[])[] = [],
): Obstacle[] {
  const { runs, lines } = panel.data;
  const points = runs.flatMap((run): Obstacle[] => {
    const value = yOf(run);
    if (value === null) return [];
    const { x, y } = placeOn(panel, run.inFlight, value);
    return [{ left: x - POINT, top: y - POINT, right: x + POINT, bottom: y + POINT, weight: WEIGHTS.point }];
  });
  const stretches = [...Map.groupBy(lines, ({ series, stretch }) => `${series} ${stretch}`).values()].map((stretch) =>
    stretch.flatMap((point) => {
      const value = yOf(point);
      return value === null ? [] : [placeOn(panel, point.inFlight, value)];
    }),
  );
  const share = (hz: number, inFlight: number): number => (panel.variant.rate === 'total' ? hz : hz / inFlight);
  const dashed = faint
    .flatMap((each) => [...Map.groupBy(each, ({ series }) => series).values()])
    .map((line) => line.map(({ inFlight, hz }) => placeOn(panel, inFlight, share(hz, inFlight))));
  return [
    ...points,
    ...stretches.flatMap((line) => joinUp(line, WEIGHTS.line)),
    ...dashed.flatMap((line) => joinUp(line, WEIGHTS.faint)),
  ];
}

function joinUp(line: readonly { x: number; y: number }[], weight: number): Obstacle[] {
  return line.slice(1).map(({ x, y }, index) => {
    const { x: x1, y: y1 } = line[index] as { x: number; y: number };
    return { x1, y1, x2: x, y2: y, weight };
  });
}
