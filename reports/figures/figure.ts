/** A figure of the report: drawn in the page, written as a file for a paper, and told in words and numbers to who can't see it. */

import type { TopLevelSpec } from 'vega-lite';

export type FigureTable = { columns: string[]; rows: string[][] };

export type Figure = {
  /** Name of its file and of its place in the page: lower case with dashes. */
  id: string;
  title: string;
  /** What it found, as a sentence or two: stands above the drawing, and is the figure for a screen reader. */
  sentence: string;
  /** What its marks mean and what is left out; may be empty. */
  caption: string;
  /** Its numbers, with units in the heads. */
  table: FigureTable;
  /** Colours of text and axes are `currentColor`. Null: a drawing would say nothing that the sentence does not. */
  spec: TopLevelSpec | null;
  /** Whether a browser may draw it again, with tooltips and clicks. */
  isInteractive: boolean;
};
