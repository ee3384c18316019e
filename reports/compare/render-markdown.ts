/** A comparison as Markdown that fits a comment of a pull request: what it comes to first, all cells in a fold. */

import { formatCount } from '../format-number.ts';
import { codeMarkdown, escapeMarkdown, tableMarkdown } from '../formats/markdown-text.ts';
import type { Comparison } from './comparison.ts';
import { type FigureRow, type FigureRows, isAllZero, listPlaces, tabulateFigure } from './figure-rows.ts';
import { type ComparedFigure, FIGURES } from './figures.ts';
import type { FailIfOutcome } from './judge-fail-if.ts';
import { describeResult, describeTest, listRemarks, shorten } from './remarks.ts';
import { createPlaceNamer } from './name-places.ts';
import { isBetter, isShown, summarize, writeChange, writeFigureWithUnit, writeInterval } from './words.ts';

/** GitHub takes 65,536 characters in a comment; there is to be room for words of somebody else. */
const MOST_BYTES = 60_000;
/** Rows that stand before the fold. */
const MOST_SHOWN = 10;
const MOST_REASONS = 5;
const MOST_REMARKS = 30;

/** Ends with a newline; shorter than 60 kB. */
export function compareMarkdown(comparison: Comparison, failIf: readonly FailIfOutcome[]): string {
  const { baseline, pairings } = comparison;
  const results = [baseline, ...pairings.map(({ other }) => other)];
  const cells = pairings.flatMap((pairing) => pairing.cells);
  const tables = FIGURES.filter((figure) => cells.length > 0 && !isAllZero(figure, cells)).map((figure) => ({
    figure,
    table: tabulateFigure(figure, comparison),
  }));
  const parts = [
    [`## Comparison with ${escapeMarkdown(shorten(baseline.name))}`],
    results.map(
      (result, index) =>
        `- **${result.label}** ${escapeMarkdown(describeResult(result))}${index === 0 ? ' (baseline)' : ''}`,
    ),
    ...failIf.map(describeOutcome),
    ...pairings.map((pairing) => [
      `**${pairing.other.label} against ${baseline.label}**`,
      '',
      ...summarize(pairing).map((line) => `- ${escapeMarkdown(line)}`),
    ]),
    listShown(comparison),
    listSaid(comparison),
    [`<sub>${escapeMarkdown(describeTest(comparison))}</sub>`],
  ].filter((lines) => lines.length > 0);
  return fitInto(parts, tables);
}

type FigureTable = { figure: ComparedFigure; table: FigureRows };

function describeOutcome({ expression, verdict, reasons }: FailIfOutcome): string[] {
  const more = reasons.length - MOST_REASONS;
  return [
    `**${codeMarkdown(shorten(expression))} ${verdict}**`,
    ...(reasons.length > 0 ? [''] : []),
    ...reasons.slice(0, MOST_REASONS).map((reason) => `- ${escapeMarkdown(shortenTo(reason, 300))}`),
    ...(more > 0 ? [`- and ${formatCount(more)} more`] : []),
  ];
}

/** What was shown to differ, one figure of one cell a row: for the worse first, the headline before the others, the largest first. */
function listShown(comparison: Comparison): string[] {
  const { baseline, pairings } = comparison;
  const name = createPlaceNamer(listPlaces(comparison));
  const all = pairings.flatMap(({ other, cells }) =>
    FIGURES.flatMap((figure) => cells.map((cell) => ({ other, figure, cell, own: cell.figures[figure.name] }))),
  );
  const shown = all
    .filter(({ own }) => isShown(own))
    .toSorted((a, b) => {
      const [sizeOfA, sizeOfB] = [a, b].map(({ own }) => Math.abs(own.difference?.value ?? 0)) as [number, number];
      return (
        Number(isBetter(a.own)) - Number(isBetter(b.own)) ||
        FIGURES.indexOf(a.figure) - FIGURES.indexOf(b.figure) ||
        sizeOfB - sizeOfA
      );
    });
  if (shown.length === 0) return [];
  const rows = shown
    .slice(0, MOST_SHOWN)
    .map(({ other, figure, cell, own }) => [
      ...(pairings.length > 1 ? [other.label] : []),
      escapeMarkdown(shorten(name(cell))),
      figure.title,
      writeFigureWithUnit(figure, own.baseline),
      writeFigureWithUnit(figure, own.other),
      writeChange(figure, own),
      writeInterval(figure, own),
      own.verdict,
    ]);
  const before = pairings.length > 1 ? ['result'] : [];
  const label = pairings.length > 1 ? 'other' : (pairings[0]?.other.label ?? '');
  const head = [...before, 'cell', 'figure', baseline.label, label, 'change', '95 % interval', 'verdict'];
  const numbers = new Set([2, 3, 4, 5].map((column) => column + before.length));
  const more = shown.length - rows.length;
  return [...tableMarkdown(head, rows, numbers), ...(more > 0 ? ['', `and ${formatCount(more)} more below`] : [])];
}

function listSaid({ baseline, pairings }: Comparison): string[] {
  const lines = pairings.flatMap((pairing) => listRemarks(pairing, baseline));
  const more = lines.length - MOST_REMARKS;
  return [
    ...lines.slice(0, MOST_REMARKS).map((line) => `- ${escapeMarkdown(shortenTo(line, 400))}`),
    ...(more > 0 ? [`- and ${formatCount(more)} more; --format json has all`] : []),
  ];
}

function writeTable({ title }: ComparedFigure, { head, words }: FigureRows, rows: readonly FigureRow[]): string[] {
  const numbers = new Set(head.keys().filter((column) => !words.has(column)));
  const lines = rows.map(({ cells }) => cells.map((cell) => escapeMarkdown(shorten(cell))));
  return tableMarkdown([title, ...head.slice(1)], lines, numbers);
}

/** The fold takes what room is left, whole rows; what has none is counted. */
function fitInto(parts: readonly string[][], tables: readonly FigureTable[]): string {
  const open = `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
  if (tables.length === 0) return cutTo(open, MOST_BYTES);
  const before = '\n<details><summary>All cells</summary>\n';
  const after = '\n</details>\n';
  let room = MOST_BYTES - Buffer.byteLength(open + before + after) - 200;
  let missing = 0;
  const lines: string[] = [];
  for (const { figure, table } of tables) {
    const [head = '', rule = '', ...rows] = writeTable(figure, table, table.rows);
    room -= Buffer.byteLength(`\n${head}\n${rule}\n`);
    const fitting = rows.filter((row) => (room -= Buffer.byteLength(`${row}\n`)) >= 0);
    missing += rows.length - fitting.length;
    if (fitting.length > 0) lines.push('', head, rule, ...fitting);
  }
  const left = missing === 0 ? [] : ['', `${formatCount(missing)} more rows have no room here; --format json has all.`];
  return cutTo(`${open}${before}${[...lines, ...left].join('\n')}\n${after}`, MOST_BYTES);
}

/** Only names that are longer than any can be come to this. */
function cutTo(text: string, bytes: number): string {
  const whole = Buffer.from(text);
  if (whole.length <= bytes) return text;
  return `${whole.subarray(0, whole.lastIndexOf('\n', bytes - 100)).toString()}\n\n*Cut here; --format json has all.*\n`;
}

function shortenTo(text: string, letters: number): string {
  return text.length <= letters ? text : `${text.slice(0, letters - 1).toWellFormed()}…`;
}
