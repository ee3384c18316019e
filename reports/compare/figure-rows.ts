/** One figure of all cells as a table: the baseline, and beside it each other result with its change, interval and verdict. */

import type { CellComparison, CellPlace, Comparison, FigureComparison } from './comparison.ts';
import type { ComparedFigure } from './figures.ts';
import { createPlaceNamer } from './name-places.ts';
import { isBetter, isShown, writeChange, writeFigure, writeInterval, writeRuns } from './words.ts';

export type FigureRow = {
  place: CellPlace;
  cells: string[];
  /** Of each cell: a verdict for the worse or the better; plain is anything else. */
  tones: Tone[];
};

export type Tone = 'worse' | 'better' | 'plain';

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
    const columns = [
      { text: name(place) },
      { text: known === undefined ? '' : writeFigure(figure, known.baseline) },
      ...own.flatMap((each) => describeOther(figure, each)),
    ];
    return {
      place,
      cells: columns.map(({ text }) => text),
      tones: columns.map(({ tone = 'plain' }: Column) => tone),
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

type Column = { text: string; tone?: Tone };

function describeOther(figure: ComparedFigure, own: FigureComparison | undefined): Column[] {
  const texts =
    own === undefined
      ? ['', '', '', '']
      : [writeRuns(own), writeFigure(figure, own.other), writeChange(figure, own), writeInterval(figure, own)];
  const verdict: Column = own === undefined ? { text: 'no such cell' } : { text: own.verdict, tone: toneOf(own) };
  return [...texts.map((text) => ({ text })), verdict];
}

export function toneOf(own: FigureComparison): Tone {
  if (!isShown(own)) return 'plain';
  return isBetter(own) ? 'better' : 'worse';
}

/** Whether there is nothing but zeros: then a sentence does. */
export function isAllZero(figure: ComparedFigure, cells: readonly CellComparison[]): boolean {
  return cells.every(({ figures }) => {
    const { baseline, other } = figures[figure.name];
    return baseline.value === 0 && other.value === 0;
  });
}
