/** The cells of a campaign as comma-separated values: a header, then a line a cell in the order of the plan. */

import type { Summary } from '../summary.ts';
import { CSV_COLUMNS } from './csv-columns.ts';
import { csvLine } from './csv-text.ts';

/** UTF-8 without a byte-order mark; the header is the same for every campaign. */
export function renderCsv({ cells }: Pick<Summary, 'cells'>): string {
  const header = csvLine(CSV_COLUMNS.map(([name]) => name));
  return header + cells.map((cell) => csvLine(CSV_COLUMNS.map(([, read]) => read(cell)))).join('');
}
