/** What the terminal knows of a campaign: the events so far, folded into one value. */

import type { CellIdentity } from '../../reports/evidence.ts';
import type { CampaignEvent, CellPhase } from '../campaign-event.ts';

type EventOf<Type extends CampaignEvent['type']> = Extract<CampaignEvent, { type: Type }>;

/** The cell under way. */
export type CurrentCell = {
  position: number;
  cell: CellIdentity;
  attempt: number;
  phase: CellPhase;
  /** On the clock of the observer; of the first attempt. */
  startedAtMs: number;
  latest: EventOf<'progress'> | null;
};

export type ProgressState = {
  /** How many cells are planned. */
  cells: number;
  /** Cells that are over, whatever their state. */
  finished: number;
  /** Cells that were measured, and how long they took together. */
  measured: number;
  measuredMs: number;
  current: CurrentCell | null;
};

export const INITIAL_STATE: ProgressState = { cells: 0, finished: 0, measured: 0, measuredMs: 0, current: null };

/** The state after an event that came at `nowMs`. */
export function advance(state: ProgressState, event: CampaignEvent, nowMs: number): ProgressState {
  switch (event.type) {
    case 'campaign-started':
      return { ...INITIAL_STATE, cells: event.cells };
    case 'cell-started':
      return { ...state, current: startCell(state.current, event, nowMs) };
    case 'phase':
      return state.current === null
        ? state
        : { ...state, current: { ...state.current, phase: event.phase, latest: null } };
    case 'progress':
      return state.current === null ? state : { ...state, current: { ...state.current, latest: event } };
    case 'cell-finished':
      return finishCell(state, nowMs);
    case 'campaign-finished':
      return { ...state, current: null };
    case 'telemetry-started':
    case 'operation-tried':
    case 'warning':
      break;
  }
  return state;
}

/**
 * Milliseconds until the campaign's end if the cells to come take as long as the mean of those measured; null before the
 * first one is measured.
 */
export function estimateLeftMs(
  { cells, finished, measured, measuredMs, current }: ProgressState,
  nowMs: number,
): number | null {
  if (measured === 0) return null;
  const meanMs = measuredMs / measured;
  if (current === null) return meanMs * (cells - finished);
  const currentLeftMs = Math.max(0, meanMs - (nowMs - current.startedAtMs));
  return currentLeftMs + meanMs * Math.max(0, cells - finished - 1);
}

function startCell(before: CurrentCell | null, event: EventOf<'cell-started'>, nowMs: number): CurrentCell {
  const { position, cell, attempt } = event;
  const startedAtMs = before?.cell.id === cell.id ? before.startedAtMs : nowMs;
  return { position, cell, attempt, phase: 'acquiring', startedAtMs, latest: null };
}

/** A cell that ends without having started was skipped: it says nothing about how long cells take. */
function finishCell(state: ProgressState, nowMs: number): ProgressState {
  const { current } = state;
  const finished = state.finished + 1;
  if (current === null) return { ...state, finished };
  return {
    ...state,
    finished,
    measured: state.measured + 1,
    measuredMs: state.measuredMs + nowMs - current.startedAtMs,
    current: null,
  };
}
