/** Service time against directory size in words and numbers, with the straight line through it. */

import { formatShare } from '../../foundation/quantity.ts';
import type { SizeFit } from '../expectations/curve-measures.ts';
import { NO_NUMBER, formatCount, formatNumber } from '../format-number.ts';
import type { TimeUnit } from '../series.ts';
import type { FigureTable } from './figure.ts';
import { explainOmitted } from './panels.ts';
import { formatTime, joinWords, nameSize, startSentence } from './words.ts';

/** `doubtful`: the sizes of which not every run is ok. */
export type SizedLevel = { level: number; fit: SizeFit; doubtful: ReadonlySet<number> };
export type SizedTarget = { name: string | null; levels: SizedLevel[] };

/** A line from which a size is further off than this is none. */
const STRAIGHT_WITHIN = 0.2;

export function isStraight({ line }: Pick<SizeFit, 'line'>): boolean {
  return line !== null && line.worst.share <= STRAIGHT_WITHIN;
}

/** What the highest level tells. */
export function describeTarget({ name, levels }: SizedTarget, unit: TimeUnit): string {
  const { level, fit } = levels.at(-1) as SizedLevel;
  return startSentence(name, `at level ${formatCount(level)} the mean service time is ${describeFit(fit, unit)}.`);
}

function describeFit({ points, line }: SizeFit, unit: TimeUnit): string {
  if (line === null) {
    const ends = [points[0], points.at(-1)].filter((point) => point !== undefined);
    const told = ends.map(({ size, meanMs }) => `${formatTime(meanMs, unit)} with ${nameSize(size)}`);
    return `${joinWords(told)}; a straight line needs 4 sizes`;
  }
  const { perFileMs, atZeroMs, worst } = line;
  if (isStraight({ line })) {
    const each = `${perFileMs < 1 ? `${formatNumber(perFileMs * 1000)} µs` : `${formatNumber(perFileMs)} ms`} for each file`;
    const sum =
      atZeroMs < 0 ? `${each}, less ${formatTime(-atZeroMs, unit)}` : `${formatTime(atZeroMs, unit)} and ${each}`;
    const within = `no size lies further than ${formatShare(worst.share)} from that straight line (${nameSize(worst.size)})`;
    return `${sum}; ${within}`;
  }
  const off = Number.isFinite(worst.share)
    ? `${nameSize(worst.size)}: ${formatShare(worst.share)} off`
    : 'it would not lie above zero';
  return `no straight line in the size (${off})`;
}

/** `panels`: the targets that are drawn, with the levels that are. */
export function explainSizes(targets: readonly SizedTarget[], panels: readonly SizedTarget[]): string {
  const all = panels.flatMap(({ levels }) => levels);
  const left = targets
    .slice(0, panels.length)
    .some(({ levels }, index) => levels.length > (panels[index]?.levels.length ?? 0));
  return (
    [
      'A point is the mean of the operations that succeeded, the median over the runs that were measured.',
      ...(all.some(({ doubtful }) => doubtful.size > 0) ? ['Hollow: not every run is ok.'] : []),
      ...(all.some(({ fit }) => isStraight(fit))
        ? ['Dashed: the straight line through the points, by least squares.']
        : []),
      ...(left ? ['Not every level is drawn, but the lowest and the highest: the table has all.'] : []),
    ].join(' ') + explainOmitted(targets.length - panels.length)
  );
}

export function tabulateSizes(targets: readonly SizedTarget[], unit: TimeUnit): FigureTable {
  const rows = targets.flatMap(({ name, levels }) =>
    levels.flatMap(({ level, fit: { points, line } }) =>
      points.map(({ size, meanMs }) => {
        const lineMs = line === null ? null : line.atZeroMs + line.perFileMs * size;
        const off = lineMs === null || lineMs <= 0 ? NO_NUMBER : formatShare(meanMs / lineMs - 1);
        return [
          ...(name === null ? [] : [name]),
          formatCount(level),
          formatCount(size),
          formatNumber(meanMs / unit.ms),
          formatNumber(lineMs === null ? null : lineMs / unit.ms),
          off,
        ];
      }),
    ),
  );
  const named = targets.some(({ name }) => name !== null) ? ['target'] : [];
  return {
    columns: [...named, 'level', 'files', `mean (${unit.name})`, `straight line (${unit.name})`, 'off the line'],
    rows,
  };
}
