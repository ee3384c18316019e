/** Lines of comma-separated values as RFC 4180 has them, which a spreadsheet shows and does not calculate. */

import { putOnOneLine } from '../plain-text.ts';

export type CsvValue = string | number | boolean | null;

/** What makes a formula of a cell: https://owasp.org/www-community/attacks/CSV_Injection. */
const BEGINS_A_FORMULA = /^\s*[=+\-@＝＋－＠]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** Ends with CRLF. */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(writeValue).join(',')}\r\n`;
}

/** Nothing between two commas: no value, or no text. Text stays on one line; what would be a formula has an apostrophe before it. */
function writeValue(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const line = putOnOneLine(value).toWellFormed();
  const text = BEGINS_A_FORMULA.test(line) ? `'${line}` : line;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
