/** A campaign from its config to its report: opens everything, measures cell after cell, closes everything in reverse. */

import { messageOf } from '../foundation/error.ts';
import type { CampaignRecord } from '../reports/campaign-record.ts';
import { campaignFile } from '../reports/result-directory.ts';
import type { Summary } from '../reports/summary.ts';
import type { ResolvedTarget, TargetSecurity } from '../scenarios/scenario.ts';
import type { ClientsFacts } from './campaign-event.ts';
import { type CampaignStop, INTERRUPTED, measureOne } from './cell/measure-one.ts';
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
import type { World } from './world.ts';

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
type WrittenRecord = CampaignRecord & { identities: IdentitiesRecord };

/** @throws GlideTesterError when the campaign can't begin; what was finished before is on disk in any case */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  await using opened = new AsyncDisposableStack();
  const world = await openWorld(options, opened);
  const identities = await world.target.identities();
  requireValid(identities, world.clock.unixMs());
  const record = createRecord(options, identities);
  const { disk, journal, directory } = world;
  const cells = planCells(options.config);
  await disk.write(campaignFile(directory), toJson(record));
  await journal.write('campaign-started', { name: record.name, campaign: world.campaign, cells: cells.length });
  await journal.write('target-started', { url: world.target.url(), pid: world.target.pid() });
  const left = new Set(cells.map(({ identity }) => identity.id));
  try {
    const stop = await measureAll(world, cells, identities, left);
    await writeEnd(world, record, { left, stopped: stop?.reason ?? null });
    const { file, summary } = await renderResults(directory);
    const isMissed = options.strict && summary.cells.some(({ state }) => state !== 'ok');
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
  { left, stopped }: { left: ReadonlySet<string>; stopped: string | null },
): Promise<void> {
  keeper.stop();
  roster.dismiss('the campaign is over');
  for (const cell of left) await journal.write('cell-skipped', { cell, reason: stopped });
  record.skipped = [...left].map((id) => ({ id, reason: stopped ?? 'not measured' }));
  record.finishedAt = new Date(clock.unixMs()).toISOString();
  await disk.write(campaignFile(directory), toJson(record));
}

/** Rendering needs vega, which takes a while to load: not before it is needed. */
async function renderResults(directory: string): Promise<{ file: string; summary: Summary }> {
  const { renderReport } = await import('../reports/render.ts');
  return renderReport(directory);
}

function createRecord({ config, configSource }: CampaignOptions, identities: Identities): WrittenRecord {
  return {
    version: 1,
    name: config.name,
    startedAt: new Date().toISOString(),
    finishedAt: null,
    config: { ...config, source: configSource } as CampaignRecord['config'],
    environment: describeEnvironment(),
    identities: recordIdentities(identities),
    cells: planCells(config).map(({ identity }) => identity),
    skipped: [],
    expect: config.expect ?? null,
    thresholds: config.thresholds,
  };
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Measures the cells in order, up to a stop; those that were measured are taken out of `left`. */
async function measureAll(
  world: World,
  cells: readonly PlannedCell[],
  identities: Identities,
  left: Set<string>,
): Promise<CampaignStop | null> {
  const target = await resolveTarget(world.config, world.target, VERSION);
  announce(world, cells.length, target, identities);
  const answerWithinMs = await tryOperations(world, cells, { target, credential: firstCredential(identities) });
  if (world.interrupt.drain.aborted) return INTERRUPTED;
  for (const [position, cell] of cells.entries()) {
    const { id, directorySize } = cell.identity;
    const result = await measureOne(world, cell, position + 1, answerWithinMs.get(directorySize) as number);
    if (result.kind === 'measured') left.delete(id);
    if (result.stop === null) continue;
    await world.journal.write('campaign-interrupted', { after: id, reason: result.stop.reason });
    return result.stop;
  }
  return null;
}

function announce(world: World, cells: number, resolved: ResolvedTarget, identities: Identities): void {
  const { config, clock, directory, target, observe } = world;
  observe({
    type: 'campaign-started',
    name: config.name,
    directory,
    target: target.url(),
    addresses: resolved.addresses.map(({ address }) => address),
    clients: resolved.security === null ? null : describeClients(resolved.security, identities, clock.unixMs()),
    permissionBy: config.target.kind === 'url' ? (config.target.permission?.by ?? null) : null,
    timeouts: config.target.timeouts,
    cells,
    expectedMs: expectDuration(config, cells),
  });
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
