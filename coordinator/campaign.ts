/** A campaign from its config to its report: opens everything, measures cell after cell, closes everything in reverse. */

import { messageOf } from '../foundation/error.ts';
import type { CampaignRecord } from '../reports/campaign-record.ts';
import { campaignFile } from '../reports/result-directory.ts';
import type { CellSummary, Summary } from '../reports/summary.ts';
import { type CellsSoFar, findCrossed } from './thresholds/after-cell.ts';
import { stopForCrossing } from './thresholds/crossing.ts';
import type { ResolvedTarget, TargetSecurity } from '../scenarios/scenario.ts';
import type { ClientsFacts, TargetFacts } from './campaign-event.ts';
import type { CampaignStop } from './campaign-stop.ts';
import { measureOne } from './cell/measure-one.ts';
import { describeEnvironment } from './environment.ts';
import {
  type Identities,
  type IdentitiesRecord,
  countUsers,
  earliestEndMs,
  firstCredential,
  recordIdentities,
  requireValid,
} from './identities/identities.ts';
import { type WorldOptions, openWorld } from './open-world.ts';
import { expectDuration, planCells, type PlannedCell } from './plan.ts';
import { tryOperations } from './target/first-operation.ts';
import { resolveTarget } from './target/target.ts';
import { VERSION } from './version.ts';
import type { MeasuredTarget, World } from './world.ts';

export type CampaignOptions = WorldOptions & {
  configSource: { path: string; sha256: string };
  /** Any cell that is not ok makes the exit code 99. */
  strict: boolean;
};

export type CampaignResult = {
  exitCode: number;
  /** Why it ended before its last cell; null: it did not. */
  stopped: string | null;
  summary: Summary;
  report: string;
};

/** Who the clients were when the campaign began is kept beside what reports read of it. */
type WrittenRecord = CampaignRecord & { identities: Record<string, IdentitiesRecord> };

/** Who the clients of each target are, by its name. */
type IdentitiesByTarget = ReadonlyMap<string, Identities>;

/** @throws GlideTesterError when the campaign can't begin; what was finished before is on disk in any case */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  await using opened = new AsyncDisposableStack();
  const world = await openWorld(options, opened);
  const identities = await readAllIdentities(world);
  const record = createRecord(options, identities);
  const { disk, journal, directory } = world;
  const cells = planCells(options.config);
  await disk.write(campaignFile(directory), toJson(record));
  await journal.write('campaign-started', { name: record.name, campaign: world.campaign, cells: cells.length });
  for (const { name, handle } of world.targets.values()) {
    await journal.write('target-started', { target: name, url: handle.url(), pid: handle.pid() });
  }
  /** Cells that are not measured; with a reason: that will not be. */
  const left = new Map<string, string | null>(cells.map(({ identity }) => [identity.id, null]));
  try {
    const stop = await measureAll(world, cells, identities, left);
    await writeEnd(world, record, { left, stopped: stop?.reason ?? null });
    const { file, summary } = await renderResults(directory);
    const isMissed =
      // One that could not be measured has not been shown to hold.
      summary.thresholds.some(({ verdict }) => verdict !== 'met') ||
      (options.strict && summary.cells.some(({ state }) => state !== 'ok'));
    const result = { exitCode: stop?.exitCode ?? (isMissed ? 99 : 0), stopped: stop?.reason ?? null };
    await journal.write('campaign-finished', result);
    await journal.settled();
    options.observe({ type: 'campaign-finished', summary, report: file });
    return { ...result, summary, report: file };
  } catch (thrown) {
    // What was finished is worth a report all the same; what went wrong stays the error, whatever becomes of the report.
    await journal.write('campaign-failed', { reason: messageOf(thrown) }).catch(() => {});
    await writeEnd(world, record, { left, stopped: messageOf(thrown) }).catch(() => {});
    if (left.size < cells.length) await renderResults(directory).catch(() => {});
    throw thrown;
  }
}

/** Lets the pilots go and writes down what was not measured, and why. */
async function writeEnd(
  { disk, journal, directory, clock, keeper, roster }: World,
  record: WrittenRecord,
  { left, stopped }: { left: ReadonlyMap<string, string | null>; stopped: string | null },
): Promise<void> {
  keeper.stop();
  roster.dismiss('the campaign is over');
  record.skipped = [...left].map(([id, reason]) => ({ id, reason: reason ?? stopped ?? 'not measured' }));
  for (const { id, reason } of record.skipped) await journal.write('cell-skipped', { cell: id, reason });
  record.finishedAt = new Date(clock.unixMs()).toISOString();
  await disk.write(campaignFile(directory), toJson(record));
}

/** Rendering needs vega, which takes a while to load: not before it is needed. */
async function renderResults(directory: string): Promise<{ file: string; summary: Summary }> {
  const { renderReport } = await import('../reports/render.ts');
  return renderReport(directory);
}

function createRecord({ config, configSource }: CampaignOptions, identities: IdentitiesByTarget): WrittenRecord {
  return {
    version: 1,
    name: config.name,
    startedAt: new Date().toISOString(),
    finishedAt: null,
    config: { ...config, source: configSource } as CampaignRecord['config'],
    environment: describeEnvironment(),
    identities: Object.fromEntries([...identities].map(([name, each]) => [name, recordIdentities(each)])),
    cells: planCells(config).map(({ identity }) => identity),
    skipped: [],
    expect: config.expect ?? null,
    thresholds: config.thresholds,
  };
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** @throws GT_CREDENTIAL_… when a credential can't be used now */
async function readAllIdentities({ targets, clock }: World): Promise<IdentitiesByTarget> {
  const all = new Map<string, Identities>();
  for (const { name, handle } of targets.values()) {
    const identities = await handle.identities();
    requireValid(identities, clock.unixMs());
    all.set(name, identities);
  }
  return all;
}

/** Measures the cells in order, up to a stop; those that were measured are taken out of `left`. */
async function measureAll(
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
