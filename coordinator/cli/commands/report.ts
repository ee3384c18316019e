/** `glidetester report`: renders a result directory again, without service or pilots. */

import { resolve } from 'node:path';
import { EXIT } from '../exit-code.ts';
import { note, printJson, printText } from '../standard-streams.ts';

export async function report(directory: string, options: { anew: boolean; json: boolean }): Promise<number> {
  const [{ renderReport }, { summaryTable }] = await Promise.all([
    import('../../../reports/render.ts'),
    import('../../../reports/terminal-table.ts'),
  ]);
  const { file, summary } = await renderReport(resolve(directory), options);
  note(`${summaryTable(summary)}\n`);
  if (options.json) printJson(summary);
  else printText(file);
  return EXIT.done;
}
