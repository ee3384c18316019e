/** Tells several times a second how a cell is doing, from its first pilot to its last operation. */

import { every } from '../../foundation/clock.ts';
import type { CampaignEvent, CellPhase } from '../campaign-event.ts';
import type { World } from '../world.ts';

const TELL_EVERY_MS = 250;

/** What a step of the cell knows of its clients. */
export type ClientProgress = Pick<
  Extract<CampaignEvent, { type: 'progress' }>,
  'heldClients' | 'inFlight' | 'ratePerS' | 'failed' | 'operations'
>;

export type CellProgress = {
  enter(phase: CellPhase, atMostMs: number | null): void;
  /** Tells it now, too. */
  tell(): void;
  stop(): void;
};

/** @param read asked each time that something is told */
export function startProgress(world: World, read: () => ClientProgress): CellProgress {
  const { clock, roster, observe } = world;
  let phaseStartedMs = clock.nowMs();
  let phaseAtMostMs: number | null = null;
  const tell = (): void => {
    observe({
      type: 'progress',
      ...read(),
      readyPilots: roster.ready().length,
      pendingPilots: [...roster.pilots.values()].filter(({ state }) => state === 'asked').length,
      phaseElapsedMs: clock.nowMs() - phaseStartedMs,
      phaseAtMostMs,
    });
  };
  const stop = every(clock, TELL_EVERY_MS, tell);
  return {
    enter(phase, atMostMs) {
      phaseStartedMs = clock.nowMs();
      phaseAtMostMs = atMostMs;
      observe({ type: 'phase', phase });
    },
    tell,
    stop,
  };
}
