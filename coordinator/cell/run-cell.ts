/**
 * One cell from T0 to its last row.
 *
 * | step | on | next |
 * | --- | --- | --- |
 * | the last look | a pilot is gone | not fired |
 * | the last look | all there | fired |
 * | fired | the window rule opens | window |
 * | window | the window rule closes | draining (the load stays on) |
 * | draining | every pilot drained, or the drain limit has passed | finishing |
 * | fired, window | Ctrl-C | finishing, the cell is given up |
 * | fired, window, draining | no pilot is left | stored, with a failure |
 * | finishing | every pilot said cell-done, or its time is over (lost) | stored |
 * | any | second Ctrl-C | given up |
 */

import type { CellEvidence, CellWindow } from '../../reports/evidence.ts';
import type { AssembledCell, AssembledPilot } from './prepare-cell.ts';
import { standDown } from './prepare-cell.ts';
import { CELL_DONE_WITHIN_MS, LEAD_MS, LEAD_ROUND_TRIPS, SHIPPING_SLACK_MS, startSpreadMs } from './cell-limits.ts';
import { type CellCollector, createCellCollector } from './cell-collector.ts';
import { assembleEvidence } from './cell-evidence.ts';
import type { RowsFile } from '../disk.ts';
import { exchangeClocks } from '../pilots/exchange-clocks.ts';
import { durationMs, type PlannedCell } from '../plan.ts';
import { type CellProgress, startProgress } from './cell-progress.ts';
import { decideClosing, decideOpening, type WindowLimits } from './window.ts';
import { type CellGuard, guardCell } from '../thresholds/guard-cell.ts';
import type { World } from '../world.ts';

/** Rate and clients in flight are shown over the last second. */
const PROGRESS_SPAN_MS = 1000;

export type CellEnd =
  /** `closedMs`: when the last pilot had closed its client sockets, on the clock. */
  | { kind: 'measured'; evidence: CellEvidence; collector: CellCollector; closedMs: number }
  | { kind: 'not-fired' }
  | { kind: 'interrupted' };

/** A cell whose clients only wait for T0. */
export type ReadyCell = { cell: PlannedCell; attempt: number; assembled: AssembledCell };

/** Everything that the steps of one cell share. */
type Shot = ReadyCell & {
  world: World;
  collector: CellCollector;
  guard: CellGuard;
  progress: CellProgress;
  t0Ms: number;
  limits: WindowLimits;
  drainMs: number;
  /** Moment of each loss, relative to T0. */
  lostAtMs: Map<string, number>;
};

/** Fires the assembled cell and sees it through; rows go to `rows`, which is closed in any case. */
export async function runCell(world: World, { cell, attempt, assembled }: ReadyCell, rows: RowsFile): Promise<CellEnd> {
  if (assembled.pilots.some(({ pilot }) => pilot.state !== 'ready')) {
    standDown(assembled.pilots, cell.identity.id, attempt);
    await rows.close();
    return { kind: 'not-fired' };
  }
  const shares = assembled.pilots.map(({ pilot, firstClient, clients }) => ({ pilot: pilot.id, firstClient, clients }));
  const collector = createCellCollector(shares, assembled.gridMs, rows);
  const guard = guardCell(world, { cell: cell.identity, attempt, gridMs: assembled.gridMs });
  world.switchboard.takeRows(cell.identity.id, attempt, (pilot, frame, written) => {
    const held = collector.take(pilot, frame, written);
    guard.count(frame.block);
    return held;
  });
  const progress = startProgress(world, () => ({
    heldClients: collector.knowledge().clients,
    failed: collector.failed(),
    operations: collector.operations(),
    ...collector.recent(PROGRESS_SPAN_MS),
  }));
  try {
    const shot = await fire({ world, cell, attempt, assembled, collector, guard, progress });
    const window = await seeWindow(shot);
    const isGivenUp = window === null && world.interrupt.drain.aborted;
    // The limit counts from here, not from the window's close: that lies as far back as rows take to arrive.
    const drainUntilMs = world.clock.nowMs() + shot.drainMs;
    const drainedMs = window === null ? null : await drain(shot, window, drainUntilMs);
    await finish(shot, drainUntilMs);
    const closedMs = world.clock.nowMs();
    await collector.settled();
    if (isGivenUp || world.interrupt.now.aborted) return { kind: 'interrupted' };
    const living = assembled.pilots.filter(({ pilot }) => !shot.lostAtMs.has(pilot.id));
    const clocksAfter = await exchangeClocks(
      world,
      living.map(({ pilot }) => pilot),
    );
    const evidence = assembleEvidence({ ...shot, window, drainedMs, clocksAfter });
    return { kind: 'measured', evidence, collector, closedMs };
  } finally {
    world.switchboard.stopRows();
    // No row comes after this, whether the cell is kept or given up.
    progress.tell();
    progress.stop();
    await rows.close();
  }
}

