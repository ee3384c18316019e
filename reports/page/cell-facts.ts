/** One cell in words: its name, its figures and what is special about it; as text, for the page and for the script that changes it. */

import { formatDuration } from '../../foundation/quantity.ts';
import { formatTime } from '../charts/format-time.ts';
import { NO_NUMBER, formatCount, formatNumber } from '../format-number.ts';
import type { CellSummary } from '../summary.ts';
import { listNotes } from './cell-notes.ts';

export type CellFacts = {
  title: string;
  /** Name and text. */
  facts: [string, string][];
  notes: string[];
};

/** @param label of its series */
export function describeCell(label: string, cell: CellSummary): CellFacts {
  const { id, level, run, state, firstCohort, serviceTimeMs } = cell;
  const title = `${label}, level ${formatCount(level)}, run ${run}`;
  if (cell.windowMs === null)
    return {
      title,
      facts: [
        ['state', state],
        ['cell', id],
      ],
      notes: listNotes(cell),
    };
  const facts: [string, string][] = [
    ['state', cell.marks.length === 0 ? state : `${state}; ${cell.marks.map(({ code }) => code).join(', ')}`],
    ['rate', `${formatNumber(cell.ratePerS)} Hz (completed in the window: ${formatNumber(cell.rateCompletedPerS)} Hz)`],
    ['clients', describeClients(cell)],
    ['service time', describeTimes(cell)],
    [
      'first cohort',
      `${formatCount(firstCohort.count)} operations, ${formatCount(firstCohort.ok)} ok${
        firstCohort.meanMs === null
          ? ''
          : `, mean ${formatTime(firstCohort.meanMs)}, at most ${formatTime(firstCohort.maxMs ?? 0)}`
      }`,
    ],
    [
      'outcomes',
      `${formatCount(cell.operations.ok)} ok, ${formatCount(cell.operations.failed)} failed, ${formatCount(cell.operations.cut)} cut, from T0 to drained; ${formatCount(serviceTimeMs.count)} ok started in the window`,
    ],
    ['recovery', cell.recoveryMs === null ? NO_NUMBER : formatDuration(cell.recoveryMs)],
    ['cell', id],
  ];
  return { title, facts, notes: listNotes(cell) };
}

/** Fewer are not worth a word. */
const LEAST_CLIENTS = 0.05;

function describeClients({ level, held, inFlight, turning, pausing }: CellSummary): string {
  const rest = [
    [turning, 'turning round'],
    [pausing, 'pausing'],
  ] as const;
  const others = rest.flatMap(([clients, what]) =>
    clients === null || clients < LEAST_CLIENTS ? [] : [`${formatNumber(clients)} ${what}`],
  );
  return [`${formatNumber(inFlight)} in flight`, ...others, `${formatNumber(held)} held of ${formatCount(level)}`].join(
    ', ',
  );
}

function describeTimes({ serviceTimeMs }: CellSummary): string {
  const known = (['p50', 'p90', 'p95', 'p99', 'max'] as const).flatMap((name) => {
    const ms = serviceTimeMs[name];
    return ms === null ? [] : [`${name} ${formatTime(ms)}`];
  });
  return known.length === 0 ? NO_NUMBER : known.join(', ');
}
