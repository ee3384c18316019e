/** The formats that are one text each: made of the summary alone, for standard output or a file. */

import type { Summary } from '../summary.ts';
import { renderCsv } from './render-csv.ts';
import { renderJunit } from './render-junit.ts';
import { renderMarkdown } from './render-markdown.ts';

/** What a file of the format is called in a result directory. */
export const TEXT_FILES = { md: 'report.md', csv: 'cells.csv', junit: 'report.junit.xml' } as const;

export type TextFormat = keyof typeof TEXT_FILES;

const RENDER: Readonly<Record<TextFormat, (summary: Summary) => string>> = {
  md: renderMarkdown,
  csv: renderCsv,
  junit: renderJunit,
};

/** Ends with a newline. */
export function renderText(summary: Summary, format: TextFormat): string {
  return RENDER[format](summary);
}
