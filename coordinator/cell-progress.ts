/** Tells several times a second how a running cell is doing. */

import { every } from '../foundation/clock.ts';
import type { CellPhase } from './campaign-event.ts';
import type { CellCollector } from './cell-collector.ts';
import type { World } from './world.ts';

const TELL_EVERY_MS = 250;
/** Rate and in-flight are shown over the last second. */
const SPAN_MS = 1000;

export type CellProgress = {
  enter(phase: CellPhase, atMostMs: number | null): void;
  stop(): void;
};

export function startProgress(world: World, collector: CellCollector): CellProgress {
  const { clock, roster, observe } = world;
  let phaseStartedMs = clock.nowMs();
  let phaseAtMostMs: number | null = null;
  const tell = (): void => {
    observe({
      type: 'progress',
      heldClients: collector.knowledge().clients,
      readyPilots: roster.ready().length,
      pendingPilots: [...roster.pilots.values()].filter(({ state }) => state === 'asked').length,
      ...collector.recent(SPAN_MS),
      failed: collector.failed(),
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
    stop,
  };
}
