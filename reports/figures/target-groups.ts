/** The series of a campaign by target and scenario: a panel each in the figures that compare directory sizes. */

import { colourOfSeries, shapeOfSeries } from '../charts/series-encoding.ts';
import { putOnOneLine } from '../plain-text.ts';
import { type Level, type Series, groupSeries } from '../series.ts';
import type { CellSummary } from '../summary.ts';
import type { LineLook, PanelDot } from './line-panel.ts';
import { nameSize } from './words.ts';

/** A series in its colour and shape, the same all over the page. */
export type DrawnSeries = Series & { look: LineLook };

/** `name`: what differs between the groups; null: there is only one. */
export type TargetGroup = { name: string | null; series: DrawnSeries[] };

export function lookOfSeries(place: number): LineLook {
  return { colour: colourOfSeries(place), shape: shapeOfSeries(place), width: 1.8, dash: [] };
}

function firstCell([level]: readonly Level[]): CellSummary {
  const cell = level?.cells[0];
  if (cell === undefined) throw new Error('expected a series with cells, got one without');
  return cell;
}

/** The same for the series that differ in their size alone. */
export function targetOf({ levels }: Series): string {
  const { target, scenario } = firstCell(levels);
  return JSON.stringify([target, scenario]);
}

/** In the order of `groupSeries`. */
export function groupTargets(cells: readonly CellSummary[]): TargetGroup[] {
  const all = groupSeries(cells).map((series, place) => ({ ...series, look: lookOfSeries(place) }));
  const groups = [...Map.groupBy(all, targetOf).values()];
  const differs = (key: 'target' | 'scenario'): boolean => new Set(cells.map((cell) => cell[key])).size > 1;
  return groups.map((series) => {
    const { target, scenario } = firstCell(series.flatMap(({ levels }) => levels));
    const names = [...(differs('scenario') ? [scenario] : []), ...(differs('target') ? [target] : [])];
    return { name: names.length === 0 ? null : putOnOneLine(names.join(', ')), series };
  });
}

/** A series beside others of its target: its size, where it has one. */
export function nameInGroup({ directorySize, label }: Series, group: readonly Series[]): string {
  if (group.length === 1) return '';
  return directorySize === null ? label : nameSize(directorySize);
}

/** As everywhere on the page: filled when it is to be believed, hollow when degraded or unsteady, a cross when it failed. */
export function kindOfDot({ state, marks }: CellSummary): PanelDot['kind'] {
  if (state === 'failed') return 'cross';
  return state === 'ok' && !marks.some(({ code }) => code === 'unsteady') ? 'solid' : 'hollow';
}

/** What the kinds of points mean, as far as they occur. */
export function explainDots(dots: readonly PanelDot[]): string {
  const has = (kind: PanelDot['kind']): boolean => dots.some((dot) => dot.kind === kind);
  return [
    'A point is one run, a line the median of the runs that are ok.',
    ...(has('hollow') ? ['Hollow: degraded or unsteady.'] : []),
    ...(has('cross') ? ['Cross: failed.'] : []),
  ].join(' ');
}
