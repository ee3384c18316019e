/** What a run writes into its result directory beside the page and the summary, when it was asked to. */

import { join } from 'node:path';
import type { AlsoFormat } from '../../reports/formats/report-format.ts';
import { EXIT } from './exit-code.ts';
import { describeError, exitCodeOf } from './show-error.ts';
import { note } from './standard-streams.ts';

const PRINT_DOTS_PER_INCH = 300;

/** The files, and how the run ends: one that is done but could not be written as asked is not done. */
export type Written = { files: string[]; exitCode: number };

type WriteFormats = (directory: string, exitCode: number) => Promise<Written>;

/**
 * Looks for what the formats need before hours of load, and returns what writes them in the end.
 *
 * @throws GlideTesterError GT_RSVG_MISSING
 */
export async function prepareFormats(formats: readonly AlsoFormat[]): Promise<WriteFormats> {
  if (formats.includes('png')) {
    const { requireRsvg } = await import('../../reports/formats/rsvg.ts');
    await requireRsvg();
  }
  return async (directory, exitCode) => {
    if (formats.length === 0) return { files: [], exitCode };
    try {
      return { files: await writeFormats(directory, formats), exitCode };
    } catch (error) {
      note(describeError(error));
      return { files: [], exitCode: exitCode === EXIT.done ? exitCodeOf(error) : exitCode };
    }
  };
}

async function writeFormats(directory: string, formats: readonly AlsoFormat[]): Promise<string[]> {
  const [{ loadReport }, { figuresFolder, writeFigures }, { TEXT_FILES, renderText }, { writeDurably }] =
    await Promise.all([
      import('../../reports/load-report.ts'),
      import('../../reports/formats/write-figures.ts'),
      import('../../reports/formats/render-text.ts'),
      import('../../reports/result-directory.ts'),
    ]);
  const view = await loadReport(directory);
  const files: string[] = [];
  for (const format of formats) {
    if (format === 'svg' || format === 'png') {
      const options = { format, dotsPerInch: PRINT_DOTS_PER_INCH };
      files.push(...(await writeFigures(view, figuresFolder(directory), options)));
    } else {
      const file = join(directory, TEXT_FILES[format]);
      await writeDurably(file, renderText(view.summary, format));
      files.push(file);
    }
  }
  return files;
}