async function fire(parts: Omit<Shot, 't0Ms' | 'limits' | 'drainMs' | 'lostAtMs'>): Promise<Shot> {
  const { world, cell, attempt, assembled } = parts;
  const { clock, journal, config } = world;
  const slowestMs = Math.max(...assembled.pilots.map((pilot) => pilot.clock.roundTripMs));
  const t0Ms = clock.nowMs() + LEAD_MS + LEAD_ROUND_TRIPS * slowestMs;
  for (const { pilot, clock: tied } of assembled.pilots) {
    pilot.connection.send({ type: 'fire', cell: cell.identity.id, attempt, t0Ms: t0Ms + tied.offset.offsetMs });
  }
  for (const { pilot, clock: tied } of assembled.pilots) {
    void journal.write('clock-tied', {
      cell: cell.identity.id,
      attempt,
      pilot: pilot.id,
      method: tied.method,
      ...tied.offset,
    });
  }
  await journal.write('cell-fired', { cell: cell.identity.id, attempt, t0Ms, clients: clientsOf(assembled.pilots) });
  const { warmUp, window } = config.timing;
  parts.progress.enter('warm-up', durationMs(warmUp.atMost));
  return {
    ...parts,
    t0Ms,
    limits: {
      warmUpAtLeastMs: durationMs(warmUp.atLeast),
      // A spread start has not even begun for its last clients before the spread is over.
      warmUpAtMostMs: durationMs(warmUp.atMost) + startSpreadMs(config),
      windowAtLeastMs: durationMs(window.atLeast),
      windowAtMostMs: durationMs(window.atMost),
      operationsPerClient: window.operationsPerClient,
    },
    drainMs: durationMs(config.timing.drain),
    lostAtMs: new Map(),
  };
}

function clientsOf(pilots: readonly AssembledPilot[]): number {
  return pilots.reduce((sum, { clients }) => sum + clients, 0);
}

/** The pilots that are still there; a loss is noted at the first look after it. */
function livingPilots({ world, assembled, collector, t0Ms, lostAtMs }: Shot): AssembledPilot[] {
  return assembled.pilots.filter(({ pilot }) => {
    if (pilot.state === 'ready') return true;
    if (!lostAtMs.has(pilot.id)) {
      lostAtMs.set(pilot.id, (pilot.lostAtMs ?? world.clock.nowMs()) - t0Ms);
      collector.lose(pilot.id);
    }
    return false;
  });
}

