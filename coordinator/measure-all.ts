/** The cells of a campaign, one after the other: targets are tried and told first, and a cell may end the rest or a target's. */

import type { CellSummary } from '../reports/summary.ts';
import { type CellsSoFar, findCrossed } from './thresholds/after-cell.ts';
import { stopForCrossing } from './thresholds/crossing.ts';
import type { ResolvedTarget, TargetSecurity } from '../scenarios/scenario.ts';
import type { ClientsFacts, TargetFacts } from './campaign-event.ts';
import type { CampaignStop } from './campaign-stop.ts';
import { measureOne } from './cell/measure-one.ts';
import { type Identities, countUsers, earliestEndMs, firstCredential } from './identities/identities.ts';
import { expectDuration, type PlannedCell } from './plan.ts';
import { tryOperations } from './target/first-operation.ts';
import { resolveTarget } from './target/target.ts';
import { VERSION } from './version.ts';
import type { MeasuredTarget, World } from './world.ts';

/** Who the clients of each target are, by its name. */
export type IdentitiesByTarget = ReadonlyMap<string, Identities>;

/** Measures the cells in order, up to a stop; those that were measured are taken out of `left`. */
export async function measureAll(
  world: World,
  cells: readonly PlannedCell[],
  identities: IdentitiesByTarget,
  left: Map<string, string | null>,
): Promise<CampaignStop | null> {
  const targets = await Promise.all(
    [...world.targets.values()].map(async (measured) => ({
      measured,
      target: await resolveTarget(measured.config, measured.handle, VERSION),
      identities: identities.get(measured.name) ?? [],
    })),
  );
  announce(world, cells.length, targets);
  const answerWithinMs = new Map<string, ReadonlyMap<number | null, number>>();
  for (const { measured, target, identities: own } of targets) {
    const ownCells = cells.filter(({ identity }) => identity.target === measured.name);
    const first = { measured, target, credential: firstCredential(own) };
    answerWithinMs.set(measured.name, await tryOperations(world, ownCells, first));
  }
  if (world.interrupt.drain.aborted) return world.interrupt.stop();
  const measured: CellSummary[] = [];
  for (const [position, cell] of cells.entries()) {
    const { id, directorySize, target } = cell.identity;
    if (left.get(id) !== null) continue;
    const withinMs = answerWithinMs.get(target)?.get(directorySize) as number;
    const result = await measureOne(world, cell, position + 1, withinMs);
    if (result.kind === 'measured') left.delete(id);
    if (result.kind === 'measured' && result.dropTarget !== null) dropCells(cells, target, left, result.dropTarget);
    if (result.kind === 'measured') measured.push(result.summary);
    const stop = result.stop ?? (await stopAfterCell(world, cell, { measured, left: leftOf(cells, left) }));
    if (stop === null) continue;
    await world.journal.write('campaign-interrupted', { after: id, reason: stop.reason });
    return stop;
  }
  return null;
}

/** The cells of the target that are left will not be measured, for this reason. */
function dropCells(
  cells: readonly PlannedCell[],
  target: string,
  left: Map<string, string | null>,
  reason: string,
): void {
  for (const { identity } of cells) {
    if (identity.target === target && left.has(identity.id)) left.set(identity.id, reason);
  }
}

type ReadyTarget = { measured: MeasuredTarget; target: ResolvedTarget; identities: Identities };

function announce(world: World, cells: number, targets: readonly ReadyTarget[]): void {
  const { config, clock, directory, observe } = world;
  observe({
    type: 'campaign-started',
    name: config.name,
    directory,
    targets: targets.map((each) => describeTarget(each, clock.unixMs())),
    cells,
    expectedMs: expectDuration(config, cells),
  });
}

function describeTarget({ measured, target, identities }: ReadyTarget, unixMs: number): TargetFacts {
  const { name, config, handle } = measured;
  return {
    name,
    url: handle.url(),
    addresses: target.addresses.map(({ address }) => address),
    clients: target.security === null ? null : describeClients(target.security, identities, unixMs),
    permissionBy: config.kind === 'url' ? (config.permission?.by ?? null) : null,
    timeouts: config.timeouts,
  };
}

function describeClients(security: TargetSecurity, identities: Identities, unixMs: number): ClientsFacts {
  const { gsi, trusted, lowestVersion, highestVersion } = security;
  return {
    users: countUsers(identities),
    validForMs: earliestEndMs(identities) - unixMs,
    gsi,
    authorities: trusted.length,
    tlsVersions: [...new Set([lowestVersion, highestVersion])],
  };
}

function leftOf(cells: readonly PlannedCell[], left: ReadonlyMap<string, string | null>) {
  return cells.map(({ identity }) => identity).filter(({ id }) => left.get(id) === null);
}

async function stopAfterCell(
  { config, journal }: World,
  { identity }: PlannedCell,
  soFar: CellsSoFar,
): Promise<CampaignStop | null> {
  const crossing = findCrossed(config.thresholds, soFar);
  if (crossing === null) return null;
  await journal.write('threshold-crossed', { cell: identity.id, ...crossing });
  return stopForCrossing(crossing, identity.id);
}
