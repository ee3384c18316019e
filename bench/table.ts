/** The table for people: a row of the bench with all its contenders, goals and absent peers. */

import type { RowResult } from './run-row.ts';
import { type Spread, spreadOf } from './statistics.ts';

const HEADINGS = ['', 'median', 'least … most', 'operations', 'coordinator', 'service busy', 'count equal'];

/** Lines without a line's end. */
export function describeRow(row: RowResult): string[] {
  const cells = row.contenders.map((contender) => describeContender(contender));
  return [
    `${row.name}: ${row.title} (${row.unit})`,
    ...layOut([HEADINGS, ...cells]).map((line) => `  ${line}`),
    ...row.contenders.flatMap((contender) => describeNotes(contender)).map((line) => `  ${line}`),
    ...row.remarks.map((remark) => `  note: ${remark}`),
    ...row.goals.map((goal) => `  ${describeGoal(goal)}`),
    ...row.absent.map(({ name, reason }) => `  absent: ${name} (${reason})`),
  ];
}

function describeContender({ name, samples }: RowResult['contenders'][number]): string[] {
  const { median, least, most } = spreadOf(samples.map(({ value }) => value));
  const coordinator = samples.map((sample) => sample.coordinator).filter((part) => part !== null);
  const shares = samples.map(({ serviceShare }) => serviceShare).filter((share) => share !== null);
  const counts = samples.map(({ count }) => count).filter((count) => count !== null);
  return [
    name,
    formatFigure(median),
    `${formatFigure(least)} … ${formatFigure(most)}`,
    String(Math.round(spreadOf(samples.map(({ operations }) => operations)).median)),
    coordinator.length === 0 ? '' : formatFigure(spreadOf(coordinator).median),
    shares.length === 0 ? '' : `${Math.round(spreadOf(shares).median * 100)} %`,
    counts.length === 0 ? '' : counts.every(({ ours, service }) => ours === service) ? 'yes' : 'NO',
  ];
}

/** `glidetester: start-up 310 ms, …`; nothing for a contender without notes. */
function describeNotes({ name, samples }: RowResult['contenders'][number]): string[] {
  const notes = Object.keys(samples[0]?.notes ?? {}).map((note) => {
    const values = samples.map((sample) => sample.notes[note]).filter((value) => value !== undefined);
    return `${note} ${formatFigure(spreadOf(values).median)}`;
  });
  return notes.length === 0 ? [] : [`${name}: ${notes.join(', ')}`];
}

export function describeGoal({ text, judged }: RowResult['goals'][number]): string {
  if (judged === null) return `goal: ${text}: not judged, a contender is absent`;
  const { figure, unit, isMet } = judged;
  return `goal: ${text}: ${describeSpread(figure)} ${unit}: ${isMet ? 'met' : 'NOT MET'}`;
}

function describeSpread({ median, least, most }: Spread): string {
  return least === most
    ? formatFigure(median)
    : `${formatFigure(median)} (${formatFigure(least)} … ${formatFigure(most)})`;
}

/** Three digits, or all of a whole number. */
export function formatFigure(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return String(Math.round(value));
  return value.toPrecision(3);
}

/** Columns as wide as their widest text; the first to the left, the others to the right. */
export function layOut(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines.map((line) =>
    line
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[0] as number) : text.padStart(widths[column] as number),
      )
      .join('   ')
      .trimEnd(),
  );
}
