/**
 * Markdown (GitHub's flavour, which GitLab and others read too) that can't be broken by what it shows: every text from outside
 * stays text on its line, in its cell.
 */

import { putOnOneLine } from '../plain-text.ts';

/** What begins a span, an entity, a tag, a link, a table cell or a formula, wherever it stands. */
const MEANS_SOMETHING = /[\\`*_[\]<>&|~#$]/g;
/** What makes a list, a heading, a quote or a rule of a line, at its beginning only. */
const BEGINS_A_BLOCK = /^(?:[-+=](?=[-+=\s]|$)|\d+(?=[.)](?:\s|$)))/;
/** Shown as nothing; parts a name from the sign that would call its bearer. */
const NOTHING_WIDE = '\u200B';

/** Text on one line that shows as it is: for a line of its own, a list item or a table cell. */
export function escapeMarkdown(text: string): string {
  return putOnOneLine(text)
    .trim()
    .replaceAll(MEANS_SOMETHING, String.raw`\$&`)
    .replaceAll('://', String.raw`\://`)
    .replaceAll(/(?<=\bwww)\./gi, String.raw`\.`)
    .replaceAll('@', `@${NOTHING_WIDE}`)
    .replace(BEGINS_A_BLOCK, (sign) => (/\d/.test(sign) ? `${sign}\\` : `\\${sign}`));
}

/**
 * Text in the letters of a program. With a bar it is in common letters: what parts the cells of a table does so in a program's
 * letters too, and readers differ in how it is kept from that.
 */
export function codeMarkdown(text: string): string {
  const line = putOnOneLine(text).trim();
  if (line === '' || line.includes('|')) return escapeMarkdown(line);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  // A blank on both sides is taken off again; it keeps the text's own ticks from the fence.
  const room = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${room}${line}${room}${fence}`;
}

/** @param head plain text; @param rows cells that are Markdown already; @param right columns that hold numbers */
export function tableMarkdown(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number> = new Set(),
): string[] {
  const rule = head.map((_, column) => (right.has(column) ? '---:' : '---'));
  return [head.map(escapeMarkdown), rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
