/** The verdicts of a campaign: every expectation and threshold of its record, as they stand in the config. */

import type { CampaignRecord } from '../campaign-record.ts';
import type { CellSummary, Summary, Verdict } from '../summary.ts';
import { isProblem } from './check.ts';
import { evaluateCheck } from './evaluate.ts';
import { parseCheck } from './parse-check.ts';

/** What was expected beside what was found; null: nothing was expected. */
export function evaluateFindings(
  { expect }: Pick<CampaignRecord, 'expect'>,
  cells: readonly CellSummary[],
): Summary['findings'] {
  if (expect === null) return null;
  const rows = expect.findings.map(({ says, check }) => ({ says, ...judge(check, cells) }));
  return { source: expect.source, rows };
}

export function evaluateThresholds(
  { thresholds }: Pick<CampaignRecord, 'thresholds'>,
  cells: readonly CellSummary[],
): Summary['thresholds'] {
  return Object.entries(thresholds).map(([check, otherwise]) => ({ ...judge(check, cells), otherwise }));
}

/** A config with a check that can't be read is refused before it runs; a result from another version may have one all the same. */
function judge(text: string, cells: readonly CellSummary[]): Verdict {
  const check = parseCheck(text);
  if (!isProblem(check)) return { ...evaluateCheck(check, { cells: [...cells] }), check: text };
  const { column, expected, came } = check;
  return {
    check: text,
    verdict: 'not measured',
    measured: `can't be read: expected ${expected} at column ${column}, came ${came}`,
  };
}
