/**
 * Where in a campaign a check is evaluated: what it does not name (target, directory size, level) is run through, and both sides
 * of a comparison are taken at the same place. The scenario is always run through.
 */

import type { CellSummary } from '../summary.ts';
import type { LevelRange, Selectors } from './check.ts';
import type { MeasureScope } from './vocabulary.ts';

/** Null: a check does not vary in it, since it names what it means everywhere. */
export type Place = {
  target: string | null;
  scenario: string;
  /** Undefined: not varied; null: the scenario has no directory. */
  directorySize: number | null | undefined;
  level: number | null;
};

/** Something that is taken from cells. */
export type Subject = { scope: MeasureScope; selectors: Selectors };

/** Every place that exists among the cells, in their order. */
export function listPlaces(subjects: readonly Subject[], cells: readonly CellSummary[]): Place[] {
  const free = {
    target: subjects.some(({ scope, selectors }) => scope !== 'crossing' && selectors.target === null),
    size: subjects.some(({ scope, selectors }) => scope !== 'sizes' && selectors.directorySize === null),
    level: subjects.some(hasFreeLevel),
  };
  const places = cells
    .filter((cell) => isMeant(cell, subjects, free))
    .map((cell) => ({
      target: free.target ? cell.target : null,
      scenario: cell.scenario,
      directorySize: free.size ? cell.directorySize : undefined,
      level: free.level ? cell.level : null,
    }));
  return [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
}

/** Whether levels are run through for it: it is a figure of one level and does not say which. */
function hasFreeLevel({ scope, selectors: { levels } }: Subject): boolean {
  return (scope === 'cell' || scope === 'sizes') && (levels === null || levels.from !== levels.to);
}

type Free = { target: boolean; size: boolean; level: boolean };

/** Whether a cell lies where the check looks: named where it names, in every range that it runs through. */
function isMeant(cell: CellSummary, subjects: readonly Subject[], free: Free): boolean {
  const all = subjects.map(({ selectors }) => selectors);
  const levels = subjects.filter((subject) => hasFreeLevel(subject) === free.level);
  const lies = ({ selectors }: Subject): boolean => isIn(cell.level, selectors.levels);
  return (
    (free.target || all.some(({ target, against }) => target === cell.target || against === cell.target)) &&
    (free.size || all.some(({ directorySize }) => directorySize === null || directorySize === cell.directorySize)) &&
    (free.level ? levels.every(lies) : levels.some(lies)) &&
    all.some(({ run }) => run === null || run === cell.run)
  );
}

/** The cells that a subject is taken from at a place. */
export function cellsAt({ scope, selectors }: Subject, place: Place, cells: readonly CellSummary[]): CellSummary[] {
  const target = selectors.target ?? place.target;
  const size = selectors.directorySize ?? place.directorySize;
  const { levels, run } = selectors;
  const isAtLevel = (level: number): boolean =>
    hasFreeLevel({ scope, selectors }) ? level === place.level : isIn(level, levels);
  return cells.filter(
    (cell) =>
      (target === null || cell.target === target) &&
      cell.scenario === place.scenario &&
      (scope === 'sizes' || cell.directorySize === size) &&
      isAtLevel(cell.level) &&
      (run === null || cell.run === run),
  );
}

function isIn(level: number, range: LevelRange | null): boolean {
  return range === null || (level >= range.from && level <= (range.to ?? Infinity));
}

/** Names a place by what differs between the places of a check: ' (bestman2, 20 files, level 40)'; '' when there is one. */
export function namePlace(place: Place, places: readonly Place[]): string {
  const differs = (key: keyof Place): boolean => new Set(places.map((each) => each[key])).size > 1;
  const parts = [
    ...(differs('target') ? [place.target] : []),
    ...(differs('scenario') ? [place.scenario] : []),
    ...(differs('directorySize') ? [nameSize(place.directorySize ?? null)] : []),
    ...(differs('level') ? [`level ${place.level}`] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function nameSize(size: number | null): string {
  if (size === null) return 'no directory';
  return `${size} ${size === 1 ? 'file' : 'files'}`;
}
