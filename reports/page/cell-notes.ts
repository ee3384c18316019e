/** What is special about a cell, as sentences: why it is not ok, what failed, its sites, what its marks say. */

import { formatCount } from '../format-number.ts';
import { describeSites } from '../site-lines.ts';
import type { CellSummary } from '../summary.ts';

/** Further ones stand in summary.json: a page of hundreds of cells stays small. */
const SITES_AT_MOST = 4;
const OUTCOMES_AT_MOST = 8;

export function listNotes(cell: CellSummary): string[] {
  return [
    ...(cell.reason === null ? [] : [cell.reason]),
    ...listFailures(cell),
    ...listSites(cell),
    ...cell.marks.map(({ code, text }) => `${code}: ${text}`),
  ];
}

/** Most frequent first. */
function listFailures({ operations }: CellSummary): string[] {
  const failures = Object.entries(operations.byOutcome)
    .filter(([outcome]) => outcome !== 'ok')
    .toSorted(([, a], [, b]) => b - a);
  if (failures.length === 0) return [];
  const shown = failures.slice(0, OUTCOMES_AT_MOST).map(([outcome, count]) => `${formatCount(count)} ${outcome}`);
  const others = failures.slice(OUTCOMES_AT_MOST).reduce((sum, [, count]) => sum + count, 0);
  return [`From T0 to drained: ${[...shown, ...(others === 0 ? [] : [`${formatCount(others)} others`])].join(', ')}.`];
}

function listSites(cell: CellSummary): string[] {
  const lines = describeSites(cell);
  if (lines.length <= SITES_AT_MOST) return lines;
  return [
    ...lines.slice(0, SITES_AT_MOST),
    `${formatCount(lines.length - SITES_AT_MOST)} further sites: see summary.json.`,
  ];
}