/** Waits for the window; null when it did not come about: interrupted, or no pilot is left. */
async function seeWindow(shot: Shot): Promise<CellWindow | null> {
  const { world, cell, attempt, collector, limits, t0Ms, progress } = shot;
  const { changes, journal, interrupt } = world;
  const reference = { cell: cell.identity.id, attempt };
  // Without pilots there is nothing to wait for, and without a disk nothing to wait with.
  const isOver = (): boolean => livingPilots(shot).length === 0 || collector.isBroken();

  let opening = decideOpening(collector.knowledge(), limits);
  const openingEnd = await changes.until(
    () => isOver() || (opening = decideOpening(collector.knowledge(), limits)) !== null,
    {
      deadlineMs: t0Ms + limits.warmUpAtMostMs + SHIPPING_SLACK_MS,
      signal: interrupt.drain,
    },
  );
  if (openingEnd === 'aborted' || isOver()) return null;
  // No knowledge in time (pilots are alive but ship nothing): the watch decides.
  const opened = opening ?? {
    openMs: Math.ceil(limits.warmUpAtMostMs / shot.assembled.gridMs) * shot.assembled.gridMs,
    openedBy: 'warm-up-limit' as const,
  };
  await journal.write('window-opened', { ...reference, ...opened });
  shot.guard.opened(opened.openMs);
  progress.enter('window', limits.windowAtMostMs);

  let closing = decideClosing(collector.knowledge(), limits, opened.openMs);
  const closingEnd = await changes.until(
    () => isOver() || (closing = decideClosing(collector.knowledge(), limits, opened.openMs)) !== null,
    { deadlineMs: t0Ms + opened.openMs + limits.windowAtMostMs + SHIPPING_SLACK_MS, signal: interrupt.drain },
  );
  if (closingEnd === 'aborted' || isOver() || closing === null) return null;
  await journal.write('window-closed', { ...reference, ...closing });
  shot.guard.closed(closing.closeMs);
  return { ...opened, ...closing };
}

/** Keeps the load on until the operations that touch the window have ended; null when the drain limit came first. */
async function drain(shot: Shot, { closeMs }: CellWindow, drainUntilMs: number): Promise<number | null> {
  const { world, t0Ms, drainMs, progress } = shot;
  const { changes, journal, interrupt, clock } = world;
  progress.enter('drain', drainMs);
  for (const { pilot } of livingPilots(shot)) {
    pilot.connection.send({ type: 'drain', ...referenceOf(shot), windowCloseMs: closeMs });
  }
  const end = await changes.until(() => shot.collector.isBroken() || haveAllSaid(shot, 'drained'), {
    deadlineMs: drainUntilMs,
    signal: interrupt.now,
  });
  const isDeserted = livingPilots(shot).length === 0;
  const drainedMs = end === 'met' && !isDeserted ? clock.nowMs() - t0Ms : null;
  await journal.write('cell-drained', { ...referenceOf(shot), drainedMs });
  return drainedMs;
}

/** Ends the load: what is under way may end within what is left of the drain limit, the rest is cut. */
async function finish(shot: Shot, drainUntilMs: number): Promise<void> {
  const { changes, switchboard, interrupt, clock } = shot.world;
  const isHurried = interrupt.now.aborted || shot.collector.isBroken();
  const graceMs = isHurried ? 0 : Math.max(0, drainUntilMs - clock.nowMs());
  for (const { pilot } of livingPilots(shot)) pilot.connection.send({ type: 'finish', ...referenceOf(shot), graceMs });
  await changes.until(() => haveAllSaid(shot, 'cell-done'), {
    deadlineMs: clock.nowMs() + graceMs + CELL_DONE_WITHIN_MS,
    signal: interrupt.now,
  });
  for (const { pilot } of livingPilots(shot)) {
    if (interrupt.now.aborted || hasSaid(shot, pilot.id, 'cell-done')) continue;
    switchboard.lose(pilot.id, 'it did not end the cell in time');
  }
  livingPilots(shot); // notes the losses of this step too
}

function referenceOf({ cell, attempt }: ReadyCell): { cell: string; attempt: number } {
  return { cell: cell.identity.id, attempt };
}

function hasSaid(shot: Shot, pilot: string, type: 'drained' | 'cell-done'): boolean {
  const message = shot.world.switchboard.latest(pilot, type)?.message;
  return message?.cell === shot.cell.identity.id && message.attempt === shot.attempt;
}

function haveAllSaid(shot: Shot, type: 'drained' | 'cell-done'): boolean {
  return livingPilots(shot).every(({ pilot }) => hasSaid(shot, pilot.id, type));
}
