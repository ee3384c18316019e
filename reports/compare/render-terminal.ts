/** A comparison as plain text for a terminal: what it comes to, what is not the same, a table a figure. */

import { putOnOneLine } from '../plain-text.ts';
import type { Comparison, Pairing } from './comparison.ts';
import { type FigureRows, type Tone, isAllZero, tabulateFigure } from './figure-rows.ts';
import { FIGURES } from './figures.ts';
import type { FailIfOutcome } from './judge-fail-if.ts';
import { describeResult, describeTest, listRemarks } from './remarks.ts';
import { summarize } from './words.ts';

/** Colours a text, or leaves it as it is. */
export type Paint = (style: 'bold' | 'dim' | 'green' | 'yellow' | 'red', text: string) => string;

const HEAD_WIDTH = 'FAIL-IF'.length + 2;

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
    ...FIGURES.flatMap((figure) => {
      if (cells.length === 0 || isAllZero(figure, cells)) return [];
      const title = paint('bold', `${figure.title} (${figure.unit})`);
      return ['', title, ...alignRows(tabulateFigure(figure, comparison), paint)];
    }),
    '',
    head('TEST', describeTest(comparison)),
    ...failIf.map((outcome) => describeOutcome(outcome, paint)),
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

/** Words to the left, numbers to the right; verdicts in colour. */
function alignRows({ head: heads, rows, words }: FigureRows, paint: Paint): string[] {
  const widths = heads.map((title, column) =>
    Math.max(title.length, ...rows.map(({ cells }) => putOnOneLine(cells[column] ?? '').length)),
  );
  const align = (text: string, column: number): string => {
    const [line, width] = [putOnOneLine(text), widths[column] as number];
    return words.has(column) ? line.padEnd(width) : line.padStart(width);
  };
  return [
    paint('dim', heads.map(align).join(GAP).trimEnd()),
    ...rows.map(({ cells, tones }) =>
      cells.map((text, column) => paintTone(paint, tones[column] ?? 'plain', align(text, column))).join(GAP),
    ),
  ];
}

const GAP = '  ';

function paintTone(paint: Paint, tone: Tone, text: string): string {
  if (tone === 'plain') return text;
  return paint(tone === 'worse' ? 'red' : 'green', text);
}

const OUTCOME_STYLES = { holds: 'red', 'does not hold': 'green', 'not enough runs': 'yellow' } as const;

/** The reasons stand on standard error. */
function describeOutcome({ expression, verdict }: FailIfOutcome, paint: Paint): string {
  return `${'FAIL-IF'.padEnd(HEAD_WIDTH)}${paint(OUTCOME_STYLES[verdict], putOnOneLine(`${expression}: ${verdict}`))}`;
}
