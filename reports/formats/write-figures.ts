/** The figures of a report as files for a paper: SVG, or PNG made of it. */

import { join } from 'node:path';
import { collectFigures } from '../figures/collect-figures.ts';
import type { ReportView } from '../report-facts.ts';
import { writeDurably } from '../result-directory.ts';
import { hasDrawing, renderFigureFile } from './figure-file.ts';
import { convertToPng, requireRsvg } from './rsvg.ts';

export type FigureFormat = 'svg' | 'png';

/** Where figures of a result directory go unless it is said otherwise. */
export const figuresFolder = (directory: string): string => join(directory, 'figures');

/** `dotsPerInch` is for PNG alone. */
export type FigureOptions = { format: FigureFormat; dotsPerInch: number };

/**
 * Writes a file a figure, `<id>.svg` or `<id>.png`, and returns their paths; none when nothing can be drawn. All are drawn before
 * the first is written.
 *
 * @throws GlideTesterError GT_RSVG_MISSING, GT_RSVG_FAILED, GT_RESULT_NOT_WRITABLE
 */
export async function writeFigures(view: ReportView, folder: string, options: FigureOptions): Promise<string[]> {
  const { format, dotsPerInch } = options;
  if (format === 'png') await requireRsvg();
  const files: { path: string; content: string | Buffer }[] = [];
  for (const figure of collectFigures(view).filter(hasDrawing)) {
    const svg = await renderFigureFile(figure);
    const content = format === 'svg' ? svg : await convertToPng(svg, dotsPerInch);
    files.push({ path: join(folder, `${figure.id}.${format}`), content });
  }
  for (const { path, content } of files) await writeDurably(path, content);
  return files.map(({ path }) => path);
}
