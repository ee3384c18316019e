/**
 * When the window of a cell opens and closes, by content and not by the watch: one pure rule over what is known so far.
 * It looks back: the load stays on, so an edge may be set to an instant that has passed.
 */

import type { CellWindow } from '../../reports/evidence.ts';

export type WindowLimits = {
  warmUpAtLeastMs: number;
  warmUpAtMostMs: number;
  windowAtLeastMs: number;
  windowAtMostMs: number;
  operationsPerClient: number;
};

/** What is known of a running cell. Times in ms since T0. */
export type CellKnowledge = {
  /** Everything up to this instant has arrived from every pilot that is alive. */
  horizonMs: number;
  /** Clients of pilots that are alive. */
  clients: number;
  /** When the last of those clients ended its first operation; null while one has not. */
  everyClientEndedMs: number | null;
  /** Operations that ended in (fromMs, toMs]; both on the grid. */
  endedBetween(fromMs: number, toMs: number): number;
  /** Grid of the gauges: edges lie on it, so that the gauges know them exactly. */
  gridMs: number;
};

export type WindowOpening = Pick<CellWindow, 'openMs' | 'openedBy'>;
export type WindowClosing = Pick<CellWindow, 'closeMs' | 'closedBy'>;

/** Where the window opens, or null while that can't be known. */
export function decideOpening(known: CellKnowledge, limits: WindowLimits): WindowOpening | null {
  const limitMs = onGrid(limits.warmUpAtMostMs, known.gridMs);
  if (known.everyClientEndedMs !== null) {
    const openMs = onGrid(Math.max(limits.warmUpAtLeastMs, known.everyClientEndedMs), known.gridMs);
    if (openMs <= limitMs) return known.horizonMs >= openMs ? { openMs, openedBy: 'every-client-ended-one' } : null;
  }
  return known.horizonMs >= limitMs ? { openMs: limitMs, openedBy: 'warm-up-limit' } : null;
}

/** Where the window closes: the first grid point with enough time and enough operations, or the longest window. */
export function decideClosing(known: CellKnowledge, limits: WindowLimits, openMs: number): WindowClosing | null {
  const { gridMs } = known;
  const longestMs = openMs + onGrid(limits.windowAtMostMs, gridMs);
  const enough = limits.operationsPerClient * Math.max(1, known.clients);
  const latestMs = Math.min(known.horizonMs, longestMs);
  for (let closeMs = openMs + onGrid(limits.windowAtLeastMs, gridMs); closeMs <= latestMs; closeMs += gridMs) {
    if (known.endedBetween(openMs, closeMs) >= enough) return { closeMs, closedBy: 'content' };
  }
  return known.horizonMs >= longestMs ? { closeMs: longestMs, closedBy: 'at-most' } : null;
}

/** The first grid point at or after an instant; a hair before a point counts as on it. Never -0, which is no instant in JSON. */
function onGrid(instantMs: number, gridMs: number): number {
  return Math.max(0, Math.ceil(instantMs / gridMs - 1e-9)) * gridMs;
}
