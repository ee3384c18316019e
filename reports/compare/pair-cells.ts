/** Which cells of two results are the same: of one target, scenario, directory size and level, over all their runs. */

import type { CellSummary, Summary } from '../summary.ts';
import type { CellPlace } from './comparison.ts';

/** A cell of both results with its runs on each side. */
export type PairedCell = { place: CellPlace; baseline: CellSummary[]; other: CellSummary[] };

export type PairedCells = {
  pairs: PairedCell[];
  /** Places that one result has alone; targets are called as in the baseline. */
  onlyInBaseline: CellPlace[];
  onlyInOther: CellPlace[];
  /** Two names of what is compared as one target, since each result has no other; null: the names decide. */
  renamed: { baseline: string; other: string } | null;
};

/** Cells in the order of the baseline; a result with one target pairs with one that has one, whatever they are called. */
export function pairCells(baseline: Pick<Summary, 'cells'>, other: Pick<Summary, 'cells'>): PairedCells {
  const renamed = findRenamed(baseline.cells, other.cells);
  const own = groupByPlace(baseline.cells, (target) => target);
  const others = groupByPlace(other.cells, (target) => (target === renamed?.other ? renamed.baseline : target));
  return {
    pairs: [...own].flatMap(([key, { place, cells }]) => {
      const match = others.get(key);
      return match === undefined ? [] : [{ place, baseline: cells, other: match.cells }];
    }),
    onlyInBaseline: placesWithout(own, others),
    onlyInOther: placesWithout(others, own),
    renamed,
  };
}

function findRenamed(baseline: readonly CellSummary[], other: readonly CellSummary[]): PairedCells['renamed'] {
  const [own, others] = [baseline, other].map((cells) => [...new Set(cells.map(({ target }) => target))]);
  const [name, otherName] = [own?.[0], others?.[0]];
  if (own?.length !== 1 || others?.length !== 1 || name === undefined || otherName === undefined) return null;
  return name === otherName ? null : { baseline: name, other: otherName };
}

type Group = { place: CellPlace; cells: CellSummary[] };

/** Targets in the order of their first cells, then sizes and levels ascending. */
function groupByPlace(cells: readonly CellSummary[], rename: (target: string) => string): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const cell of cells) {
    const { scenario, directorySize, level } = cell;
    const place = { target: rename(cell.target), scenario, directorySize, level };
    const key = JSON.stringify([place.target, scenario, directorySize, level]);
    const group = groups.get(key) ?? { place, cells: [] };
    group.cells.push(cell);
    groups.set(key, group);
  }
  const targets = [...new Set([...groups.values()].map(({ place }) => place.target))];
  const order = ({ place: a }: Group, { place: b }: Group): number =>
    targets.indexOf(a.target) - targets.indexOf(b.target) ||
    compareText(a.scenario, b.scenario) ||
    (a.directorySize ?? -1) - (b.directorySize ?? -1) ||
    a.level - b.level;
  return new Map([...groups].toSorted(([, a], [, b]) => order(a, b)));
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function placesWithout(own: ReadonlyMap<string, Group>, others: ReadonlyMap<string, Group>): CellPlace[] {
  return [...own].flatMap(([key, { place }]) => (others.has(key) ? [] : [place]));
}
