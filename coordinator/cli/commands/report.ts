/** `glidetester report`: renders a result directory again, without service or pilots, as a page or for other tools. */

import { resolve } from 'node:path';
import { GlideTesterError } from '../../../foundation/error.ts';
import type { FigureFormat } from '../../../reports/formats/write-figures.ts';
import type { TextFormat } from '../../../reports/formats/render-text.ts';
import type { ReportFormat } from '../../../reports/formats/report-format.ts';
import type { ReportView } from '../../../reports/report-facts.ts';
import type { Summary } from '../../../reports/summary.ts';
import { EXIT } from '../exit-code.ts';
import { showOnGitHub } from '../github-campaign.ts';
import { note, printJson, printText, printWhole } from '../standard-streams.ts';

export type ReportOptions = {
  format: ReportFormat;
  /** File, or folder of the figures; without it the format's own place. */
  out?: string;
  /** Of PNG. */
  dpi: number;
  anew: boolean;
  json: boolean;
};

/** @throws GlideTesterError GT_REPORT_OPTIONS, and those of the formats */
export async function report(directory: string, options: ReportOptions): Promise<number> {
  const { format } = options;
  const where = resolve(directory);
  if (format === 'html') await writePage(where, options);
  else if (format === 'svg' || format === 'png') await drawFigures(where, format, options);
  else await writeText(where, format, options);
  return EXIT.done;
}

async function writePage(directory: string, options: ReportOptions): Promise<void> {
  const [{ renderReport }, { summaryTable }] = await Promise.all([
    import('../../../reports/render.ts'),
    import('../../../reports/terminal-table.ts'),
  ]);
  const { file, summary } =
    options.out === undefined
      ? await renderReport(directory, options)
      : await writePageTo(options.out, directory, options);
  note(`${summaryTable(summary)}\n`);
  if (options.json) printJson(summary);
  else printText(file);
  await showOnGitHub(summary);
}

/** The result directory is left as it is. */
async function writePageTo(
  out: string,
  directory: string,
  options: ReportOptions,
): Promise<{ file: string; summary: Summary }> {
  const [{ renderPage }, { writeAskedFile }] = await Promise.all([
    import('../../../reports/page.ts'),
    import('../../../reports/formats/write-file.ts'),
  ]);
  const view = await load(directory, options);
  const file = resolve(out);
  await writeAskedFile(file, await renderPage(view));
  return { file, summary: view.summary };
}

async function drawFigures(directory: string, format: FigureFormat, options: ReportOptions): Promise<void> {
  const [{ figuresFolder, writeFigures }, { requireRsvg }] = await Promise.all([
    import('../../../reports/formats/write-figures.ts'),
    import('../../../reports/formats/rsvg.ts'),
  ]);
  // Before minutes of measuring anew.
  if (format === 'png') await requireRsvg();
  const view = await load(directory, options);
  const folder = options.out === undefined ? figuresFolder(directory) : resolve(options.out);
  const files = await writeFigures(view, folder, { format, dotsPerInch: options.dpi });
  if (files.length === 0) note('no figure: nothing that was measured can be drawn');
  if (options.json) printJson(view.summary);
  else if (files.length > 0) printText(files.join('\n'));
}

async function writeText(directory: string, format: TextFormat, options: ReportOptions): Promise<void> {
  const { out, json } = options;
  if (json && out === undefined) {
    throw new GlideTesterError('GT_REPORT_OPTIONS', `expected either --json or --format ${format} on standard output`, {
      hint: 'give --out FILE for the one, and --json prints the other',
    });
  }
  const [{ renderText }, { writeAskedFile }] = await Promise.all([
    import('../../../reports/formats/render-text.ts'),
    import('../../../reports/formats/write-file.ts'),
  ]);
  const { summary } = await load(directory, options);
  const text = renderText(summary, format);
  if (out === undefined) return printWhole(text);
  const file = resolve(out);
  await writeAskedFile(file, text);
  if (json) printJson(summary);
  else printText(file);
}

async function load(directory: string, options: { anew: boolean }): Promise<ReportView> {
  const { loadReport } = await import('../../../reports/load-report.ts');
  return loadReport(directory, options);
}
