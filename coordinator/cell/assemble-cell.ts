/**
 * From a level to clients that are ready to fire.
 *
 * | step | on | next |
 * | --- | --- | --- |
 * | acquiring | every site's pilots can hold its share | preparing |
 * | acquiring | barrier.within has passed | missed, or preparing with fewer (`degrade`) |
 * | preparing | all pilots prepared, and all still there at the last look | assembled |
 * | preparing | a pilot was lost | stand down, acquiring |
 * | any | interrupted | interrupted |
 */

import { formatDuration } from '../../foundation/quantity.ts';
import type { ResolvedTarget } from '../../scenarios/scenario.ts';
import { startProgress } from './cell-progress.ts';
import { type PilotClock, exchangeClocks } from '../pilots/exchange-clocks.ts';
import { HEARTBEAT_EVERY_MS } from '../pilots/gate.ts';
import { type Placement, capShares, placeClients } from './place-clients.ts';
import { durationMs, type PlannedCell, shareOf } from '../plan.ts';
import type { ReadyPilot } from '../pilots/roster.ts';
import { resolveTarget } from '../target/target.ts';
import { VERSION } from '../version.ts';
import type { World } from '../world.ts';

export type AssembledPilot = Placement<ReadyPilot> & { clock: PilotClock };
export type AssembledCell = { kind: 'assembled'; pilots: AssembledPilot[]; target: ResolvedTarget; gridMs: number };
export type Assembly = AssembledCell | { kind: 'missed'; reason: string } | { kind: 'interrupted' };

/** About so many gauge samples a cell at its longest: enough for any chart, small enough for a JSON file. */
const GAUGE_SAMPLES = 3000;
const FINEST_GRID_MS = 10;

/** Grid of the gauges, and with it of the window's edges, for cells with these timings. */
export function gaugeGridMs(longestCellMs: number): number {
  return Math.max(FINEST_GRID_MS, Math.ceil(longestCellMs / GAUGE_SAMPLES / FINEST_GRID_MS) * FINEST_GRID_MS);
}

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

/** Null when a pilot was lost on the way. */
async function preparePilots(
  world: World,
  cell: PlannedCell,
  attempt: number,
  placements: Placement<ReadyPilot>[],
): Promise<AssembledCell | null> {
  const { config, changes, switchboard, journal, clock, interrupt } = world;
  const { id } = cell.identity;
  const target = await resolveTarget(config, world.target, VERSION);
  await journal.write('target-resolved', {
    cell: id,
    attempt,
    addresses: target.addresses.map(({ address }) => address),
  });
  const { warmUp, window, drain } = config.timing;
  // After a stand-down the same attempt is prepared again: what was said about the first time must not count.
  for (const { pilot } of placements) switchboard.forget(pilot.id, 'prepared');
  const gridMs = gaugeGridMs(
    durationMs(warmUp.atMost) + durationMs(window.atMost) + durationMs(drain) + startSpreadMs(world),
  );
  for (const placement of placements) {
    placement.pilot.connection.send({
      type: 'prepare',
      plan: planFor(world, cell, attempt, { placement, target, gridMs }),
    });
  }
  const isPrepared = (pilot: ReadyPilot): boolean => {
    const message = switchboard.latest(pilot.id, 'prepared')?.message;
    return message?.cell === id && message.attempt === attempt;
  };
  // Opening a connection may take as long as its timeout; a pilot that needs longer still is as good as lost.
  const deadlineMs = clock.nowMs() + target.timeoutsMs.connect + target.timeoutsMs.handshake + 10_000;
  const end = await changes.until(() => placements.every(({ pilot }) => pilot.state !== 'ready' || isPrepared(pilot)), {
    deadlineMs,
    signal: interrupt.drain,
  });
  if (end === 'aborted') return null;
  for (const { pilot } of placements) {
    if (pilot.state === 'ready' && !isPrepared(pilot))
      switchboard.lose(pilot.id, 'it did not prepare the cell in time');
  }
  // The last look: heartbeats must be fresh too, since a link can be dead without having closed.
  const clocks = await exchangeClocks(
    world,
    placements.map(({ pilot }) => pilot),
  );
  const isFresh = ({ state, lastHeardMs }: ReadyPilot): boolean =>
    state === 'ready' && clock.nowMs() - lastHeardMs < 2 * HEARTBEAT_EVERY_MS;
  if (!placements.every(({ pilot }) => isFresh(pilot) && clocks.has(pilot.id))) return null;
  const failures = placements.map(({ pilot }) => switchboard.latest(pilot.id, 'prepared')?.message.failures ?? {});
  await journal.write('cell-prepared', {
    cell: id,
    attempt,
    failures: failures.filter((each) => Object.keys(each).length > 0),
  });
  return {
    kind: 'assembled',
    pilots: placements.map((placement) => ({ ...placement, clock: clocks.get(placement.pilot.id) as PilotClock })),
    target,
    gridMs,
  };
}

export function startSpreadMs({ config }: World): number {
  return config.load.start === 'together' ? 0 : durationMs(config.load.start.within);
}

function planFor(
  world: World,
  cell: PlannedCell,
  attempt: number,
  part: { placement: Placement<ReadyPilot>; target: ResolvedTarget; gridMs: number },
) {
  const { load, target: targetConfig } = world.config;
  return {
    cell: cell.identity.id,
    attempt,
    firstClient: part.placement.firstClient,
    clients: part.placement.clients,
    level: cell.identity.level,
    scenario: cell.scenario,
    target: part.target,
    labelled: targetConfig.labelled,
    startSpreadMs: startSpreadMs(world),
    afterFailure: { pauseMs: durationMs(load.afterFailure.pause), growToMs: durationMs(load.afterFailure.growTo) },
    seed: load.seed,
    gaugeEveryMs: part.gridMs,
  };
}

/** Tells those that are still there that the prepared cell will not be fired. */
export function standDown(placements: readonly Placement<ReadyPilot>[], cell: string, attempt: number): void {
  for (const { pilot } of placements) {
    if (pilot.state === 'ready') pilot.connection.send({ type: 'stand-down', cell, attempt });
  }
}
