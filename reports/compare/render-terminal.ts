/** A comparison as plain text for a terminal: what it comes to, what is not the same, a table a figure. */

import { putOnOneLine } from '../plain-text.ts';
import type { Comparison, Pairing } from './comparison.ts';
import { type FigureRow, isAllZero, tabulateFigure } from './figure-rows.ts';
import { FIGURES } from './figures.ts';
import type { FailIfOutcome } from './judge-fail-if.ts';
import { describeResult, describeTest, listRemarks } from './remarks.ts';
import { summarize } from './words.ts';

/** Colours a text, or leaves it as it is. */
export type Paint = (style: 'bold' | 'dim' | 'green' | 'yellow' | 'red', text: string) => string;

const HEAD_WIDTH = 'SAID'.length + 4;

/** Lines separated by newlines, none at the end. */
export function renderTerminal(comparison: Comparison, failIf: readonly FailIfOutcome[], paint: Paint): string {
  const { baseline, pairings } = comparison;
  const cells = pairings.flatMap((pairing) => pairing.cells);
  const results = [baseline, ...pairings.map(({ other }) => other)];
  return [
    ...results.map((result, index) =>
      head(result.label, `${describeResult(result)}${index === 0 ? ' (baseline)' : ''}`),
    ),
    ...pairings.flatMap((pairing) => describePairing(pairing, comparison)),
    ...FIGURES.filter((figure) => cells.length > 0 && !isAllZero(figure, cells)).flatMap((figure) => {
      const { head: heads, rows, words } = tabulateFigure(figure, comparison);
      return [
        '',
        paint('bold', `${figure.title} (${figure.unit})`),
        ...alignRows([{ cells: heads, tone: 'none' }, ...rows], words, paint),
      ];
    }),
    '',
    head('TEST', describeTest(comparison)),
    ...failIf.flatMap((outcome) => describeOutcome(outcome, paint)),
  ]
    .map((line) => line.trimEnd())
    .join('\n');
}

function head(name: string, text: string): string {
  return `${name.padEnd(HEAD_WIDTH)}${putOnOneLine(text)}`;
}

/** Where there are several, each line says of which it speaks. */
function describePairing(pairing: Pairing, { baseline }: Comparison): string[] {
  const lines = [
    ...summarize(pairing).map((line) => ({ name: `${pairing.other.label}-${baseline.label}`, line })),
    ...listRemarks(pairing, baseline).map((line) => ({ name: 'SAID', line })),
  ];
  return lines.map(({ name, line }, index) => head(lines[index - 1]?.name === name ? '' : name, line));
}

const TONES = { worse: 'red', better: 'green' } as const;

function alignRows(
  rows: readonly Pick<FigureRow, 'cells' | 'tone'>[],
  words: ReadonlySet<number>,
  paint: Paint,
): string[] {
  const lines = rows.map(({ cells }) => cells.map(putOnOneLine));
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines.map((line, index) => {
    const text = line
      .map((cell, column) => {
        const width = widths[column] as number;
        return words.has(column) ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd();
    const tone = rows[index]?.tone ?? 'none';
    if (index === 0) return paint('dim', text);
    return tone === 'none' ? text : paint(TONES[tone], text);
  });
}

const OUTCOME_STYLES = { holds: 'red', 'does not hold': 'green', 'not enough runs': 'yellow' } as const;

function describeOutcome({ expression, verdict, reasons }: FailIfOutcome, paint: Paint): string[] {
  const says = putOnOneLine(`${expression}: ${verdict}`);
  return [
    `${'FAIL-IF'.padEnd(HEAD_WIDTH)}${paint(OUTCOME_STYLES[verdict], says)}`,
    ...reasons.map((reason) => head('', `  ${reason}`)),
  ];
}
