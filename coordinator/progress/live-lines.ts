/** The lines about the cell under way: four that are redrawn on a terminal, or one a minute in a log. */

import { formatDuration } from '../../foundation/quantity.ts';
import { identifyCell } from './cell-lines.ts';
import { type CurrentCell, type ProgressState, estimateLeftMs } from './progress-state.ts';
import { cutToColumns, formatCount } from './text.ts';

const INDENT = '    ';
const KEYS = 'Ctrl-C: stop after draining   twice: stop now';

/** The redrawn lines, none longer than `columns`. */
export function describeLive(state: ProgressState, nowMs: number, columns: number): string[] {
  const { current } = state;
  const lines =
    current === null
      ? [describePosition(state, nowMs), KEYS]
      : [
          `${identifyCell(current.position, current.cell)}  ── ${describeDoing(current).join(' ── ')}`,
          ...(current.latest === null ? [] : [`${INDENT}${describePilots(current.latest)}`]),
          `${INDENT}${describePosition(state, nowMs)}`,
          `${INDENT}${KEYS}`,
        ];
  return lines.map((line) => cutToColumns(line, columns));
}

/** The one line for a log. */
export function describeHeartbeat(state: ProgressState, nowMs: number): string {
  const { current } = state;
  const position = describePosition(state, nowMs);
  if (current === null) return position;
  const { directorySize, level, run } = current.cell;
  const pilots = current.latest === null ? [] : [describePilots(current.latest)];
  return [
    position,
    `${directorySize === null ? '' : `${directorySize} files `}level ${level} run ${run}`,
    ...describeDoing(current),
    ...pilots,
  ].join('   ');
}

function describeDoing({ phase, attempt, latest }: CurrentCell): string[] {
  const again = attempt === 1 ? '' : ` (attempt ${attempt})`;
  if (latest === null) return [`${phase}${again}`];
  const atMost = latest.phaseAtMostMs === null ? '' : ` of ${formatDuration(latest.phaseAtMostMs)}`;
  return [
    `${phase}${again} ${formatDuration(latest.phaseElapsedMs)}${atMost}`,
    `${formatCount(latest.heldClients)} held, ${formatCount(latest.inFlight)} in flight`,
    `${formatCount(latest.ratePerS)} Hz`,
    `failed ${formatCount(latest.failed)}`,
  ];
}

function describePilots({ readyPilots, pendingPilots }: NonNullable<CurrentCell['latest']>): string {
  return `pilots ${readyPilots} ready, ${pendingPilots} pending`;
}

function describePosition(state: ProgressState, nowMs: number): string {
  const cell = Math.min(state.finished + 1, state.cells);
  const leftMs = estimateLeftMs(state, nowMs);
  return `cell ${cell}/${state.cells}   ${leftMs === null ? 'time left not known yet' : `left about ${formatDuration(leftMs)}`}`;
}
