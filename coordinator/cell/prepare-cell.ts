/** Readies pilots that hold enough clients: who they are and where the target is, found out anew, and one last look. */

import type { CellPlan } from '../../agent/protocol.ts';
import { GlideTesterError } from '../../foundation/error.ts';
import { type Credential, shareCredentials } from '../../scenarios/credentials/credential.ts';
import type { ResolvedTarget } from '../../scenarios/scenario.ts';
import {
  type Identities,
  countUsers,
  credentialsOf,
  earliestEndMs,
  explainExpiry,
  neededBy,
} from '../identities/identities.ts';
import { type PilotClock, exchangeClocks } from '../pilots/exchange-clocks.ts';
import { HEARTBEAT_EVERY_MS } from '../pilots/gate.ts';
import type { ReadyPilot } from '../pilots/roster.ts';
import { durationMs, type PlannedCell } from '../plan.ts';
import { resolveTarget } from '../target/target.ts';
import { VERSION } from '../version.ts';
import { type MeasuredTarget, type World, targetOf } from '../world.ts';
import { reachFromSites } from '../target/reach.ts';
import { longestCellMs, longestLoadMs, preparedWithinMs, startSpreadMs } from './cell-limits.ts';
import type { Placement } from './place-clients.ts';

export type AssembledPilot = Placement<ReadyPilot> & { clock: PilotClock };
export type AssembledCell = {
  kind: 'assembled';
  pilots: AssembledPilot[];
  target: ResolvedTarget;
  /** Those that the clients of the cell take turns in. */
  identities: Identities;
  gridMs: number;
};
/** `expiring`: a credential can't be read any more, or would not last for the longest that the cell may take. */
export type Preparation = AssembledCell | { kind: 'expiring'; reason: string };

/** About so many gauge samples a cell at its longest: enough for any chart, small enough for a JSON file. */
const GAUGE_SAMPLES = 3000;
const FINEST_GRID_MS = 10;

/** Grid of the gauges, and with it of the window's edges, for cells with these timings. */
export function gaugeGridMs(longestMs: number): number {
  return Math.max(FINEST_GRID_MS, Math.ceil(longestMs / GAUGE_SAMPLES / FINEST_GRID_MS) * FINEST_GRID_MS);
}

/** What the pilots of one attempt are prepared for. */
type Shared = {
  cell: PlannedCell;
  attempt: number;
  measured: MeasuredTarget;
  target: ResolvedTarget;
  /** The target as the clients of each site reach it. */
  bySite: ReadonlyMap<string, ResolvedTarget>;
  identities: Identities;
  credentials: readonly Credential[];
  gridMs: number;
};

/** Null when a pilot was lost on the way, or the campaign was interrupted: then those that are left must be stood down. */
export async function preparePilots(
  world: World,
  cell: PlannedCell,
  attempt: number,
  placements: Placement<ReadyPilot>[],
): Promise<Preparation | null> {
  const { config, journal } = world;
  const { id } = cell.identity;
  const measured = targetOf(world, cell.identity);
  const target = await resolveTarget(measured.config, measured.handle, VERSION);
  const addresses = target.addresses.map(({ address }) => address);
  await journal.write('target-resolved', { cell: id, attempt, addresses });
  const checked = await checkIdentities(world, measured, placements);
  if ('reason' in checked) {
    await journal.write('credential-expiring', { cell: id, attempt, reason: checked.reason });
    return { kind: 'expiring', reason: checked.reason };
  }
  const { identities } = checked;
  const gridMs = gaugeGridMs(longestLoadMs(config));
  const credentials = credentialsOf(identities);
  const bySite = await reachFromSites(world, measured, target);
  const shared = { cell, attempt, measured, target, bySite, identities, credentials, gridMs };
  const clocks = await seePrepared(world, shared, placements);
  if (clocks === null) return null;
  return {
    kind: 'assembled',
    pilots: placements.map((placement) => ({ ...placement, clock: clocks.get(placement.pilot.id) as PilotClock })),
    target,
    identities,
    gridMs,
  };
}

