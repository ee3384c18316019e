/** What the expressions of `--fail-if` come to: whether any holds, and for which cells. */

import type { Selectors } from '../expectations/check.ts';
import { putOnOneLine } from '../plain-text.ts';
import type { CellComparison, Comparison, Pairing } from './comparison.ts';
import { figureOf } from './figures.ts';
import { createPlaceNamer } from './name-places.ts';
import type { FailIf } from './parse-fail-if.ts';
import { explainTooFew, isShown, writeChange, writeFigureWithUnit, writeInterval } from './words.ts';

export type FailIfOutcome = {
  expression: string;
  /** `not enough runs`: it holds nowhere, and somewhere it can't be known. */
  verdict: 'holds' | 'does not hold' | 'not enough runs';
  /** A sentence for each cell that it holds for, and for each that it can't be told of. */
  reasons: string[];
};

export function judgeFailIf(expression: FailIf, comparison: Comparison): FailIfOutcome {
  const found = comparison.pairings.map((pairing) => judgePairing(expression, pairing, comparison));
  const holding = found.flatMap(({ holds }) => holds);
  const unknown = found.flatMap(({ isUnknown }) => isUnknown);
  const otherwise = unknown.length > 0 ? 'not enough runs' : 'does not hold';
  return {
    expression: expression.text,
    verdict: holding.length > 0 ? 'holds' : otherwise,
    reasons: [...holding, ...unknown].map(putOnOneLine),
  };
}

type Judged = { holds: string[]; isUnknown: string[] };

function judgePairing(expression: FailIf, pairing: Pairing, { baseline }: Comparison): Judged {
  const figure = figureOf(expression.figure);
  const labels = { baseline: baseline.label, other: pairing.other.label };
  const name = createPlaceNamer(pairing.cells);
  const cells = pairing.cells.filter((cell) => isMeant(cell, expression.selectors));
  if (cells.length === 0)
    return { holds: [], isUnknown: [`${labels.other}: not enough runs: no such cell is in both`] };
  const judged: Judged = { holds: [], isUnknown: [] };
  for (const cell of cells) {
    const own = cell.figures[expression.figure];
    const where = `${labels.other}, ${name(cell)}`;
    if (own.verdict === 'not enough runs') {
      judged.isUnknown.push(`${where}: ${explainTooFew(figure, own, labels)}`);
    } else if (isShown(own) && isBeyond(expression, own.difference?.value ?? 0)) {
      const [a, b] = [own.baseline, own.other].map((side) => writeFigureWithUnit(figure, side));
      const change = `${writeChange(figure, own)} (${writeInterval(figure, own)})`;
      judged.holds.push(`${where}: ${figure.title} ${change}: ${a} in ${labels.baseline}, ${b} in ${labels.other}`);
    }
  }
  return judged;
}

function isMeant({ target, directorySize, level }: CellComparison, selectors: Selectors): boolean {
  const { levels } = selectors;
  return (
    (selectors.target === null || selectors.target === target) &&
    (selectors.directorySize === null || selectors.directorySize === directorySize) &&
    (levels === null || (level >= levels.from && level <= (levels.to ?? Infinity)))
  );
}

function isBeyond({ comparator, limit }: FailIf, value: number): boolean {
  switch (comparator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    default:
      return comparator satisfies never;
  }
}
