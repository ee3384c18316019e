/** Writes what is read of a result directory: its summary and its report. */

import { loadReport } from './load-report.ts';
import { renderPage } from './page.ts';
import { reportFile, summaryFile, writeDurably } from './result-directory.ts';
import type { Summary } from './summary.ts';

/**
 * Writes summary.json and report.html of a result directory, from what {@link loadReport} makes of it, and returns the report's
 * path with the summary.
 *
 * @param options those of {@link loadReport}
 * @throws GlideTesterError GT_RESULT_NOT_READABLE without a readable campaign.json, GT_RESULT_NOT_WRITABLE
 */
export async function renderReport(
  directory: string,
  options: { anew?: boolean } = {},
): Promise<{ file: string; summary: Summary }> {
  const view = await loadReport(directory, options);
  const file = reportFile(directory);
  await writeDurably(summaryFile(directory), `${JSON.stringify(view.summary, null, 2)}\n`);
  await writeDurably(file, await renderPage(view));
  return { file, summary: view.summary };
}
