/**
 * From a level to clients that are ready to fire.
 *
 * | step | on | next |
 * | --- | --- | --- |
 * | acquiring | every site's pilots can hold its share | preparing |
 * | acquiring | barrier.within has passed | missed, or preparing with fewer (`degrade`) |
 * | preparing | all pilots prepared, and all still there at the last look | assembled |
 * | preparing | a credential would not last, or can't be read | expiring |
 * | preparing | a pilot was lost | stand down, acquiring |
 * | any | interrupted | interrupted |
 */

import { formatDuration } from '../../foundation/quantity.ts';
import { startProgress } from './cell-progress.ts';
import { type Placement, capShares, placeClients } from './place-clients.ts';
import { type Preparation, preparePilots, standDown } from './prepare-cell.ts';
import { durationMs, type PlannedCell, shareOf } from '../plan.ts';
import type { ReadyPilot } from '../pilots/roster.ts';
import type { World } from '../world.ts';

export type Assembly = Preparation | { kind: 'missed'; reason: string } | { kind: 'interrupted' };

export async function assembleCell(world: World, cell: PlannedCell, attempt: number): Promise<Assembly> {
  const { config, clock, roster, keeper, journal, interrupt } = world;
  const { level, id } = cell.identity;
  const withinMs = durationMs(config.barrier.within);
  const startedMs = clock.nowMs();
  const deadlineMs = startedMs + withinMs;
  keeper.need(level, shareOf(config.barrier.spare));
  const progress = startProgress(world, () => ({
    heldClients: Math.min(level, roster.slots('ready')),
    inFlight: 0,
    ratePerS: 0,
    failed: 0,
    operations: {},
  }));
  try {
    for (;;) {
      progress.enter('acquiring', withinMs);
      const placements = await awaitSlots(world, level, deadlineMs);
      if (interrupt.drain.aborted) return { kind: 'interrupted' };
      const waitedMs = clock.nowMs() - startedMs;
      if (placements === null) {
        const reason = explainMiss(world, level, waitedMs);
        await journal.write('barrier-missed', { cell: id, attempt, reason });
        return { kind: 'missed', reason };
      }
      await journal.write('barrier-reached', {
        cell: id,
        attempt,
        waitedMs,
        pilots: placements.map(describePlacement),
      });
      progress.enter('preparing', null);
      const prepared = await preparePilots(world, cell, attempt, placements);
      if (prepared?.kind === 'expiring') return prepared;
      if (prepared !== null && !interrupt.drain.aborted) return prepared;
      standDown(placements, id, attempt);
      if (interrupt.drain.aborted) return { kind: 'interrupted' };
      await journal.write('cell-rechecked', {
        cell: id,
        attempt,
        result: 'a pilot was lost before the shot: the barrier is raised again',
      });
    }
  } finally {
    progress.stop();
  }
}

/** Null when the slots did not come in time, or can't come any more, and are too few for `degrade` too. */
async function awaitSlots(world: World, level: number, deadlineMs: number): Promise<Placement<ReadyPilot>[] | null> {
  const { clock, changes, keeper, interrupt } = world;
  let placements: Placement<ReadyPilot>[] | null = null;
  if (clock.nowMs() < deadlineMs) {
    const isDecided = (): boolean => (placements = placeLevel(world, level)) !== null || keeper.hasGivenUp();
    await changes.until(isDecided, { deadlineMs, signal: interrupt.drain });
  }
  return placements ?? placeFewer(world, level);
}

function describePlacement({ pilot, firstClient, clients }: Placement<ReadyPilot>) {
  return { pilot: pilot.id, firstClient, clients };
}

function placeLevel({ keeper, roster }: World, level: number): Placement<ReadyPilot>[] | null {
  const shares = keeper.shareOverSites(level);
  return sumOf(shares) < level ? null : placeClients(shares, roster.ready());
}

/** Under `degrade`: with what is there, if that is enough. */
function placeFewer(world: World, level: number): Placement<ReadyPilot>[] | null {
  const { otherwise, atLeast } = world.config.barrier;
  if (otherwise !== 'degrade') return null;
  const ready = world.roster.ready();
  const shares = capShares(world.keeper.shareOverSites(level), ready);
  const clients = sumOf(shares);
  return clients === 0 || clients < level * shareOf(atLeast) ? null : placeClients(shares, ready);
}

function sumOf(shares: ReadonlyMap<string, number>): number {
  return [...shares.values()].reduce((sum, share) => sum + share, 0);
}

function explainMiss({ config, roster, keeper }: World, level: number, waitedMs: number): string {
  const troubles = keeper.troubles();
  return (
    `barrier: ${level} slots were not ready after ${formatDuration(waitedMs)} of ${config.barrier.within}; ready ${roster.slots('ready')}, ` +
    `asked for ${roster.slots('asked')}${troubles === null ? '' : `; ${troubles}`}`
  );
}