/** What the clients need of the credentials, as they are now; or why these clients can't be fired with them. */
async function checkIdentities(
  { config, clock }: World,
  target: MeasuredTarget,
  placements: readonly Placement<ReadyPilot>[],
): Promise<{ identities: Identities } | { reason: string }> {
  const clients = placements.reduce((sum, placement) => sum + placement.clients, 0);
  let identities: Identities;
  try {
    identities = neededBy(await target.handle.identities(), clients);
  } catch (thrown) {
    // They could be read when the campaign began: what was measured since is worth an orderly end.
    if (thrown instanceof GlideTesterError && thrown.code.includes('_CREDENTIAL_')) return { reason: thrown.message };
    throw thrown;
  }
  const reason = explainExpiry(identities, clock.unixMs(), longestCellMs(config, target.config, clients));
  return reason === null ? { identities } : { reason };
}

/** Has the pilots prepare; their clocks once all have, null when one is gone. */
async function seePrepared(
  world: World,
  shared: Shared,
  placements: readonly Placement<ReadyPilot>[],
): Promise<Map<string, PilotClock> | null> {
  const { changes, switchboard, journal, clock, interrupt } = world;
  const { attempt, target, identities } = shared;
  const { id } = shared.cell.identity;
  // After a stand-down the same attempt is prepared again: what was said about the first time must not count.
  for (const { pilot } of placements) switchboard.forget(pilot.id, 'prepared');
  for (const placement of placements) {
    placement.pilot.connection.send({ type: 'prepare', plan: planFor(world, shared, placement) });
  }
  const isPrepared = (pilot: ReadyPilot): boolean => {
    const message = switchboard.latest(pilot.id, 'prepared')?.message;
    return message?.cell === id && message.attempt === attempt;
  };
  const most = Math.max(...placements.map(({ clients }) => clients));
  const deadlineMs = clock.nowMs() + preparedWithinMs(target.timeoutsMs, most);
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
  const pilots = placements.map(({ pilot }) => pilot);
  const clocks = await exchangeClocks(world, pilots);
  const isFresh = ({ state, lastHeardMs }: ReadyPilot): boolean =>
    state === 'ready' && clock.nowMs() - lastHeardMs < 2 * HEARTBEAT_EVERY_MS;
  if (!pilots.every((pilot) => isFresh(pilot) && clocks.has(pilot.id))) return null;
  const failures = pilots
    .map((pilot) => switchboard.latest(pilot.id, 'prepared')?.message.failures ?? {})
    .filter((each) => Object.keys(each).length > 0);
  const validUntil = identities.length === 0 ? null : new Date(earliestEndMs(identities)).toISOString();
  await journal.write('cell-prepared', { cell: id, attempt, failures, identities: countUsers(identities), validUntil });
  return clocks;
}

function planFor({ config }: World, shared: Shared, placement: Placement<ReadyPilot>): CellPlan {
  const { cell, attempt, measured, target, bySite, credentials, gridMs } = shared;
  const { pilot, firstClient, clients } = placement;
  const { load } = config;
  const { from, list } = shareCredentials(credentials, firstClient, clients);
  return {
    cell: cell.identity.id,
    attempt,
    firstClient,
    clients,
    level: cell.identity.level,
    scenario: cell.scenario,
    target: bySite.get(pilot.site) ?? target,
    credentials: { from, list: [...list] },
    labelled: measured.config.labelled,
    startSpreadMs: startSpreadMs(config),
    afterFailure: { pauseMs: durationMs(load.afterFailure.pause), growToMs: durationMs(load.afterFailure.growTo) },
    seed: load.seed,
    gaugeEveryMs: gridMs,
  };
}

/** Tells those that are still there that the prepared cell will not be fired. */
export function standDown(placements: readonly Placement<ReadyPilot>[], cell: string, attempt: number): void {
  for (const { pilot } of placements) {
    if (pilot.state === 'ready') pilot.connection.send({ type: 'stand-down', cell, attempt });
  }
}
