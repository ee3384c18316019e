/** The summary alone, for tests that look at nothing else. */

import { measureCell } from '../../reports/measure.ts';
import type { CellSummary } from '../../reports/summary.ts';

export async function summarizeCell(...cell: Parameters<typeof measureCell>): Promise<CellSummary> {
  return (await measureCell(...cell)).summary;
}
