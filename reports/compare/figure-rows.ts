/** One figure of all cells as a table: the baseline, and beside it each other result with its change, interval and verdict. */

import type { CellComparison, CellPlace, Comparison, FigureComparison } from './comparison.ts';
import type { ComparedFigure } from './figures.ts';
import { createPlaceNamer } from './name-places.ts';
import { isBetter, isShown, writeChange, writeFigure, writeInterval, writeRuns } from './words.ts';

export type FigureRow = {
  place: CellPlace;
  cells: string[];
  /** What the row has to say: something for the worse, something for the better, nothing that was shown. */
  tone: 'worse' | 'better' | 'none';
};

export type FigureRows = {
  head: string[];
  rows: FigureRow[];
  /** Columns that hold words. */
  words: ReadonlySet<number>;
};

/** Columns of each result beside the baseline. */
const OWN_COLUMNS = 5;

/** Every cell that the baseline shares with any other result, in the order of the baseline. */
export function tabulateFigure(figure: ComparedFigure, comparison: Comparison): FigureRows {
  const { baseline, pairings } = comparison;
  const places = listPlaces(comparison);
  const name = createPlaceNamer(places);
  const byKey = pairings.map(({ cells }) => new Map(cells.map((cell) => [keyOf(cell), cell])));
  const rows = places.map((place): FigureRow => {
    const own = byKey.map((cells) => cells.get(keyOf(place))?.figures[figure.name]);
    const known = own.find((each) => each !== undefined);
    return {
      place,
      cells: [
        name(place),
        known === undefined ? '' : writeFigure(figure, known.baseline),
        ...own.flatMap((each) => describeOther(figure, each)),
      ],
      tone: toneOf(own),
    };
  });
  const heads = pairings.map(({ other: { label } }) => [
    'runs',
    `${label} (${figure.unit})`,
    `${label} against ${baseline.label}`,
    '95 % interval',
    `${label}: verdict`,
  ]);
  const verdicts = pairings.map((_, index) => 1 + OWN_COLUMNS * (index + 1));
  return {
    head: ['cell', `${baseline.label} (${figure.unit})`, ...heads.flat()],
    rows,
    words: new Set([0, ...verdicts]),
  };
}

/** Each once: those of the first pairing, then what later ones have beside. */
export function listPlaces({ pairings }: Comparison): CellPlace[] {
  const all = pairings.flatMap(({ cells }) => cells);
  return [...new Map(all.map((cell) => [keyOf(cell), cell])).values()];
}

export function keyOf({ target, scenario, directorySize, level }: CellPlace): string {
  return JSON.stringify([target, scenario, directorySize, level]);
}

function describeOther(figure: ComparedFigure, own: FigureComparison | undefined): string[] {
  if (own === undefined) return ['', '', '', '', 'no such cell'];
  return [
    writeRuns(own),
    writeFigure(figure, own.other),
    writeChange(figure, own),
    writeInterval(figure, own),
    own.verdict,
  ];
}

function toneOf(own: readonly (FigureComparison | undefined)[]): FigureRow['tone'] {
  const shown = own.filter((each) => each !== undefined && isShown(each));
  if (shown.length === 0) return 'none';
  return shown.every((each) => each !== undefined && isBetter(each)) ? 'better' : 'worse';
}

/** Whether there is nothing but zeros: then a sentence does. */
export function isAllZero(figure: ComparedFigure, cells: readonly CellComparison[]): boolean {
  return cells.every(({ figures }) => {
    const { baseline, other } = figures[figure.name];
    return baseline.value === 0 && other.value === 0;
  });
}
