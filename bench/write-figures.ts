/**
 * Sets the figures of a run into a page: below each row's heading stands a marked block, `<!-- figures: NAME -->` to
 * `<!-- end of figures -->`, which is written anew.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import type { RowResult } from './run-row.ts';
import { describeRow } from './table.ts';

/** @throws Error when the page has no block for one of the rows: nothing is written then */
export function writeFigures(file: string, rows: readonly RowResult[], machine: string): void {
  let page = readFileSync(file, 'utf8');
  for (const row of rows) page = setBlock(page, row, machine);
  writeFileSync(file, page);
}

export function setBlock(page: string, row: RowResult, machine: string): string {
  const begin = `<!-- figures: ${row.name} -->\n`;
  const end = '<!-- end of figures -->';
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from === -1 || to === -1) throw new Error(`expected a block ${begin.trim()} … ${end} in the page`);
  const told = `${row.measuredAt.slice(0, 10)}, ${row.rounds} rounds of ${row.seconds} s; ${machine}`;
  const block = ['', '```text', told, '', ...describeRow(row), '```', '', ''].join('\n');
  return page.slice(0, from + begin.length) + block + page.slice(to);
}
