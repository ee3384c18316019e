/** How figures, differences and verdicts read, the same in every form of output. */

import { NO_NUMBER, formatNumber, formatQuantity } from '../format-number.ts';
import type { CellComparison, FigureComparison, Pairing, SideFigure } from './comparison.ts';
import { type ComparedFigure, FIGURES } from './figures.ts';
import { RUNS_NEEDED } from './compare-results.ts';

/** A figure without its unit: '512', '0.2'. */
export function writeFigure({ unit }: ComparedFigure, { value }: SideFigure): string {
  return formatNumber(value === null || unit !== '%' ? value : value * 100);
}

/** A figure with its unit: '512 Hz', '0.2 %'. */
export function writeFigureWithUnit(figure: ComparedFigure, side: SideFigure): string {
  return side.value === null ? NO_NUMBER : `${writeFigure(figure, side)} ${figure.unit}`;
}

/** '-9.8 %', of a share '+1.2 points'; a dash when a side has none. */
export function writeChange(figure: ComparedFigure, { difference }: FigureComparison): string {
  return difference === null ? NO_NUMBER : `${writeSigned(difference.value)} ${unitOf(figure)}`;
}

/** '-12.1 to -7.4 %'; a dash with too few runs. */
export function writeInterval(figure: ComparedFigure, { difference }: FigureComparison): string {
  if (difference === null || difference.low === null || difference.high === null) return NO_NUMBER;
  return `${writeSigned(difference.low)} to ${writeSigned(difference.high)} ${unitOf(figure)}`;
}

function unitOf({ isRelative }: ComparedFigure): string {
  return isRelative ? '%' : 'points';
}

const SMALL = new Intl.NumberFormat('en-US', {
  maximumFractionDigits: 1,
  minimumFractionDigits: 1,
  signDisplay: 'exceptZero',
});
const LARGE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0, signDisplay: 'exceptZero' });

/** A share in hundredths with its sign: one decimal below 100. */
export function writeSigned(share: number): string {
  const percent = share * 100;
  return (Math.abs(percent) < 99.95 ? SMALL : LARGE).format(percent);
}

/** Whether anything was shown to differ. */
export function isShown({ verdict }: FigureComparison): boolean {
  return verdict !== 'no difference shown' && verdict !== 'not enough runs';
}

/** Whether it is for the better: faster, fewer failures. */
export function isBetter({ verdict }: FigureComparison): boolean {
  return verdict === 'faster' || verdict === 'fewer failures';
}

/** '4', or '4 / 5' when the sides differ. */
export function writeRuns({ baseline, other }: FigureComparison): string {
  return baseline.runs === other.runs ? String(baseline.runs) : `${baseline.runs} / ${other.runs}`;
}

/** 'not enough runs: 2 in A, 4 in B; 4 are needed'; runs with few operations have no p95. */
export function explainTooFew(
  { name }: ComparedFigure,
  { baseline, other }: FigureComparison,
  labels: { baseline: string; other: string },
): string {
  const which = name === 'p50' || name === 'p95' ? `${RUNS_NEEDED} with a ${name}` : RUNS_NEEDED;
  return `not enough runs: ${baseline.runs} in ${labels.baseline}, ${other.runs} in ${labels.other}; ${which} are needed`;
}

/** What a pairing comes to, a sentence a figure: 'rate: slower in 3 of 4 cells (-10.8 to -9.4 %), no difference shown in 1'. */
export function summarize({ cells }: Pairing): string[] {
  if (cells.length === 0) return ['No cell is in both.'];
  return FIGURES.map((figure) => summarizeFigure(figure, cells));
}

function summarizeFigure(figure: ComparedFigure, cells: readonly CellComparison[]): string {
  const all = cells.map(({ figures }) => figures[figure.name]);
  if (all.every(({ baseline, other }) => baseline.value === 0 && other.value === 0)) return 'failed share: no failures';
  const groups = Map.groupBy(all, ({ verdict }) => verdict);
  const parts = [...groups]
    .toSorted(([, [a]], [, [b]]) => rankOf(a) - rankOf(b))
    .map(([verdict, own], index) => {
      const of = index === 0 ? ` of ${formatQuantity(all.length, 'cell')}` : '';
      return `${verdict} in ${own.length}${of}${own.some(isShown) ? ` (${writeRange(figure, own)})` : ''}`;
    });
  return `${figure.title}: ${parts.join(', ')}`;
}

/** What was shown comes first, for the worse before for the better. */
function rankOf(comparison: FigureComparison | undefined): number {
  if (comparison === undefined || comparison.verdict === 'not enough runs') return 3;
  if (!isShown(comparison)) return 2;
  return isBetter(comparison) ? 1 : 0;
}

function writeRange(figure: ComparedFigure, own: readonly FigureComparison[]): string {
  const values = own.flatMap(({ difference }) => (difference === null ? [] : [difference.value]));
  const [low, high] = [Math.min(...values), Math.max(...values)].map(writeSigned);
  return `${low === high ? low : `${low} to ${high}`} ${unitOf(figure)}`;
}
