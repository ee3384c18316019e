/** A campaign from its config to its report: opens everything, measures cell after cell, closes everything in reverse. */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createChanges } from '../foundation/changes.ts';
import { type Cancel, type Clock, every, machineClock } from '../foundation/clock.ts';
import { readClockIdentity } from '../foundation/clock-identity.ts';
import { messageOf } from '../foundation/error.ts';
import type { CampaignRecord } from '../reports/campaign-record.ts';
import { campaignFile, journalFile } from '../reports/result-directory.ts';
import type { Summary } from '../reports/summary.ts';
import type { CampaignObserver } from './campaign-event.ts';
import type { Config } from './config/schema.ts';
import { openDisk } from './disk.ts';
import { startEmbeddedTarget } from './target/embedded-target.ts';
import { describeEnvironment } from './environment.ts';
import { tryOperations } from './target/first-operation.ts';
import { HEARTBEAT_EVERY_MS, openGate } from './pilots/gate.ts';
import { createJournal } from './journal.ts';
import { createKeeper, type Site } from './pilots/keeper.ts';
import { type CampaignStop, INTERRUPTED, measureOne } from './cell/measure-one.ts';
import { durationMs, expectDuration, planCells, type PlannedCell, shareOf } from './plan.ts';
import { createLocalPool } from './pools/local.ts';
import { createRoster, type Roster } from './pilots/roster.ts';
import { createSwitchboard, type Switchboard } from './pilots/switchboard.ts';
import { resolveTarget, type TargetHandle, urlTarget } from './target/target.ts';
import { VERSION } from './version.ts';
import type { World } from './world.ts';

/** A pilot without a cell for this long leaves by itself: nobody has to clean up after a crashed coordinator. */
const PILOT_IDLE_LIMIT_MS = 15 * 60_000;
const HEARTBEATS_MISSED_AT_MOST = 3;

export type CampaignOptions = {
  config: Config;
  configSource: { path: string; sha256: string };
  /** New and empty. */
  directory: string;
  observe: CampaignObserver;
  /** First Ctrl-C: end the cell in order and stop; second: stop now. */
  interrupt: { drain: AbortSignal; now: AbortSignal };
  /** Any cell that is not ok makes the exit code 99. */
  strict: boolean;
  /** Command lines that start the parts as processes of their own. */
  launch: { pilot: readonly string[]; frontend: readonly string[] };
};

export type CampaignResult = {
  exitCode: number;
  /** Why it ended before its last cell; null: it did not. */
  stopped: string | null;
  summary: Summary;
  report: string;
};

/** @throws GlideTesterError when the campaign can't begin; what was finished before is on disk in any case */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const record = createRecord(options);
  await using opened = new AsyncDisposableStack();
  const world = await openWorld(options, opened);
  const { disk, journal, directory } = world;
  const cells = planCells(options.config);
  await disk.write(campaignFile(directory), toJson(record));
  await journal.write('campaign-started', { name: record.name, campaign: world.campaign, cells: cells.length });
  await journal.write('target-started', { url: world.target.url(), pid: world.target.pid() });
  const left = new Set(cells.map(({ identity }) => identity.id));
  try {
    const stop = await measureAll(world, cells, left);
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
  record: CampaignRecord,
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

function createRecord({ config, configSource }: CampaignOptions): CampaignRecord {
  return {
    version: 1,
    name: config.name,
    startedAt: new Date().toISOString(),
    finishedAt: null,
    config: { ...config, source: configSource } as CampaignRecord['config'],
    environment: describeEnvironment(),
    cells: planCells(config).map(({ identity }) => identity),
    skipped: [],
  };
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Measures the cells in order, up to a stop; those that were measured are taken out of `left`. */
async function measureAll(
  world: World,
  cells: readonly PlannedCell[],
  left: Set<string>,
): Promise<CampaignStop | null> {
  const target = await resolveTarget(world.config, world.target, VERSION);
  announce(
    world,
    cells.length,
    target.addresses.map(({ address }) => address),
  );
  const answerWithinMs = await tryOperations(world, cells, target);
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

function announce({ config, directory, target, observe }: World, cells: number, addresses: string[]): void {
  observe({
    type: 'campaign-started',
    name: config.name,
    directory,
    target: target.url(),
    addresses,
    permissionBy: config.target.kind === 'url' ? (config.target.permission?.by ?? null) : null,
    timeouts: config.target.timeouts,
    cells,
    expectedMs: expectDuration(config, cells),
  });
}

/** Opens disk, target, gate and pools; each is closed again by the stack, in reverse. */
async function openWorld(options: CampaignOptions, opened: AsyncDisposableStack): Promise<World> {
  const { config, directory, observe, interrupt, launch } = options;
  const clock = machineClock;
  const disk = openDisk();
  opened.defer(() => disk.close());
  const logs = join(directory, 'logs');
  await disk.makeFolder(logs);
  const journal = createJournal(journalFile(directory), disk, clock);
  const target = await openTarget(config, launch.frontend, join(logs, 'frontend.log'), clock);
  opened.defer(() => target.stop());

  const changes = createChanges(clock);
  const roster = createRoster(clock, changes);
  const switchboard = createSwitchboard({ roster, journal, changes });
  const campaign = `${config.name}-${randomBytes(4).toString('hex')}`;
  const secret = randomBytes(32).toString('hex');
  const gate = await openGate({ clock, campaign, secret, listen: config.coordinator.listen, listener: switchboard });
  opened.defer(() => gate.close());
  const sites = config.pools.map((pool): Site => {
    const weight = config.spread?.[pool.site];
    return {
      pool: createLocalPool({ pool, command: launch.pilot, logs, clock }),
      weight: config.spread === undefined ? null : weight === undefined ? 0 : shareOf(weight),
      url: pool.reach === undefined ? gate.url : `wss://${pool.reach}`,
    };
  });
  const idleLimitMs = Math.max(PILOT_IDLE_LIMIT_MS, 2 * durationMs(config.barrier.within));
  const joinCommon = { campaign, secret, certificate: gate.certificate, idleLimitMs };
  const keeper = createKeeper({ sites, roster, switchboard, journal, clock, changes, joinCommon });
  opened.defer(async () => {
    keeper.stop();
    roster.dismiss('the campaign is over');
    await Promise.all(sites.map(({ pool }) => pool.release()));
  });
  opened.defer(watchHeartbeats(clock, roster, switchboard));
  const clockIdentity = readClockIdentity();
  return {
    config,
    campaign,
    directory,
    clock,
    clockIdentity,
    disk,
    journal,
    changes,
    roster,
    switchboard,
    keeper,
    target,
    observe,
    interrupt,
  };
}

async function openTarget(
  config: Config,
  frontend: readonly string[],
  log: string,
  clock: Clock,
): Promise<TargetHandle> {
  if (config.target.kind === 'url') return urlTarget(config.target.url);
  return startEmbeddedTarget({ target: config.target, command: frontend, log, clock });
}

/** A link can be dead without having closed: a pilot that is silent for too long is lost. */
function watchHeartbeats(clock: Clock, roster: Roster, switchboard: Switchboard): Cancel {
  const silenceMs = (HEARTBEATS_MISSED_AT_MOST + 1) * HEARTBEAT_EVERY_MS;
  return every(clock, HEARTBEAT_EVERY_MS, () => {
    for (const pilot of roster.silent(silenceMs))
      switchboard.lose(pilot, `nothing was heard of it for ${silenceMs} ms`);
  });
}
