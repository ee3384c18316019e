/** How the mean service time of a level divides into phases that add up to it. */

import type { CellSummary } from '../summary.ts';
import type { Phase } from './class-colours.ts';

/** Times an operation, in the order in which they pass. */
export const PHASES: readonly Phase[] = ['connect', 'handshake', 'firstByte', 'rest'];

export type PhaseStack = {
  /** Mean service time over the operations of all these runs. */
  meanMs: number;
  /** Of that, each phase: an operation that did not have it (a kept connection) counts with zero. */
  partsMs: Record<Phase, number>;
  /** Operations that opened a connection, 0 … 1. */
  openedShare: number;
  operations: number;
};

/** Phases and means are of whole microseconds an operation: what does not add up by less than this is rounding. */
const SAME_SHARE = 0.02;
const SAME_MS = 0.005;

/**
 * Null where no run tells its phases, or where they do not add up to the service time. `phasesMs` are means over the operations
 * that had the phase. Every success had a first byte and a rest, and those with a connection of their own had connect (and, where
 * there is one, handshake) all together; so the share that opened one is (mean - first byte - rest) / (connect + handshake).
 */
export function stackPhases(cells: readonly CellSummary[]): PhaseStack | null {
  const stacks = cells.map(stackCell).filter((stack) => stack !== null);
  const operations = stacks.reduce((sum, stack) => sum + stack.operations, 0);
  if (operations === 0) return null;
  const pool = (of: (stack: PhaseStack) => number): number =>
    stacks.reduce((sum, stack) => sum + of(stack) * stack.operations, 0) / operations;
  return {
    meanMs: pool(({ meanMs }) => meanMs),
    partsMs: mapPhases((phase) => pool(({ partsMs }) => partsMs[phase])),
    openedShare: pool(({ openedShare }) => openedShare),
    operations,
  };
}

function stackCell({ serviceTimeMs, phasesMs }: CellSummary): PhaseStack | null {
  const { count, mean } = serviceTimeMs;
  const { connect, handshake, firstByte, rest } = phasesMs;
  if (count === 0 || mean === null || firstByte === null || rest === null) return null;
  const opening = mean - firstByte - rest;
  const whole = (connect ?? 0) + (handshake ?? 0);
  const share = whole === 0 ? 0 : Math.min(1, Math.max(0, opening / whole));
  const openedShare = Math.abs(opening - whole) <= SAME_MS ? Math.ceil(share) : share;
  const partsMs = {
    connect: (connect ?? 0) * openedShare,
    handshake: (handshake ?? 0) * openedShare,
    firstByte,
    rest,
  };
  const sum = PHASES.reduce((total, phase) => total + partsMs[phase], 0);
  if (Math.abs(sum - mean) > SAME_SHARE * mean + SAME_MS) return null;
  return { meanMs: mean, partsMs, openedShare, operations: count };
}

function mapPhases(of: (phase: Phase) => number): Record<Phase, number> {
  return { connect: of('connect'), handshake: of('handshake'), firstByte: of('firstByte'), rest: of('rest') };
}
