/** What of a campaign is worth an annotation in CI: thresholds that it did not meet, and cells that need a second look. */

import type { CellSummary, Summary } from '../../reports/summary.ts';
import type { Annotation } from './workflow-commands.ts';

export function listAnnotations({ thresholds, cells }: Summary): Annotation[] {
  return [
    ...thresholds.filter(({ verdict }) => verdict !== 'met').map(warnOfThreshold),
    ...cells.filter(({ state }) => state === 'failed' || state === 'degraded').map(warnOfState),
    ...warnOfSkipped(cells.filter(({ state }) => state === 'skipped')),
    ...cells.filter(({ state, marks }) => state === 'ok' && marks.length > 0).map(warnOfMarks),
  ];
}

function warnOfThreshold({ check, verdict, measured }: Summary['thresholds'][number]): Annotation {
  return { level: 'error', title: `Threshold ${verdict}`, message: `${check}\nmeasured: ${measured}` };
}

function warnOfState({ id, state, reason }: CellSummary): Annotation {
  return { level: 'warning', title: `Cell ${id} ${state}`, message: reason ?? 'no reason given' };
}

/** A campaign that was broken off may have hundreds. */
function warnOfSkipped(cells: readonly CellSummary[]): Annotation[] {
  const [first] = cells;
  if (first === undefined) return [];
  const title = cells.length === 1 ? `Cell ${first.id} was not run` : `${cells.length} cells were not run`;
  return [{ level: 'warning', title, message: `${first.id}: ${first.reason ?? 'no reason given'}` }];
}

function warnOfMarks({ id, marks }: CellSummary): Annotation {
  const title = `Cell ${id}: ${marks.map(({ code }) => code).join(', ')}`;
  return { level: 'warning', title, message: marks.map(({ text }) => text).join('\n') };
}
